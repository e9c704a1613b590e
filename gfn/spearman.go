package gfn

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// HeldOut returns n distinct terminal states, or as many as it finds, that are the same
// for every run in the instance. Half of them are samples of the target, if it can be
// sampled; the others are samples of the uniform policy. Together they have rewards of
// all sizes. The environment must be discrete.
func (in *Instance) HeldOut(n int) []uint64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	if states, ok := in.held[n]; ok {
		return states
	}
	e := in.Env.(env.Discrete)
	rng := stream.NewKey("held out", e.Kind()).Stream("states", uint64(n))
	distinct, w := env.NewIndex(e.Words()), e.Words()
	if sampler, ok := e.(env.TargetSampler); ok && e.Capabilities().TargetSamples.OK {
		x := make([]uint64, w)
		for range 10 * n {
			if distinct.Len() >= n/2 {
				break
			}
			sampler.SampleTarget(rng, x)
			distinct.Add(x)
		}
	}
	for range 10 {
		states := policy.Follow(e, uniform{e}, rng, n)
		for ; len(states) > 0 && distinct.Len() < n; states = states[w:] {
			distinct.Add(states[:w])
		}
	}
	in.held[n] = distinct.Codes()
	return in.held[n]
}

// uniform is the uniform policy over legal actions.
type uniform struct{ env env.Discrete }

func (u uniform) LogForward(states []uint64, n int, dst []float64) {
	rows(u.env.Mask, states, u.env.Words(), u.env.Actions(), dst)
}

func (u uniform) LogBackward(states []uint64, n int, dst []float64) {
	rows(u.env.BackwardMask, states, u.env.Words(), u.env.BackwardActions(), dst)
}

// rows writes rows of log-probabilities that are equal for all legal actions.
func rows(legal func(s, mask []uint64), states []uint64, words, actions int, dst []float64) {
	mask := make([]uint64, env.MaskWords(actions))
	for ; len(states) > 0; states, dst = states[words:], dst[actions:] {
		legal(states[:words], mask)
		count := 0
		for a := range actions {
			count += int(mask[a>>6] >> (a & 63) & 1)
		}
		for a := range actions {
			if dst[a] = fmath.Log(0); mask[a>>6]>>(a&63)&1 == 1 {
				dst[a] = -fmath.Log(float64(count))
			}
		}
	}
}

// spearman sets the rank correlation of p_T, as returned by logPT, with the reward over
// held-out states.
func spearman(t *Trainer, m *[metric.NumEvaluated]Estimate, e env.Discrete, logPT func(x []uint64) float64) {
	var p, r []float64
	for x, w := t.instance.HeldOut(t.spec.Eval.HeldOut), e.Words(); len(x) > 0; x = x[w:] {
		p, r = append(p, logPT(x[:w])), append(r, e.LogReward(x[:w]))
	}
	if c := exact.RankCorrelation(p, r); c.Mean == c.Mean {
		m[metric.Spearman] = Estimated(c.Mean, c.StdErr)
	}
}

// spearman uses the exact p_T.
func (g *graphEvaluation) spearman(t *Trainer, m *[metric.NumEvaluated]Estimate) {
	if t.spec.Eval.HeldOut == 0 {
		return
	}
	spearman(t, m, t.instance.Env.(env.Discrete), func(x []uint64) float64 { return g.evaluator.LogPT()[g.graph.Find(x)] })
}

// spearman estimates p_T from backward trajectories, as is usual in the field.
func (s *sampledEvaluation) spearman(t *Trainer, m *[metric.NumEvaluated]Estimate) {
	if t.spec.Eval.HeldOut == 0 {
		return
	}
	var rng stream.Stream
	rng.Reset(t.spec.Streams, "held out", uint64(t.step))
	spearman(t, m, s.env, walked(s.env, s.policy, &rng))
}
