package gfn_test

import (
	"math"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

var divergences = []metric.Metric{metric.L1, metric.TV, metric.JSD, metric.KLPTTarget, metric.KLTargetPT, metric.EUBO, metric.TrajKLFwd}

// TestSidesOfIsing checks that for the uniform policy on the 4 × 4 Ising model at beta 1
// the default evaluation is right to within its standard errors, which are not 0. The
// exact values are those of TestBlind in package exact.
func TestSidesOfIsing(t *testing.T) {
	s := base("reverse-kl", "loo")
	s.Steps, s.EvalEvery, s.Batch, s.Eval.Samples, s.Eval.FinalSamples = 1, 1, 4, 16, 2
	row := train(t, s, "ising", param.Values{"side": param.Of(4), "beta": param.Of(1.0)})[0]
	for m, want := range map[metric.Metric]float64{metric.L1: 1.9985, metric.TV: 0.99925, metric.JSD: 0.6918, metric.KLPTTarget: 21.61, metric.KLTargetPT: 10.35, metric.TrajKLFwd: 10.35} {
		got := row.Metrics[m]
		if !got.Present || !(got.StdErr > 0) || !(math.Abs(got.Value-want) <= 3*got.StdErr+1e-4) {
			t.Errorf("%v is %v ± %v, exactly %v", m, got.Value, got.StdErr, want)
		}
	}
	if n := row.Metrics[metric.Samples].Value; n != 16 {
		t.Errorf("%v samples, want 16", n)
	}
	s.Eval.From, s.Eval.Samples = "target", 4
	row = train(t, s, "ising", param.Values{"side": param.Of(4), "beta": param.Of(1.0)})[0]
	for _, m := range []metric.Metric{metric.L1, metric.TV, metric.JSD, metric.KLPTTarget} {
		if row.Metrics[m].Present {
			t.Errorf("%v is %v, and the target's samples see nothing of the policy", m, row.Metrics[m])
		}
	}
}

// TestSidesOfSets checks that samples of both sides agree with dynamic programming over
// all states, along a run and under learned and uniform backward policies, and that the
// run itself is the same.
func TestSidesOfSets(t *testing.T) {
	p := param.Values{"elements": param.Of(8), "size": param.Of(4), "instance_seed": param.Of(1)}
	for _, backward := range []string{"uniform", "learned"} {
		s := base("tb", "")
		s.Policy.OutputInit, s.Steps, s.EvalEvery, s.Backward = "torch", 60, 30, backward
		exact := train(t, s, "sets", p)
		s.Eval.Mode, s.Eval.From, s.Eval.Samples, s.Eval.FinalSamples = "sampled", "both", 600, 600
		for i, row := range train(t, s, "sets", p) {
			if got, want := row.Metrics[metric.Loss].Value, exact[i].Metrics[metric.Loss].Value; got != want {
				t.Errorf("%s: another run: loss %v, was %v", backward, got, want)
			}
			for _, m := range divergences {
				got, want := row.Metrics[m], exact[i].Metrics[m].Value
				if !(math.Abs(got.Value-want) <= 4*got.StdErr) {
					t.Errorf("%s, step %d: %v is %v ± %v, exactly %v", backward, row.Step, m, got.Value, got.StdErr, want)
				}
			}
		}
	}
}

// TestBoundWithoutLogZ checks that EUBO needs target samples but not log Z.
func TestBoundWithoutLogZ(t *testing.T) {
	p := param.Values{"instance_seed": param.Of(1), "mode_count": param.Of(60)}
	in, err := gfn.NewInstance("bitseq", p)
	if err != nil {
		t.Fatal(err)
	}
	if in.Env.Capabilities().LogZ.OK {
		t.Skip("log Z is known here")
	}
	s := base("reverse-kl", "loo")
	s.Steps, s.EvalEvery, s.Batch = 1, 1, 16
	row := train(t, s, "bitseq", p)[0]
	e, elbo := row.Metrics[metric.EUBO], row.Metrics[metric.ELBO]
	if !e.Present || e.Value < elbo.Value-3*(e.StdErr+elbo.StdErr) || row.Metrics[metric.TrajKLFwd].Present {
		t.Errorf("EUBO %v, ELBO %v, KL(p_B‖p_F) %v", e, elbo, row.Metrics[metric.TrajKLFwd])
	}
}

// TestSidesOfPeakedSets checks that by default a uniform policy on peaked sets, whose exact
// L1 is 1.743, is measured to within the standard errors, whether the values are drawn or
// given, and that flat sets keep the target's samples.
func TestSidesOfPeakedSets(t *testing.T) {
	s := base("tb", "")
	s.Steps, s.EvalEvery, s.Batch = 1, 1, 4
	given := make([]float64, 12)
	for i := range given {
		given[i] = float64(i) * 0.7
	}
	for _, c := range []struct {
		values param.Values
		both   bool
	}{
		{param.Values{"instance_seed": param.Of(1), "f_scale": param.Of(10.0)}, true},
		{param.Values{"f": param.Of(given)}, true},
		{param.Values{"instance_seed": param.Of(1), "f_scale": param.Of(2.0)}, false},
		{param.Values{"instance_seed": param.Of(1)}, false},
	} {
		c.values["elements"], c.values["size"] = param.Of(12), param.Of(6)
		s.Eval = gfn.Eval{Mode: "exact", MaxStates: 1 << 20}
		exact := train(t, s, "sets", c.values)[0].Metrics
		s.Eval = gfn.Eval{Mode: "sampled", Samples: 128, FinalSamples: 128}
		sampled := train(t, s, "sets", c.values)[0].Metrics
		for _, m := range []metric.Metric{metric.L1, metric.JSD, metric.KLPTTarget, metric.KLTargetPT} {
			if got, want := sampled[m], exact[m].Value; !(math.Abs(got.Value-want) <= 4*got.StdErr) {
				t.Errorf("%v: %v is %v ± %v, exactly %v", c.values, m, got.Value, got.StdErr, want)
			}
		}
		s.Eval.From = map[bool]string{true: "both", false: "target"}[c.both]
		if got := train(t, s, "sets", c.values)[0].Metrics[metric.L1]; got != sampled[metric.L1] {
			t.Errorf("%v: l1 is %v, from %s it is %v", c.values, sampled[metric.L1], s.Eval.From, got)
		}
	}
}
