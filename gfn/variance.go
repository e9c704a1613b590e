package gfn

import (
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/objective"
)

// A VarianceRow is the measured spread of one objective's batch gradient at fixed
// parameters (da Silva et al. 2024, Fig. 2). The gradient is with respect to the
// network's parameters, without log Z, and before clipping.
//
// If the environment knows log Z, the scale is that of the objective itself: w is
// p_B/p_F. Otherwise w is divided by e^Shift, the run's constant. The gradients of
// forward-kl and tsallis are then off by one factor, Z e^-Shift and (Z
// e^-Shift)^(1-alpha), which is the same for every batch and control variate; TraceCov
// and NormSq are off by its square and the cosines are not affected. Objectives with log
// Z use the learned one (with state flows, the scalar) or, if the run learns none, the
// exact one or else each batch's mean of log w.
type VarianceRow struct {
	Step       int            // gradient steps taken before it
	Objective  objective.Spec // what was measured; the run may train with another objective
	Batch      int            // trajectories in a batch
	Replicates int            // independent batches

	TraceCov       float64 // Tr Cov of the batch gradient, unbiased over replicates
	TraceCovStdErr float64 // its standard error
	NormSq         float64 // ‖mean gradient‖² over the replicates; its expectation is ‖E gradient‖² + Tr Cov/Replicates

	// Cosine is the mean cosine between a batch's gradient and the reference, which is
	// the same estimator on ReferenceBatch independent trajectories. CosineStdErr is its
	// standard error.
	Cosine, CosineStdErr float64
	ReferenceBatch       int // 0 if the reference is exact

	// Exact says that the reference is the exact gradient of the objective. Then BiasSq
	// is ‖E gradient - exact‖², an unbiased estimate that may be below 0 if there is no
	// bias, BiasSqStdErr is its jackknife standard error, and ExactNormSq is ‖exact‖².
	Exact                             bool
	BiasSq, BiasSqStdErr, ExactNormSq float64
}

// referenceBatch is how many trajectories the reference gradient uses.
const referenceBatch = 1 << 14

// varianceDue reports whether the step asks for a variance measurement.
func (t *Trainer) varianceDue() bool {
	return t.spec.Variance != nil && slices.Contains(t.spec.Variance.Steps, t.step)
}

// measureVariance measures each requested pair of objective and control variate at the
// current parameters. Batch r of each size holds the same trajectories for every pair.
func (t *Trainer) measureVariance() ([]VarianceRow, error) {
	v := t.spec.Variance
	p := t.policy.Params()
	saved := slices.Clone(p.Grad) // the training batch still needs its gradient
	defer copy(p.Grad, saved)
	var rows []VarianceRow
	exactly := t.exactGradients()
	for _, spec := range v.Objectives {
		kind := objective.Lookup(spec.Name)
		if kind == nil || kind.NeedsFlows {
			return nil, fmt.Errorf("the gradient variance of %q cannot be measured: it needs a network with state flows", spec.Name)
		}
		o, err := kind.Make(spec)
		if err != nil {
			return nil, err
		}
		reference := make([]float32, len(p.Grad))
		last := t.batchGradient(kind, o, "variance reference", 0, referenceBatch)
		if exactly != nil {
			exactly.gradient(t, kind.Score(spec, last))
		}
		copy(reference, p.Grad)
		for _, size := range v.Batches {
			row := t.spread(kind, o, size, v.Replicates, reference, exactly != nil)
			row.Step, row.Objective = t.step, spec
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// batchGradient sets Params().Grad to o's gradient on a fresh batch, and returns the
// batch.
func (t *Trainer) batchGradient(k *objective.Kind, o objective.Objective, purpose string, index uint64, n int) *objective.Batch {
	t.rng.Reset(t.spec.Streams.Derive(purpose, fmt.Sprint(t.step), fmt.Sprint(n)), purpose, index)
	b := t.policy.Sample(&t.rng, n)
	t.constants(b)
	var c objective.Coefficients
	t.gradient(k, o, b, &c)
	return b
}

// constants sets the shift and log Z for a measurement of the variance.
func (t *Trainer) constants(b *objective.Batch) {
	b.Shift, b.LogZ = t.shift, t.logZ.Value
	known := t.instance.Env.LogZ()
	if !math.IsNaN(known) {
		b.Shift = known // so that w is p_B/p_F and no constant is left out
	}
	switch {
	case t.kind.NeedsFlows:
		b.LogZ += b.LogF[0] // log F(s0)
	case t.kind.LearnsLogZ:
	case !math.IsNaN(known):
		b.LogZ = known
	default:
		b.LogZ = meanLogW(b)
	}
}

// meanLogW returns the batch's mean of log w, an estimate of log Z from below.
func meanLogW(b *objective.Batch) float64 {
	sum := 0.0
	for n := range b.LogPF {
		sum += b.LogR[n] + b.LogPB[n] - b.LogPF[n]
	}
	return sum / float64(len(b.LogPF))
}

// spread measures the gradients of count batches of n trajectories.
func (t *Trainer) spread(kind *objective.Kind, o objective.Objective, n, count int, reference []float32, isExact bool) VarianceRow {
	p := t.policy.Params()
	mean := make([]float64, len(p.Grad))
	grads := make([][]float32, count)
	cosines := make([]float64, count)
	for r := range grads {
		t.batchGradient(kind, o, "variance", uint64(r), n)
		grads[r] = slices.Clone(p.Grad)
		for i, g := range p.Grad {
			mean[i] += float64(g)
		}
		cosines[r] = cosine(p.Grad, reference)
	}
	normSq := 0.0
	for i := range mean {
		mean[i] /= float64(count)
		normSq += float64(mean[i] * mean[i])
	}
	deviations := make([]float64, count)
	for r, g := range grads {
		for i := range g {
			d := float64(g[i]) - mean[i]
			deviations[r] += float64(d * d)
		}
		deviations[r] *= float64(count) / float64(count-1) // so that their mean is unbiased
	}
	row := VarianceRow{Batch: n, Replicates: count, NormSq: normSq, ReferenceBatch: referenceBatch}
	row.TraceCov, row.TraceCovStdErr = meanStdErr(deviations)
	row.Cosine, row.CosineStdErr = meanStdErr(cosines)
	if isExact {
		row.Exact, row.ReferenceBatch, row.ExactNormSq = true, 0, vec.SumSquares(reference)
		row.BiasSq, row.BiasSqStdErr = biasSq(grads, reference)
	}
	return row
}

func cosine(a, b []float32) float64 {
	return vec.Dot(a, b) / math.Sqrt(float64(vec.SumSquares(a)*vec.SumSquares(b)))
}

// meanStdErr returns the mean and its standard error, sd/√n.
func meanStdErr(x []float64) (mean, stderr float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v
	}
	mean /= n
	ss := 0.0
	for _, v := range x {
		d := v - mean
		ss += float64(d * d)
	}
	return mean, math.Sqrt(ss / (n - 1) / n)
}
