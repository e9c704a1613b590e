package gfn

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// newDiscreteEvaluation chooses exact evaluation where the states can be
// enumerated, estimates from exact target samples with exact p_T where each
// terminal's ancestors can, estimates from backward trajectories where there
// are target samples at all, and otherwise what the training batch tells.
func (t *Trainer) newDiscreteEvaluation(e env.Discrete) (evaluation, error) {
	return t.discreteEvaluation(e, t.policy.(*policy.Discrete).Evaluator())
}

// A walker is a policy that can be followed back from terminal states.
type walker interface {
	exact.Policy
	Backtrack(rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64)
}

func (t *Trainer) discreteEvaluation(e env.Discrete, ev walker) (evaluation, error) {
	mode, limit := t.spec.Eval.Mode, t.spec.Eval.MaxStates
	enumerable := t.instance.Enumerable(limit)
	if mode == "exact" && !enumerable.OK {
		return nil, fmt.Errorf("exact evaluation was demanded, but %s", enumerable.Why)
	}
	if enumerable.OK && mode != "sampled" {
		g, err := t.instance.Graph(limit)
		if err != nil {
			return nil, err
		}
		return &graphEvaluation{policy: ev, graph: g, evaluator: exact.NewEvaluator(g)}, nil
	}
	c := e.Capabilities()
	s := sampledEvaluation{env: e, policy: ev}
	if !c.TargetSamples.OK || !c.LogZ.OK {
		return &s, nil
	}
	s.sampler = e.(env.TargetSampler)
	if u, ok := e.(env.Unordered); ok && e.MaxSteps() <= exact.MaxTerminalActions {
		s.ancestors = exact.NewAncestors(u, t.spec.Backward == "learned")
		if t.spec.Eval.BackwardSamples > 0 {
			s.ancestors.WithSpread()
		}
	}
	return &s, nil
}

// graphEvaluation is exact, by dynamic programming over all states.
type graphEvaluation struct {
	policy    exact.Policy
	graph     *exact.Graph
	evaluator *exact.Evaluator
	fcs       exact.FCS
	rng       stream.Stream
	histFloor Estimate // of a histogram of the target
}

func (g *graphEvaluation) evaluate(t *Trainer, row *Row, _ bool) error {
	x := g.evaluator.Evaluate(g.policy, exact.Options{
		Alpha:           alphaOf(t.spec.Objective),
		LearnedBackward: t.spec.Backward == "learned",
	})
	m := &row.Metrics
	m[metric.L1], m[metric.TV], m[metric.JSD] = Exact(x.L1), Exact(x.TV), Exact(x.JSD)
	m[metric.KLPTTarget], m[metric.KLTargetPT] = Exact(x.KLPTTarget), Exact(x.KLTargetPT)
	m[metric.ELBO], m[metric.EUBO] = Exact(x.ELBO), Exact(x.EUBO)
	m[metric.TrajKLFwd], m[metric.TrajKLRev] = Exact(x.TrajKLFwd), Exact(x.TrajKLRev)
	m[metric.SAlpha] = Exact(x.SAlpha)
	if f := t.spec.FCS; f.Count > 0 {
		g.rng.Reset(t.spec.Streams, "subsets", uint64(t.step))
		e := g.fcs.Evaluate(g.evaluator.LogPT(), g.graph.LogRewards(), f.Size, f.Count, &g.rng)
		m[metric.FCS] = Estimated(e.Mean, e.StdErr)
	}
	g.sampled(t, m)
	return nil
}

// sampled measures L1 by the estimators of studies without an exact p_T.
func (g *graphEvaluation) sampled(t *Trainer, m *[metric.NumEvaluated]Estimate) {
	if n := t.spec.Eval.BackwardSamples; n > 0 {
		g.rng.Reset(t.spec.Streams, "backward samples", uint64(t.step))
		l1, floor := g.evaluator.BackwardL1(&g.rng, n, t.spec.Backward == "learned")
		m[metric.L1MC], m[metric.L1MCFloor] = Exact(l1), Exact(floor)
	}
	if n := t.spec.Eval.HistogramSamples; n > 0 {
		if !g.histFloor.Present {
			g.histFloor = Exact(g.graph.HistogramFloor(n))
		}
		g.rng.Reset(t.spec.Streams, "histogram", uint64(t.step))
		m[metric.L1Hist], m[metric.L1HistFloor] = Exact(g.evaluator.HistogramL1(&g.rng, n)), g.histFloor
	}
}

// sampledEvaluation estimates from exact samples of the target, where there are
// any.
type sampledEvaluation struct {
	env       env.Discrete
	sampler   env.TargetSampler // nil: there are none
	policy    walker
	ancestors *exact.Ancestors // nil if p_T(x) is out of reach
	rng       stream.Stream
	x         []uint64 // terminal states
	samples   []exact.TargetSample
	subsets   subsets
}

