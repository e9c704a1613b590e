package gfn

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/policy"
)

// exactGradients computes exact gradients of objectives at the current parameters.
type exactGradients struct {
	policy *policy.Discrete
	of     *exact.Gradient
}

// exactGradients returns nil unless the run asks for them and they can be computed: the
// states are enumerated, the backward policy is uniform, and the trajectories are the
// policy's own.
func (t *Trainer) exactGradients() *exactGradients {
	s := &t.spec
	if !s.Variance.Exact || s.Backward == "learned" || s.Exploration > 0 {
		return nil
	}
	g, ok := t.eval.(*graphEvaluation)
	if _, discrete := t.instance.Env.(env.Discrete); !ok || !discrete {
		return nil
	}
	g.evaluator.Evaluate(g.policy, exact.Options{})
	return &exactGradients{t.policy.(*policy.Discrete), exact.NewGradient(g.evaluator)}
}

// gradient sets Params().Grad to the exact gradient of a score.
func (x *exactGradients) gradient(t *Trainer, s objective.Score) {
	weights := x.of.Weights()
	if s.Linear != 0 {
		x.of.AddLinear(weights, s.Linear)
	}
	for _, p := range s.Powers {
		x.of.AddPower(weights, p.Weight, p.Gamma, p.Offset, s.Ratio)
	}
	t.policy.Params().ZeroGrad()
	x.of.EachRow(weights, x.policy.Scores)
}

// biasSq estimates ‖E g - reference‖² from independent gradients g, without bias, as the
// mean of ⟨g_r - reference, g_s - reference⟩ over pairs r ≠ s, with its jackknife standard
// error (Efron and Stein: The jackknife estimate of variance. Annals of Statistics 9, 1981).
func biasSq(grads [][]float32, reference []float32) (mean, stderr float64) {
	n := float64(len(grads))
	sum := make([]float64, len(reference))
	squares := make([]float64, len(grads)) // ‖d_r‖², d_r = g_r - reference
	total := 0.0
	for r, g := range grads {
		for i := range g {
			d := float64(g[i]) - float64(reference[i])
			sum[i] += d
			squares[r] += float64(d * d)
		}
		total += squares[r]
	}
	whole := 0.0
	for _, x := range sum {
		whole += float64(x * x)
	}
	mean = (whole - total) / (n * (n - 1))
	if n < 3 {
		return mean, math.NaN()
	}
	without := make([]float64, len(grads))
	for r, g := range grads {
		dot := 0.0
		for i := range g {
			dot += float64(sum[i] * (float64(g[i]) - float64(reference[i])))
		}
		left := whole - 2*dot + squares[r] // ‖Σ d - d_r‖²
		without[r] = (left - (total - squares[r])) / ((n - 1) * (n - 2))
	}
	_, stderr = meanStdErr(without)
	return mean, stderr * (n - 1)
}
