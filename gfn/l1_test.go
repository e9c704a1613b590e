package gfn_test

import (
	"math"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// TestSampledL1: l1_mc and l1_hist are beside l1 with their floors if requested, and
// absent otherwise. With many backward trajectories l1_mc agrees with l1 within its
// floor. From target samples it is estimated within standard errors.
func TestSampledL1(t *testing.T) {
	p := param.Values{"elements": param.Of(8), "size": param.Of(4), "instance_seed": param.Of(1)}
	s := base("reverse-kl", "loo")
	s.Policy.OutputInit, s.Steps, s.EvalEvery, s.Eval.FinalSamples = "torch", 30, 30, 3000
	ours := []metric.Metric{metric.L1MC, metric.L1MCFloor, metric.L1Hist, metric.L1HistFloor}
	plain := train(t, s, "sets", p)[1]
	for _, m := range ours {
		if plain.Metrics[m].Present {
			t.Errorf("%s is there, unasked", m)
		}
	}
	s.Eval.BackwardSamples, s.Eval.HistogramSamples = 100, 2000
	exact := train(t, s, "sets", p)[1]
	for _, m := range ours {
		if !exact.Metrics[m].Present {
			t.Fatalf("%s is missing", m)
		}
	}
	for m := range metric.L1MC { // the existing metrics keep their bits
		if a, b := plain.Metrics[m], exact.Metrics[m]; a.Present != b.Present || a.Value != b.Value {
			t.Errorf("%s is %v, and was %v", metric.Metric(m), b, a)
		}
	}
	l1, mc, floor := exact.Metrics[metric.L1].Value, exact.Metrics[metric.L1MC].Value, exact.Metrics[metric.L1MCFloor].Value
	if math.Abs(mc-l1) > floor || floor <= 0 {
		t.Errorf("l1_mc is %v, l1 %v, the floor %v", mc, l1, floor)
	}
	s.Eval.Mode = "sampled"
	sampled := train(t, s, "sets", p)[1]
	for m, want := range map[metric.Metric]float64{metric.L1MC: mc, metric.L1MCFloor: floor} {
		got := sampled.Metrics[m]
		if !got.Present || !(math.Abs(got.Value-want) <= 4.5*got.StdErr) {
			t.Errorf("%s is %v of target samples, %v of all states", m, got, want)
		}
	}
	if sampled.Metrics[metric.L1Hist].Present {
		t.Error("l1_hist is there without the states")
	}
}

// TestSampledL1OfTree: a sequence has one trajectory, so its p_T needs no samples.
func TestSampledL1OfTree(t *testing.T) {
	s := base("reverse-kl", "loo")
	s.Steps, s.EvalEvery, s.Eval.BackwardSamples = 5, 5, 1
	row := train(t, s, "sequences", param.Values{"elements": param.Of(3), "length": param.Of(3), "instance_seed": param.Of(1)})[1]
	l1, mc, floor := row.Metrics[metric.L1].Value, row.Metrics[metric.L1MC].Value, row.Metrics[metric.L1MCFloor].Value
	if math.Abs(mc-l1) > 1e-12 || floor > 1e-6 {
		t.Errorf("l1_mc is %v with a floor of %v, l1 %v", mc, floor, l1)
	}
}
