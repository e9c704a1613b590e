package gfn

import (
	"fmt"
	"math"
	"testing"

	"gfnbench/gfn/exact"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// exactTrainer returns a trainer with a random policy and enumerated states.
func exactTrainer(t *testing.T, kind string, v *Variance) *Trainer {
	t.Helper()
	p := map[string]param.Values{
		"sets":      {"elements": param.Of(6), "size": param.Of(3), "instance_seed": param.Of(1)},
		"hypergrid": {"dim": param.Of(2), "height": param.Of(4), "r0": param.Of(0.1)},
		"dag":       {"nodes": param.Of(3), "instance_seed": param.Of(1)},
	}[kind]
	s := Default(kind, p, objective.Spec{Name: "vargrad"}, 1)
	s.Policy.Hidden, s.Policy.OutputInit, s.Steps, s.EvalEvery, s.Batch, s.Variance = []int{16, 16}, "torch", 2, 2, 32, v
	in, err := NewInstance(kind, p)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestExactGradient compares exact gradients with central differences along a random
// direction of both KL and S_α, by exact evaluation. The tolerance is that of float32
// parameters.
func TestExactGradient(t *testing.T) {
	const step = 1e-3
	for _, kind := range []string{"sets", "hypergrid", "dag"} {
		tr := exactTrainer(t, kind, &Variance{Exact: true})
		g := tr.eval.(*graphEvaluation)
		x := tr.exactGradients()
		logZ := g.graph.LogZ()
		params := tr.policy.Params()
		rng := stream.NewKey("bias", kind).Stream("test", 0)
		direction := make([]float32, len(params.Data))
		for i := range direction {
			direction[i] = float32(rng.Float64() - 0.5)
		}
		derivative := func(alpha float64, value func(exact.Metrics) float64) float64 {
			at := func(h float32) float64 {
				saved := append([]float32(nil), params.Data...)
				defer copy(params.Data, saved)
				for i, d := range direction {
					params.Data[i] += h * d
				}
				return value(g.evaluator.Evaluate(g.policy, exact.Options{Alpha: alpha}))
			}
			return (at(step) - at(-step)) / (2 * step)
		}
		for _, o := range []objective.Spec{
			{Name: "reverse-kl"}, {Name: "forward-kl"}, {Name: "tb"}, {Name: "vargrad"}, {Name: "linex", Params: param.Values{"a": param.Of(0.5)}}, {Name: "linex", Params: param.Values{"a": param.Of(-0.5)}}, {Name: "shifted-cosh"},
			{Name: "tsallis", Params: param.Values{"alpha": param.Of(0.5)}}, {Name: "tsallis", Params: param.Values{"alpha": param.Of(-1.0)}},
			{Name: "renyi", Params: param.Values{"alpha": param.Of(0.5)}}, {Name: "renyi", Params: param.Values{"alpha": param.Of(2.0)}},
		} {
			alpha, value := 0.0, func(m exact.Metrics) float64 { return m.TrajKLRev }
			switch o.Name {
			case "forward-kl":
				value = func(m exact.Metrics) float64 { return m.TrajKLFwd }
			case "tb", "vargrad":
				value = func(m exact.Metrics) float64 { return 2 * m.TrajKLRev }
			case "linex": // E[e^(-a c') s] = ∇S_(1-a)/(1-a)
				a := o.Params.Float("a")
				alpha, value = 1-a, func(m exact.Metrics) float64 { return -m.SAlpha / (a * (1 - a)) }
			case "shifted-cosh":
				alpha, value = 2, func(m exact.Metrics) float64 { return m.TrajKLFwd + m.SAlpha/2 }
			case "tsallis":
				alpha = o.Params.Float("alpha")
				value = func(m exact.Metrics) float64 { return m.SAlpha / (alpha * (alpha - 1)) }
			case "renyi":
				alpha = o.Params.Float("alpha")
				value = func(m exact.Metrics) float64 { return m.LogSAlpha / (alpha * (alpha - 1)) }
			}
			want := derivative(alpha, value)
			g.evaluator.Evaluate(g.policy, exact.Options{})
			x.gradient(tr, objective.Lookup(o.Name).Score(o, &objective.Batch{Shift: logZ, LogZ: logZ}))
			got, norm := 0.0, 0.0
			for i, d := range direction {
				got += float64(d) * float64(params.Grad[i])
				norm += float64(params.Grad[i]) * float64(params.Grad[i])
			}
			if math.Abs(got-want) > 2e-3*(math.Abs(want)+math.Sqrt(norm)) {
				t.Errorf("%s, %s %v: %v along the direction, by differences %v", kind, o.Name, o.Params, got, want)
			}
		}
	}
}

// TestBias checks that the unbiased estimators have no bias against the exact gradient,
// within four standard errors, and that the batch mean as baseline of N = 2 trajectories
// loses half of the gradient: its squared bias is a quarter of the exact gradient's
// square.
func TestBias(t *testing.T) {
	alpha := param.Values{"alpha": param.Of(0.5)}
	v := &Variance{Steps: []int{0}, Batches: []int{2, 16}, Replicates: 400, Exact: true, Objectives: []objective.Spec{
		{Name: "tb"}, {Name: "vargrad"}, {Name: "reverse-kl", ControlVariate: "none"}, {Name: "reverse-kl", ControlVariate: "loo"}, {Name: "reverse-kl", ControlVariate: "batch-mean"},
		{Name: "forward-kl", ControlVariate: "loo"}, {Name: "tsallis", Params: alpha, ControlVariate: "none"}, {Name: "tsallis", Params: alpha, ControlVariate: "loo"},
	}}
	for _, kind := range []string{"sets", "hypergrid", "dag"} {
		tr := exactTrainer(t, kind, v)
		row, _, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range row.Variance {
			name := fmt.Sprintf("%s, %s %s, batch %d", kind, r.Objective.Name, r.Objective.ControlVariate, r.Batch)
			want := 0.0
			if r.Objective.ControlVariate == "batch-mean" {
				want = r.ExactNormSq / float64(r.Batch*r.Batch)
			}
			// Sampling sets with N = 2 leaves few distinct gradients, whose jackknife error is
			// rough: hence five.
			if !r.Exact || r.ReferenceBatch != 0 || !(math.Abs(r.BiasSq-want) <= 5*r.BiasSqStdErr+1e-9) {
				t.Errorf("%s: squared bias %v ± %v, want %v, of %v", name, r.BiasSq, r.BiasSqStdErr, want, r.ExactNormSq)
			}
		}
	}
}
