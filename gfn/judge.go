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

// An Outside is a policy trained by something other than a Trainer. The methods of
// exact.Policy return no error, so Err returns it; an error ends the evaluation.
type Outside interface {
	exact.Policy // for discrete environments

	// LogDensity writes log p_T of n points, for continuous environments.
	LogDensity(dst, points []float64, n int)

	// Sample draws n trajectories and returns their log p_F, log p_B and log r, or nil if
	// the policy cannot sample.
	Sample(n int) (logPF, logPB, logR []float64)

	// Err returns the first error of the methods above.
	Err() error
}

// A Judge evaluates policies trained elsewhere as a Trainer evaluates its own: exactly if
// the states can be enumerated, from exact target samples with exact p_T if those are
// available, and otherwise by bounds.
type Judge struct {
	of     Trainer // without a policy; holds what evaluations read of a run
	policy Outside
}

// NewJudge returns a Judge of runs of spec in an instance. Its errors are those with
// which [New] rejects an evaluation.
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

// outsideWalker walks an outside policy backward.
type outsideWalker struct {
	env env.Discrete
	Outside
	learned bool
}

func (w outsideWalker) Backtrack(rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64) {
	return policy.Backtrack(w.env, w.Outside, w.learned, rng, states, n)
}

// errNoWay reports that nothing can be measured.
var errNoWay = errors.New("the states cannot be enumerated and the target has no exact samples: evaluation needs samples of the policy, which the trainer does not offer")

// Evaluate measures the policy as it is after step gradient steps. last tells whether the
// run has ended. The metrics that a Trainer takes from its training batch are absent.
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

// Diverged returns the row of a run whose loss was not finite. It has the metrics of
// before, an earlier evaluation.
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

// fromPolicy fills in what trajectories of the policy give: the evidence lower bound, and
// log Z by importance sampling.
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
