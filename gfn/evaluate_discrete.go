package gfn

import (
	"fmt"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// newDiscreteEvaluation chooses exact evaluation where the states can be
// enumerated, estimates from exact target samples with exact p_T where each
// terminal's ancestors can, estimates from backward trajectories where there
// are target samples at all, and otherwise what the training batch tells.
func (t *Trainer) newDiscreteEvaluation(e env.Discrete) (evaluation, error) {
	mode, limit := t.spec.Eval.Mode, t.spec.Eval.MaxStates
	ev := t.policy.(*policy.Discrete).Evaluator()
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
	if !c.TargetSamples.OK || !c.LogZ.OK {
		return noEvaluation{}, nil
	}
	s := sampledEvaluation{env: e, sampler: e.(env.TargetSampler), policy: ev}
	if u, ok := e.(env.Unordered); ok && e.MaxSteps() <= exact.MaxTerminalActions {
		s.ancestors = exact.NewAncestors(u, t.spec.Backward == "learned")
	}
	return &s, nil
}

// noEvaluation leaves a row with the training batch's estimates.
type noEvaluation struct{}

func (noEvaluation) evaluate(*Trainer, *Row, bool) error { return nil }

// graphEvaluation is exact, by dynamic programming over all states.
type graphEvaluation struct {
	policy    *policy.Evaluator
	graph     *exact.Graph
	evaluator *exact.Evaluator
}

func (g *graphEvaluation) evaluate(t *Trainer, row *Row, _ bool) error {
	x := g.evaluator.Evaluate(g.policy, exact.Options{
		Alpha:           alphaOf(t.spec, t.kind.TakesAlpha),
		LearnedBackward: t.spec.Backward == "learned",
	})
	m := &row.Metrics
	m[L1], m[TV], m[JSD] = Exact(x.L1), Exact(x.TV), Exact(x.JSD)
	m[KLPTTarget], m[KLTargetPT] = Exact(x.KLPTTarget), Exact(x.KLTargetPT)
	m[ELBO], m[EUBO] = Exact(x.ELBO), Exact(x.EUBO)
	m[TrajKLFwd], m[TrajKLRev] = Exact(x.TrajKLFwd), Exact(x.TrajKLRev)
	m[SAlpha] = Exact(x.SAlpha)
	return nil
}

// sampledEvaluation estimates from exact samples of the target.
type sampledEvaluation struct {
	env       env.Discrete
	sampler   env.TargetSampler
	policy    *policy.Evaluator
	ancestors *exact.Ancestors // nil where p_T(x) is out of reach
	rng       stream.Stream
	samples   []exact.TargetSample
	x         []uint64
}

func (s *sampledEvaluation) evaluate(t *Trainer, row *Row, last bool) error {
	n := t.spec.Eval.Samples
	if last {
		n = t.spec.Eval.FinalSamples
	}
	s.rng.Reset(t.spec.Streams, "evaluation", uint64(t.step))
	m := &row.Metrics
	m[Samples] = Exact(float64(n))
	if s.ancestors == nil {
		return s.bound(t, m, n)
	}
	s.samples = s.samples[:0]
	s.x = append(s.x[:0], make([]uint64, s.env.Words())...)
	for range n {
		s.sampler.SampleTarget(&s.rng, s.x)
		sample, err := s.ancestors.Evaluate(s.policy, s.x)
		if err != nil {
			return err
		}
		s.samples = append(s.samples, sample)
	}
	e := exact.FromTarget(s.samples, s.env.LogZ())
	for metric, x := range map[Metric]exact.Estimate{
		L1: e.L1, TV: e.TV, JSD: e.JSD, KLPTTarget: e.KLPTTarget, KLTargetPT: e.KLTargetPT,
		EUBO: e.EUBO, TrajKLFwd: e.TrajKLFwd,
	} {
		m[metric] = Estimated(x.Mean, x.StdErr)
	}
	return nil
}

// bound estimates the evidence upper bound from one backward trajectory to each
// of n target samples.
func (s *sampledEvaluation) bound(t *Trainer, m *[NumMetrics]Estimate, n int) error {
	w := s.env.Words()
	s.x = append(s.x[:0], make([]uint64, n*w)...)
	gaps := make([]float64, n)
	for i := range n {
		x := s.x[i*w : (i+1)*w]
		s.sampler.SampleTarget(&s.rng, x)
		gaps[i] = s.env.LogReward(x)
	}
	logPF, logPB := s.policy.Backtrack(&s.rng, s.x, n)
	for i := range gaps {
		gaps[i] += logPB[i] - logPF[i]
	}
	mean, stderr := meanStdErr(gaps)
	m[EUBO] = Estimated(mean, stderr)
	m[TrajKLFwd] = Estimated(mean-s.env.LogZ(), stderr)
	return nil
}
