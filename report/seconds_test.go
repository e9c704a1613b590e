package report_test

import (
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// secondsSuite has a program that takes a second for a run, and another that takes 100.
const secondsSuite = `schema = 1
name = "seconds"
[run]
seeds = 2
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[trainer.slow]
command = ["slow"]
version = "1"
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "slow"]
`

// Where every run reaches the threshold, times are their mean, and a fast program does not
// cut those of a slow one. A fast run that does not reach it does, and the table says so.
func TestSecondsOfUnequalPrograms(t *testing.T) {
	threshold := 0.5
	spec := suites.Table{Rows: []string{"objective"}, Columns: []string{"trainer"}, Metric: suites.Metric{Default: "l1"}, Stat: "seconds-to", Threshold: &threshold}
	for _, c := range []struct {
		name      string
		last      float64 // of the fast program's second run
		own, slow float64 // means
		cut       float64
	}{
		// The first run of each reaches it after half of its time, the second at the end.
		{"all reach it", 0.4, 0.75, 75, 0},
		{"one does not", 0.6, 0.75, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := reporttest.Load(t, secondsSuite, func(cell *suites.Cell, r *results.Run) {
				r.Timing.Wall = 1
				curve := []float64{2, 0.3, 0.2}
				if cell.Seed == 1 {
					curve = []float64{2, 0.7, 0.4}
				}
				if cell.Trainer() != nil {
					r.Timing.Wall = 100
				} else if cell.Seed == 1 {
					curve[2] = c.last
				}
				reporttest.Curve(r, curve...)
			})
			table, err := s.Table(&spec)
			if err != nil {
				t.Fatal(err)
			}
			own, slow := table.Slots[0][0], table.Slots[0][1]
			if !reporttest.Close(own.Estimate, c.own) || !reporttest.Close(slow.Estimate, c.slow) || !reporttest.Close(table.Cut(), c.cut) {
				t.Errorf("%v, %v, cut at %v; want %v, %v, %v", own.Estimate, slow.Estimate, table.Cut(), c.own, c.slow, c.cut)
			}
		})
	}
}
