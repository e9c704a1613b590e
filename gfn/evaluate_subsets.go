package gfn

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// walksPerTerminal is how many backward trajectories estimate one p_T(x), by
// the mean of p_F(τ)/p_B(τ|x), where it cannot be computed.
const walksPerTerminal = 64

// subsets measures flow consistency in subgraphs where the terminal states are
// too many to enumerate, over subsets of the distinct ones among given states.
type subsets struct {
	fcs         exact.FCS
	distinct    *env.Index
	logPT, logR []float64
}

// among takes states whose p_T is known.
func (s *subsets) among(t *Trainer, rng *stream.Stream, states []uint64, words int, known []exact.TargetSample) Estimate {
	if t.spec.FCS.Count == 0 {
		return Estimate{}
	}
	s.begin(words)
	for i := range known {
		if _, fresh := s.distinct.Add(states[i*words : (i+1)*words]); fresh {
			s.logPT = append(s.logPT, known[i].LogPT)
			s.logR = append(s.logR, known[i].LogReward)
		}
	}
	return s.estimate(t, rng)
}

// walk takes states whose p_T it estimates by backward trajectories.
func (s *subsets) walk(t *Trainer, e env.Discrete, p *policy.Evaluator, rng *stream.Stream, states []uint64) Estimate {
	if t.spec.FCS.Count == 0 {
		return Estimate{}
	}
	words := e.Words()
	s.begin(words)
	copies := make([]uint64, walksPerTerminal*words)
	ratios := make([]float64, walksPerTerminal)
	for at := 0; at < len(states); at += words {
		x := states[at : at+words]
		if _, fresh := s.distinct.Add(x); !fresh {
			continue
		}
		for i := range walksPerTerminal {
			copy(copies[i*words:], x)
		}
		logPF, logPB := p.Backtrack(rng, copies, walksPerTerminal)
		for i := range ratios {
			ratios[i] = logPF[i] - logPB[i]
		}
		s.logPT = append(s.logPT, fmath.LogSumExp(ratios)-fmath.Log(walksPerTerminal))
		s.logR = append(s.logR, e.LogReward(x))
	}
	return s.estimate(t, rng)
}

func (s *subsets) begin(words int) {
	if s.distinct == nil {
		s.distinct = env.NewIndex(words)
	}
	s.distinct.Reset()
	s.logPT, s.logR = s.logPT[:0], s.logR[:0]
}

func (s *subsets) estimate(t *Trainer, rng *stream.Stream) Estimate {
	e := s.fcs.Evaluate(s.logPT, s.logR, t.spec.FCS.Size, t.spec.FCS.Count, rng)
	return Estimated(e.Mean, e.StdErr)
}
