package gfn

import (
	"errors"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// An Outside is a policy that something else than a Trainer trains. Errors end the
// evaluation; the methods of exact.Policy, which have none, keep theirs for Err.
type Outside interface {
	exact.Policy // of discrete environments

	// LogDensity writes log p_T of n points, of continuous environments.
	LogDensity(dst, points []float64, n int)

	// Sample draws n trajectories and returns their log p_F, log p_B and log r, all
	// nil where it cannot.
	Sample(n int) (logPF, logPB, logR []float64)

	// Err returns the first error of the methods above.
	Err() error
}

// A Judge evaluates policies trained elsewhere as a Trainer does its own: exactly
// where the states can be enumerated, from exact target samples with exact p_T
// where those are known, and else by bounds.
type Judge struct {
	of     Trainer // without a policy: what evaluations read of a run
	policy Outside
}

// NewJudge returns what evaluates runs of spec in an instance. Its errors are those
// of [New] on evaluation.
func NewJudge(spec Spec, in *Instance, p Outside) (*Judge, error) {
	j := &Judge{of: Trainer{spec: spec, instance: in}, policy: p}
	e, ok := in.Env.(env.Discrete)
	if !ok {
		return j, nil
	}
	var err error
	j.of.eval, err = j.of.discreteEvaluation(e, outsideWalker{e, p, spec.Backward == "learned"})
	return j, err
}

// outsideWalker follows an outside policy back.
type outsideWalker struct {
	env env.Discrete
	Outside
	learned bool
}

func (w outsideWalker) Backtrack(rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64) {
	return policy.Backtrack(w.env, w.Outside, w.learned, rng, states, n)
}

// errNoWay says that nothing can be measured.
var errNoWay = errors.New("the states cannot be enumerated and the target has no exact samples: evaluation needs samples of the policy, which the trainer does not offer")

// Evaluate measures the policy as it is now, after step gradient steps; last says
// that the run has ended. What the training batch tells a Trainer is absent.
func (j *Judge) Evaluate(step int, last bool) (Row, error) {
	j.of.step = step
	row := Row{Step: step}
	var err error
	switch s, sampled := j.of.eval.(*sampledEvaluation); {
	case j.of.eval == nil:
		j.continuous(&row, last)
	case sampled && s.sampler == nil:
		s.spearman(&j.of, &row.Metrics)
		err = j.fromPolicy(&row.Metrics)
	default:
		err = j.of.eval.evaluate(&j.of, &row, last)
		if sampled && err == nil && !j.of.instance.Env.Capabilities().LogZ.OK {
			if below := j.fromPolicy(&row.Metrics); below != errNoWay {
				err = below
			}
		}
	}
	if outside := j.policy.Err(); outside != nil {
		err = outside
	}
	return row, err
}

// Diverged returns the row of a run whose loss was not finite, where an evaluation
// had the metrics of before.
func (j *Judge) Diverged(step int, before Row) Row {
	row := Row{Step: step}
	for i, e := range before.Metrics {
		if e.Present && metric.Metric(i) != metric.Samples {
			row.Metrics[i] = Exact(math.NaN())
		}
	}
	return row
}

// continuous estimates divergences from exact target samples.
func (j *Judge) continuous(row *Row, last bool) {
	e := j.of.instance.Env.(env.Continuous)
	n := j.of.spec.Eval.Samples
	if last {
		n = j.of.spec.Eval.FinalSamples
	}
	rng := j.of.spec.Streams.Stream("evaluation", uint64(row.Step))
	dim := e.Dim()
	points, logPT := make([]float64, n*dim), make([]float64, n)
	for i := range n {
		e.SampleTarget(rng, points[i*dim:(i+1)*dim])
	}
	j.policy.LogDensity(logPT, points, n)
	samples := make([]exact.TargetSample, n)
	for i := range samples {
		samples[i] = exact.TargetSample{LogReward: e.LogReward(points[i*dim : (i+1)*dim]), LogPT: logPT[i], LogPF: logPT[i]}
	}
	compared(&row.Metrics, exact.FromTarget(samples, e.LogZ()))
	row.Metrics[metric.Samples] = Exact(float64(n))
}

// fromPolicy takes what trajectories of the policy tell: the evidence lower bound,
// and log Z by importance sampling.
func (j *Judge) fromPolicy(m *[metric.NumEvaluated]Estimate) error {
	logPF, logPB, logR := j.policy.Sample(j.of.spec.Batch)
	if logPF == nil {
		return errNoWay
	}
	logW := make([]float64, len(logPF))
	for n := range logW {
		logW[n] = logR[n] + logPB[n] - logPF[n]
	}
	m[metric.ELBO], m[metric.LogZEst] = Estimated(meanStdErr(logW)), Estimated(logMeanExp(logW))
	return nil
}
