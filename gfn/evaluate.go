package gfn

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/policy"
)

// evaluation measures a trainer's policy in the way that its environment allows.
type evaluation interface {
	// evaluate fills in the environment's metrics at the current parameters;
	// last is true at the end of training.
	evaluate(t *Trainer, row *Row, last bool) error
}

// startEvaluation chooses how the environment is measured.
func (t *Trainer) startEvaluation() (err error) {
	switch e := t.instance.Env.(type) {
	case env.Continuous:
		t.eval = newContinuousEvaluation(e, t.policy.(*policy.Mixture))
	case env.Discrete:
		t.eval, err = t.newDiscreteEvaluation(e)
	}
	s := &t.spec.Eval
	if _, exact := t.eval.(*graphEvaluation); !exact && err == nil && (s.Samples < 1 || s.FinalSamples < 1) {
		return fmt.Errorf("eval.samples and eval.final_samples must be at least 1 where metrics are estimated, not %d and %d", s.Samples, s.FinalSamples)
	}
	return err
}

// evaluate measures the current parameters. It takes what comes from the training batch
// first, because the environment's part may reuse the policy's buffers. If the run
// diverged, every metric measured before becomes NaN.
func (t *Trainer) evaluate(last bool) (Row, error) {
	row := Row{Step: t.step}
	m := &row.Metrics
	m[metric.Loss], m[metric.GradNorm] = Exact(t.coef.Loss), Exact(t.gradNorm)
	if t.kind.LearnsLogZ {
		m[metric.LogZ] = Exact(t.logZ.Value)
		if t.kind.NeedsFlows {
			m[metric.LogZ] = Exact(t.batch.LogF[0])
		}
	}
	t.batchEstimates(m)
	if s := t.seen; s != nil {
		if mean, ok := s.topK(); ok {
			m[metric.TopK] = Exact(mean)
		}
		if !math.IsInf(s.atLeast, 1) {
			m[metric.Modes] = Exact(float64(s.modes.Len()))
		}
	}
	if !t.diverged || t.step == 0 {
		before := *m
		if err := t.eval.evaluate(t, &row, last); err != nil {
			return row, err
		}
		for i := range m {
			t.measured[i] = m[i].Present && !m[i].same(before[i])
		}
	}
	if t.diverged { // the parameters are not worth an evaluation
		for i, measured := range t.measured {
			if measured {
				m[i] = Exact(math.NaN())
			}
		}
		m[metric.Samples] = Estimate{} // none were drawn
	}
	return row, nil
}

// batchEstimates fills in what the training batch gives: the evidence lower bound, and
// log Z by importance sampling, the log of the mean of w. Both weight the trajectories of
// an exploring policy by p_F/q.
func (t *Trainer) batchEstimates(m *[metric.NumEvaluated]Estimate) {
	b := t.batch
	logW, bound := make([]float64, len(b.LogPF)), make([]float64, len(b.LogPF))
	for n := range logW {
		bound[n] = b.LogR[n] + b.LogPB[n] - b.LogPF[n]
		logW[n] = bound[n]
		if len(b.LogQ) > 0 {
			v := b.LogPF[n] - b.LogQ[n]
			logW[n] += v
			bound[n] *= fmath.Exp(v)
		}
	}
	m[metric.ELBO] = Estimated(meanStdErr(bound))
	m[metric.LogZEst] = Estimated(logMeanExp(logW))
}

// logMeanExp returns the log of the mean of exp(x) and its standard error by the
// delta method, sd(exp x)/(√n mean(exp x)).
func logMeanExp(x []float64) (logMean, stderr float64) {
	n := float64(len(x))
	logMean = fmath.LogSumExp(x) - fmath.Log(n)
	ratios := make([]float64, len(x))
	for i := range x {
		ratios[i] = fmath.Exp(x[i] - logMean)
	}
	_, stderr = meanStdErr(ratios)
	return logMean, stderr
}

// setAlpha sets s_alpha. If the run asks for log_s_alpha, it sets that too, and leaves
// s_alpha out if it overflows.
func (t *Trainer) setAlpha(m *[metric.NumEvaluated]Estimate, s, log Estimate) {
	asked := t.spec.Eval.LogSAlpha
	if asked {
		m[metric.LogSAlpha] = log
	}
	if !asked || !math.IsInf(s.Value, 1) || math.IsInf(log.Value, 1) {
		m[metric.SAlpha] = s
	}
}

// UnboundedAlpha reports whether S_α of the objective's alpha can be above 1, and so
// infinite.
func UnboundedAlpha(o objective.Spec) bool {
	alpha := alphaOf(o)
	return alpha < 0 || alpha > 1
}

// alphaOf returns the alpha of the s_alpha metric: the objective's own, or 1/2
// for objectives without one.
func alphaOf(o objective.Spec) float64 {
	if a, ok := o.Params["alpha"]; ok {
		return a.Float()
	}
	return 0.5
}
