package gfn_test

import (
	"math"
	"slices"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// TestSpearman checks that the metric is the rank correlation of the exact log p_T, as
// Terminals yields it, and log r, on states that every run shares, and that a run that
// learns raises it. Without the graph it must be the same up to the error of p_T.
func TestSpearman(t *testing.T) {
	p := param.Values{"elements": param.Of(8), "size": param.Of(4), "instance_seed": param.Of(1)}
	in, err := gfn.NewInstance("sets", p)
	if err != nil {
		t.Fatal(err)
	}
	s := base("tb", "")
	s.Environment, s.Params = "sets", p
	s.Policy.OutputInit, s.Steps, s.EvalEvery, s.Eval.HeldOut = "torch", 200, 200, 40
	s.Optimizer.LogZInit = "batch"
	run := func(s gfn.Spec) (first, last gfn.Estimate, tr *gfn.Trainer) {
		if tr, err = gfn.New(s, in); err != nil {
			t.Fatal(err)
		}
		rows := finish(t, tr)
		return rows[0].Metrics[metric.Spearman], rows[len(rows)-1].Metrics[metric.Spearman], tr
	}
	// A run that learns raises it.
	first, last, tr := run(s)
	if !(last.Value > 0.9 && last.Value > first.Value) {
		t.Errorf("from %v to %v", first, last)
	}
	// Compute it from the terminal states.
	terminals, err := tr.Terminals()
	if err != nil {
		t.Fatal(err)
	}
	var logPT, logR []float64
	held := in.HeldOut(40)
	for x, mass := range terminals {
		if slices.Contains(held, x[0]) {
			logPT, logR = append(logPT, mass.LogPT), append(logR, mass.LogTarget)
		}
	}
	if want := exact.RankCorrelation(logPT, logR); len(logPT) != 40 || math.Abs(want.Mean-last.Value) > 1e-12 {
		t.Errorf("%v, of %d terminal states %v", last, len(logPT), want)
	}
	// Estimate it, and leave it out.
	s.Eval.Mode = "sampled"
	if _, sampled, _ := run(s); math.Abs(sampled.Value-last.Value) > 0.05 {
		t.Errorf("%v of walks, exactly %v", sampled, last)
	}
	s.Eval.HeldOut = 0
	if _, unasked, _ := run(s); unasked.Present {
		t.Error("it is there, unasked")
	}
}