func (s *sampledEvaluation) evaluate(t *Trainer, row *Row, last bool) error {
	s.rng.Reset(t.spec.Streams, "evaluation", uint64(t.step))
	m := &row.Metrics
	if s.sampler == nil {
		return s.visited(t, m)
	}
	n := t.spec.Eval.Samples
	if last {
		n = t.spec.Eval.FinalSamples
	}
	m[metric.Samples] = Exact(float64(n))
	w := s.env.Words()
	s.x = append(s.x[:0], make([]uint64, n*w)...)
	for i := range n {
		s.sampler.SampleTarget(&s.rng, s.x[i*w:(i+1)*w])
	}
	s.backwardL1(t, m, n)
	if s.ancestors == nil {
		s.bound(t, m, n)
		m[metric.FCS] = s.subsets.walk(t, s.env, s.policy, &s.rng, s.x, t.spec.Eval.Samples)
		return nil
	}
	return s.compare(t, m, n)
}

// compare estimates every divergence from n target samples with exact p_T.
func (s *sampledEvaluation) compare(t *Trainer, m *[metric.NumEvaluated]Estimate, n int) error {
	s.samples = s.samples[:0]
	w := s.env.Words()
	for i := range n {
		sample, err := s.ancestors.Evaluate(s.policy, s.x[i*w:(i+1)*w])
		if err != nil {
			return err
		}
		s.samples = append(s.samples, sample)
	}
	if k := t.spec.Eval.BackwardSamples; k > 0 {
		floor := exact.BackwardFloor(s.samples, k)
		m[metric.L1MCFloor] = Estimated(floor.Mean, floor.StdErr)
	}
	fromTarget(m, s.samples, s.env.LogZ())
	m[metric.FCS] = s.subsets.among(t, s.x, w, s.samples)
	return nil
}

// fromTarget estimates divergences from target samples.
func fromTarget(m *[metric.NumEvaluated]Estimate, samples []exact.TargetSample, logZ float64) {
	e := exact.FromTarget(samples, logZ)
	for _, x := range []struct {
		metric   metric.Metric
		estimate exact.Estimate
	}{
		{metric.L1, e.L1}, {metric.TV, e.TV}, {metric.JSD, e.JSD}, {metric.KLPTTarget, e.KLPTTarget}, {metric.KLTargetPT, e.KLTargetPT},
		{metric.EUBO, e.EUBO}, {metric.TrajKLFwd, e.TrajKLFwd},
	} {
		m[x.metric] = Estimated(x.estimate.Mean, x.estimate.StdErr)
	}
}

// backwardL1 estimates E_π |p̂/π - 1|, p̂(x) the mean of p_F/p_B over backward
// trajectories to each of n target samples.
func (s *sampledEvaluation) backwardL1(t *Trainer, m *[metric.NumEvaluated]Estimate, n int) {
	k := t.spec.Eval.BackwardSamples
	if k == 0 {
		return
	}
	var rng stream.Stream
	rng.Reset(t.spec.Streams, "backward samples", uint64(t.step))
	w := s.env.Words()
	walked, ratios := make([]uint64, 0, n*k*w), make([]float64, k)
	for i := range n {
		for range k {
			walked = append(walked, s.x[i*w:(i+1)*w]...)
		}
	}
	logPF, logPB := s.policy.Backtrack(&rng, walked, n*k)
	gaps := make([]float64, n)
	for i := range gaps {
		for j := range ratios {
			ratios[j] = logPF[i*k+j] - logPB[i*k+j]
		}
		logPi := s.env.LogReward(s.x[i*w:(i+1)*w]) - s.env.LogZ()
		gaps[i] = math.Abs(fmath.Exp(fmath.LogSumExp(ratios)-fmath.Log(float64(k))-logPi) - 1)
	}
	m[metric.L1MC] = Estimated(meanStdErr(gaps))
}

// visited estimates flow consistency among the terminal states of the training
// batch, for environments without exact target samples.
func (s *sampledEvaluation) visited(t *Trainer, m *[metric.NumEvaluated]Estimate) error {
	s.x = s.x[:0]
	for n := range t.batch.LogR {
		s.x = append(s.x, t.policy.(*policy.Discrete).Terminal(n)...)
	}
	m[metric.FCS] = s.subsets.walk(t, s.env, s.policy, &s.rng, s.x, t.spec.Batch)
	return nil
}

// bound estimates the evidence upper bound from one backward trajectory to each
// of n target samples.
func (s *sampledEvaluation) bound(t *Trainer, m *[metric.NumEvaluated]Estimate, n int) {
	w := s.env.Words()
	gaps := make([]float64, n)
	for i := range n {
		gaps[i] = s.env.LogReward(s.x[i*w : (i+1)*w])
	}
	logPF, logPB := s.policy.Backtrack(&s.rng, append([]uint64(nil), s.x...), n)
	for i := range gaps {
		gaps[i] += logPB[i] - logPF[i]
	}
	mean, stderr := meanStdErr(gaps)
	m[metric.EUBO] = Estimated(mean, stderr)
	m[metric.TrajKLFwd] = Estimated(mean-s.env.LogZ(), stderr)
}
