package report_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// one returns the only slot of a table with one cell for each value, leaving out all
// other cells.
func one(t *testing.T, stat, summary string, threshold *float64, edit func(seed int, r *results.Run)) *report.Slot {
	t.Helper()
	s := reporttest.Load(t, reporttest.Suite(t, "example"), func(c *suites.Cell, r *results.Run) {
		if r.Objective != "tb" || r.Environment != "grid" {
			r.Status = ""
			return
		}
		edit(c.Seed, r)
	})
	s, err := s.Filter([]string{"objective=tb,environment=grid"})
	if err != nil {
		t.Fatal(err)
	}
	table, err := s.Table(&suites.Table{Rows: []string{"environment"}, Columns: []string{"objective"}, Metric: suites.Metric{Default: "l1"}, Stat: stat, Summary: summary, Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	return table.Slots[0][0]
}

// TestSummaries has values that are easy to compute by hand.
func TestSummaries(t *testing.T) {
	threshold := 0.5
	// Final values 1, 2, 3, 6: mean 3, sd √((4+1+0+9)/3) = 2.16025, median 2.5, IQM (one
	// cut at each end) 2.5. Curves are straight lines from 10 over two steps, so their
	// mean heights are (10+1)/2 = 5.5, 6, 6.5, 8: mean 6.5.
	finals := []float64{1, 2, 3, 6}
	straight := func(seed int, r *results.Run) { reporttest.Curve(r, 10, (10+finals[seed])/2, finals[seed]) }
	diverged := func(seed int, r *results.Run) {
		straight(seed, r)
		if seed == 3 {
			reporttest.Diverge(r)
		}
	}
	// Crossings of 0.5 at 10, 20, 20 and never, followed to 30: restricted mean
	// (10+20+20+30)/4 = 20.
	crossing := func(seed int, r *results.Run) {
		reporttest.Curve(r, [][]float64{{1, .5, .6, .4}, {1, .7, .1, .1}, {1, .7, .1, .1}, {1, .7, .7, .6}}[seed]...)
	}
	tests := []struct {
		name, stat, summary string
		threshold           *float64
		edit                func(int, *results.Run)
		n                   int
		estimate, sd        float64
		diverged            int
	}{
		{"mean", "final", "mean", nil, straight, 4, 3, math.Sqrt(14. / 3), 0},
		{"median", "final", "median", nil, straight, 4, 2.5, math.Sqrt(14. / 3), 0},
		{"iqm", "final", "iqm", nil, straight, 4, 2.5, math.Sqrt(14. / 3), 0},
		{"auc", "auc", "mean", nil, straight, 4, 6.5, math.Sqrt((1 + .25 + 0 + 2.25) / 3), 0},
		{"best", "best", "mean", nil, crossing, 4, (.4 + .1 + .1 + .6) / 4, math.Sqrt((.01 + .04 + .04 + .09) / 3), 0},
		// One of four diverged: mean and sd are those of 1, 2, 3, and the median is that
		// of 1, 2, 3, ∞.
		{"mean, one diverged", "final", "mean", nil, diverged, 3, 2, 1, 1},
		{"median, one diverged", "final", "median", nil, diverged, 4, 2.5, 1, 1},
		// Greenwood: areas beyond the events at 10 and 20 are .75·10+.25·10 = 10
		// and .25·10 = 2.5; variance 10²·1/(4·3) + 2.5²·2/(3·1) = 12.5.
		{"steps-to", "steps-to", "mean", &threshold, crossing, 4, 20, math.Sqrt(12.5), 0},
		{"trajectories-to", "trajectories-to", "mean", &threshold, crossing, 4, 20 * 16, 16 * math.Sqrt(12.5), 0},
		// A run of 30 steps takes 90 s in the fixture, so a step takes 3 s.
		{"seconds-to", "seconds-to", "mean", &threshold, crossing, 4, 60, 3 * math.Sqrt(12.5), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := one(t, tt.stat, tt.summary, tt.threshold, tt.edit)
			if s.N != tt.n || s.Diverged != tt.diverged || !reporttest.Close(s.Estimate, tt.estimate) || !reporttest.Close(s.SD, tt.sd) {
				t.Errorf("n %d, diverged %d, %v ± %v; want %d, %d, %v ± %v", s.N, s.Diverged, s.Estimate, s.SD, tt.n, tt.diverged, tt.estimate, tt.sd)
			}
		})
	}
}

// TestPooling refuses to pool anything but seeds.
func TestPooling(t *testing.T) {
	s := reporttest.Example(t)
	_, err := s.Table(&suites.Table{Rows: []string{"environment"}, Columns: []string{"objective"}, Metric: suites.Metric{Default: "l1"}, Stat: "final"})
	want := "row grid, column reverse-kl: the cells differ in control_variate: add it to the rows or columns, or choose with -f control_variate=VALUE"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, ok := errors.AsType[*usage.Error](err); !ok {
		t.Errorf("%T is no usage.Error", err)
	}
}

func TestDefaultTable(t *testing.T) {
	s := reporttest.Example(t)
	spec := s.DefaultTable(nil, nil)
	if d := cmp.Diff([]string{"objective", "control_variate"}, spec.Columns); d != "" {
		t.Error(d)
	}
	if _, err := s.Table(spec); err != nil {
		t.Error(err)
	}
	spec = s.DefaultTable(nil, []string{"environment"})
	if d := cmp.Diff([]string{"objective", "control_variate"}, spec.Rows); d != "" {
		t.Error(d)
	}
}

// TestComparison has six seeds in which one column is always better and another is better
// three times. Of the 2^6 sign patterns of the differences, two are as extreme as the
// first, so p = 2/64, doubled by Holm; the second is symmetric.
func TestComparison(t *testing.T) {
	suite := `schema = 1
name = "six"
[run]
seeds = 6
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "db"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
base = "tb"
`
	values := map[string][]float64{"tb": {1, 2, 3, 4, 5, 6}, "vargrad": {.9, 1.8, 2.7, 3.6, 4.5, 5.4}, "db": {0, 1, 2, 5, 6, 7}}
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) { reporttest.Curve(r, 10, values[r.Objective][c.Seed]) })
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	better, mixed := table.Slots[0][1].Versus, table.Slots[0][2].Versus
	if better.P != 2./64 || better.Adjusted != 4./64 || better.MinP != 2./64 || better.Pairs != 6 || better.Distinct || !reporttest.Close(better.Change, -.1) {
		t.Errorf("%+v", better)
	}
	if mixed.P != 1 || mixed.Adjusted != 1 || !reporttest.Close(mixed.Change+1, 1) {
		t.Errorf("%+v", mixed)
	}
	if table.MinP != 4./64 {
		t.Errorf("smallest p %v, want 4/64", table.MinP)
	}
}
