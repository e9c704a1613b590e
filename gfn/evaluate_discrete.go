package gfn

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// newDiscreteEvaluation chooses the first of these that the environment allows: exact
// evaluation if the states can be enumerated; estimates from exact target samples with
// exact p_T if each terminal's ancestors can; estimates from backward trajectories if
// there are target samples at all; otherwise what the training batch gives.
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
	s := sampledEvaluation{env: e, policy: ev}
	if c := e.Capabilities(); !c.TargetSamples.OK || !c.LogZ.OK && !t.spec.bothSides(t.instance) {
		return &s, nil
	}
	s.sampler = e.(env.TargetSampler)
	if pointwise(e) {
		s.ancestors = exact.NewAncestors(e.(env.Unordered), t.spec.Backward == "learned")
		if t.spec.Eval.BackwardSamples > 0 {
			s.ancestors.WithSpread()
		}
	}
	return &s, nil
}

// pointwise reports whether p_T and the target are known exactly at single terminal
// states.
func pointwise(e env.Discrete) bool {
	_, unordered := e.(env.Unordered)
	return unordered && e.MaxSteps() <= exact.MaxTerminalActions && e.Capabilities().LogZ.OK
}

// bothSides reports whether estimates take samples from both sides if they can.
func (s *Spec) bothSides(in *Instance) bool {
	if from := s.Eval.From; from != "" {
		return from == "both"
	}
	k := kinds.Lookup(in.Env.Kind())
	return k == nil || k.BothSides(s.Params)
}

// Sides reports whether estimates in the instance can take samples from the policy as
// well as from the target, as Eval.From of a [Spec] chooses. It also reports true if log
// Z is not known, where version 0.1.0 had no estimates.
func (in *Instance) Sides() bool {
	e, ok := in.Env.(env.Discrete)
	c := in.Env.Capabilities()
	return ok && c.TargetSamples.OK && (pointwise(e) || !c.LogZ.OK)
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
	t.setAlpha(m, Exact(x.SAlpha), Exact(x.LogSAlpha))
	if f := t.spec.FCS; f.Count > 0 {
		g.rng.Reset(t.spec.Streams, "subsets", uint64(t.step))
		e := g.fcs.Evaluate(g.evaluator.LogPT(), g.graph.LogRewards(), f.Size, f.Count, &g.rng)
		m[metric.FCS] = Estimated(e.Mean, e.StdErr)
	}
	g.sampled(t, m)
	g.spearman(t, m)
	return nil
}

// sampled estimates L1 in the ways used by studies that lack an exact p_T.
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

// sampledEvaluation estimates from exact target samples if there are any.
type sampledEvaluation struct {
	env       env.Discrete
	sampler   env.TargetSampler // nil if there are none
	policy    walker
	ancestors *exact.Ancestors // nil if p_T(x) is out of reach
	rng       stream.Stream
	x         []uint64 // terminal states
	samples   []exact.TargetSample
	own       []exact.TargetSample // from the policy
	subsets   subsets
}

func (s *sampledEvaluation) evaluate(t *Trainer, row *Row, last bool) error {
	s.rng.Reset(t.spec.Streams, "evaluation", uint64(t.step))
	m := &row.Metrics
	s.spearman(t, m)
	if s.sampler == nil {
		return s.visited(t, m)
	}
	n := s.fromTarget(t, last)
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

// fromBoth reports whether half of the samples are from the policy.
func (s *sampledEvaluation) fromBoth(t *Trainer) bool {
	return s.ancestors != nil && t.spec.bothSides(t.instance)
}

// fromTarget returns how many target samples an evaluation takes.
func (s *sampledEvaluation) fromTarget(t *Trainer, last bool) int {
	n := t.spec.Eval.Samples
	if last {
		n = t.spec.Eval.FinalSamples
	}
	if s.fromBoth(t) {
		n = (n + 1) / 2
	}
	return n
}

// known evaluates p_T exactly at the terminal states x and appends the results to dst.
func (s *sampledEvaluation) known(dst []exact.TargetSample, x []uint64) ([]exact.TargetSample, error) {
	w := s.env.Words()
	for ; len(x) > 0; x = x[w:] {
		sample, err := s.ancestors.Evaluate(s.policy, x[:w])
		if err != nil {
			return dst, err
		}
		dst = append(dst, sample)
	}
	return dst, nil
}

// compare estimates every divergence with exact p_T, from n target samples and, if they
// come from both sides, from n policy samples.
func (s *sampledEvaluation) compare(t *Trainer, m *[metric.NumEvaluated]Estimate, n int) (err error) {
	if s.samples, err = s.known(s.samples[:0], s.x); err != nil {
		return err
	}
	if k := t.spec.Eval.BackwardSamples; k > 0 {
		floor := exact.BackwardFloor(s.samples, k)
		m[metric.L1MCFloor] = Estimated(floor.Mean, floor.StdErr)
	}
	if s.fromBoth(t) {
		if s.own, err = s.known(s.own[:0], policy.Follow(s.env, s.policy, &s.rng, n)); err != nil {
			return err
		}
		m[metric.Samples] = Exact(float64(2 * n))
		compared(m, exact.FromBoth(s.samples, s.own, s.env.LogZ()))
	} else {
		compared(m, exact.FromTarget(s.samples, s.env.LogZ()))
	}
	m[metric.FCS] = s.subsets.among(t, s.x, s.env.Words(), s.fromTarget(t, false), s.samples)
	return nil
}

// compared sets the divergences that the samples can show.
func compared(m *[metric.NumEvaluated]Estimate, e exact.Sampled) {
	told := []struct {
		metric   metric.Metric
		estimate exact.Estimate
	}{
		{metric.KLTargetPT, e.KLTargetPT}, {metric.EUBO, e.EUBO}, {metric.TrajKLFwd, e.TrajKLFwd},
		{metric.L1, e.L1}, {metric.TV, e.TV}, {metric.JSD, e.JSD}, {metric.KLPTTarget, e.KLPTTarget},
	}
	if e.Blind {
		told = told[:3]
	}
	for _, x := range told {
		m[x.metric] = Estimated(x.estimate.Mean, x.estimate.StdErr)
	}
}

// backwardL1 estimates E_π |p̂/π - 1| from n target samples, where p̂(x) is the mean of
// p_F/p_B over backward trajectories from x.
func (s *sampledEvaluation) backwardL1(t *Trainer, m *[metric.NumEvaluated]Estimate, n int) {
	k := t.spec.Eval.BackwardSamples
	if k == 0 || !s.env.Capabilities().LogZ.OK {
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

// visited estimates flow consistency on the terminal states of the training batch, for
// environments without exact target samples.
func (s *sampledEvaluation) visited(t *Trainer, m *[metric.NumEvaluated]Estimate) error {
	s.x = s.x[:0]
	for n := range t.batch.LogR {
		s.x = append(s.x, t.policy.(*policy.Discrete).Terminal(n)...)
	}
	m[metric.FCS] = s.subsets.walk(t, s.env, s.policy, &s.rng, s.x, t.spec.Batch)
	return nil
}

// bound estimates the evidence upper bound from one backward trajectory from each of n
// target samples.
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
	if s.env.Capabilities().LogZ.OK {
		m[metric.TrajKLFwd] = Estimated(mean-s.env.LogZ(), stderr)
	}
}
