package stats_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
	"gfnbench/results/readerstest"
)

// An aggregateCase is what both sides compute from: scores task × run of two arms, and
// members × blocks without ties.
type aggregateCase struct {
	X          [][]float64 `json:"x"`
	Y          [][]float64 `json:"y"`
	Members    [][]float64 `json:"members"`
	Thresholds []float64   `json:"thresholds"`
}

// aggregateCases are random, but always the same.
func aggregateCases() (list []aggregateCase) {
	s := stream.NewKey("rliable").Stream("scores", 0)
	table := func(rows, columns int, round float64) [][]float64 {
		x := make([][]float64, rows)
		for i := range x {
			for range columns {
				x[i] = append(x[i], math.Round((.8+.3*s.Normal())/round)*round)
			}
		}
		return x
	}
	for i := range 12 {
		tasks, runs := 1+i%6, 3+s.IntN(8)
		list = append(list, aggregateCase{table(tasks, runs, .1), table(tasks, runs, .1), table(3+i%3, 4+i%7, 1e-9), []float64{.3, .55, .85, 1.15}})
	}
	return list
}

// TestRliable compares point estimates with rliable, and Friedman's test, the pairwise
// exact tests and Wilson's interval with scipy.
func TestRliable(t *testing.T) {
	if testing.Short() {
		t.Skip("runs Python")
	}
	python := readerstest.Python(t)
	cases := aggregateCases()
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "testdata/check_aggregates.py")
	c.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var want []map[string]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		got := c.compute(t)
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var ours map[string]any
		if err := json.Unmarshal(b, &ours); err != nil {
			t.Fatal(err)
		}
		for name, w := range want[i] {
			if !agree(ours[name], w) {
				t.Errorf("case %d, %s: %v, want %v", i, name, ours[name], w)
			}
		}
	}
}

// compute is what check_aggregates.py does, with this package.
func (c aggregateCase) compute(t *testing.T) map[string]any {
	estimate := func(in stats.Interval, err error) float64 {
		if err != nil {
			t.Fatal(err)
		}
		return in.Estimate
	}
	friedman, err := stats.Friedman(c.Members, stats.LowerIsBetter)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []float64
	for i := range c.Members {
		for j := i + 1; j < len(c.Members); j++ {
			test, err := stats.SignedRank(differences(c.Members[i], c.Members[j]), stats.TwoSided)
			if err != nil {
				t.Fatal(err)
			}
			pairs = append(pairs, test.P)
		}
	}
	ten := func(wins int) (x []float64) {
		for i := range 10 {
			x = append(x, float64(min(1, max(0, wins-i))))
		}
		return x
	}
	wilson, err := stats.ProfileAt([][]float64{ten(7)}, .5, stats.HigherIsBetter, .95)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"mean":        estimate(stats.MeanOfTasks(c.X, stats.Linear, .95)),
		"median":      estimate(stats.MedianOfTasks(c.X, stats.Linear, .95)),
		"iqm":         estimate(stats.PooledIQM(c.X, stats.Linear, .95)),
		"gap":         estimate(stats.MeanGap(1, stats.HigherIsBetter)(c.X, stats.Linear, .95)),
		"improvement": estimate(stats.Improvement(c.X, c.Y, stats.HigherIsBetter, .95)),
		"profile":     stats.Profile(c.X, c.Thresholds, stats.HigherIsBetter),
		"friedman":    friedman.ChiSquared,
		"ranks":       friedman.Ranks,
		"wilcoxon":    pairs,
		"wilson":      []float64{wilson.Low, wilson.High},
	}
}

// agree compares numbers, or lists of them.
func agree(got, want any) bool {
	w, ok := want.([]any)
	if !ok {
		x, y := got.(float64), want.(float64)
		return math.Abs(x-y) <= 1e-9*max(1, math.Abs(y))
	}
	g, ok := got.([]any)
	if !ok || len(g) != len(w) {
		return fmt.Sprint(got) == fmt.Sprint(want)
	}
	for i := range w {
		if !agree(g[i], w[i]) {
			return false
		}
	}
	return true
}
