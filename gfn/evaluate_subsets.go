package gfn

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// walksPerTerminal is how many backward trajectories estimate one p_T(x), by the mean of
// p_F(τ)/p_B(τ|x), if it cannot be computed.
const walksPerTerminal = 64

// subsets measures flow consistency in subgraphs if there are too many terminal states to
// enumerate. A subset consists of the distinct states in a group of given states. Groups
// do not overlap, so subsets are independent. Their size is the same in every evaluation
// of a run, however many samples the last one takes, because total variation grows with
// the subset.
type subsets struct {
	distinct    *env.Index
	logPT, logR []float64
	variations  []float64
}

// among measures subsets of states whose p_T is known, in groups of at most group states.
func (s *subsets) among(t *Trainer, states []uint64, words, group int, known []exact.TargetSample) Estimate {
	return s.measure(t, states, words, group, func(i int, _ []uint64) (logPT, logR float64) {
		return known[i].LogPT, known[i].LogReward
	})
}

// walk measures subsets of states whose p_T it estimates from backward trajectories, in
// groups of at most group states.
func (s *subsets) walk(t *Trainer, e env.Discrete, p walker, rng *stream.Stream, states []uint64, group int) Estimate {
	logPT := walked(e, p, rng)
	return s.measure(t, states, e.Words(), group, func(_ int, x []uint64) (float64, float64) { return logPT(x), e.LogReward(x) })
}

// walked returns a function that estimates log p_T(x) from backward trajectories.
func walked(e env.Discrete, p walker, rng *stream.Stream) func(x []uint64) float64 {
	copies := make([]uint64, walksPerTerminal*e.Words())
	ratios := make([]float64, walksPerTerminal)
	return func(x []uint64) float64 {
		for i := range walksPerTerminal {
			copy(copies[i*e.Words():], x)
		}
		logPF, logPB := p.Backtrack(rng, copies, walksPerTerminal)
		for i := range ratios {
			ratios[i] = logPF[i] - logPB[i]
		}
		return fmath.LogSumExp(ratios) - fmath.Log(walksPerTerminal)
	}
}

// measure returns the mean over at most fcs.count groups of fcs.size states each, or
// limit if that is less. It calls masses once for each state.
func (s *subsets) measure(t *Trainer, states []uint64, words, limit int, masses func(i int, x []uint64) (logPT, logR float64)) Estimate {
	f, n := t.spec.FCS, len(states)/words
	group := min(f.Size, limit, n)
	if f.Count == 0 || n == 0 {
		return Estimate{}
	}
	if s.distinct == nil {
		s.distinct = env.NewIndex(words)
	}
	s.variations = s.variations[:0]
	for lo := 0; lo+group <= n && len(s.variations) < f.Count; lo += group {
		s.distinct.Reset()
		s.logPT, s.logR = s.logPT[:0], s.logR[:0]
		for i := lo; i < lo+group; i++ {
			x := states[i*words : (i+1)*words]
			if _, fresh := s.distinct.Add(x); fresh {
				logPT, logR := masses(i, x)
				s.logPT, s.logR = append(s.logPT, logPT), append(s.logR, logR)
			}
		}
		s.variations = append(s.variations, exact.Variation(s.logPT, s.logR))
	}
	return Estimated(meanStdErr(s.variations))
}
