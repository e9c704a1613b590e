package policy

import (
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// Follow draws n trajectories from a forward policy and returns their terminal states,
// one after the other.
func Follow(e env.Discrete, p exact.Policy, rng *stream.Stream, n int) []uint64 {
	words, actions := e.Words(), e.Actions()
	states, live := make([]uint64, n*words), make([]int, n)
	for i := range live {
		live[i] = i
		e.Reset(states[i*words : (i+1)*words])
	}
	mask := make([]uint64, env.MaskWords(actions))
	rows := make([]float64, n*actions)
	var sources []uint64
	for {
		next := live[:0]
		for _, i := range live {
			if !e.Terminal(states[i*words : (i+1)*words]) {
				next = append(next, i)
			}
		}
		if live = next; len(live) == 0 {
			return states
		}
		sources = gather(sources[:0], states, live, words)
		p.LogForward(sources, len(live), rows)
		for at, i := range live {
			s := states[i*words : (i+1)*words]
			e.Mask(s, mask)
			e.Step(s, drawForward(rng.Float64(), mask, rows[at*actions:(at+1)*actions]))
		}
	}
}

// drawForward inverts the policy's distribution function at u, given its
// log-probabilities.
func drawForward(u float64, mask []uint64, row []float64) (a int) {
	sum := 0.0
	for w, m := range mask {
		for ; m != 0; m &= m - 1 {
			a = w<<6 + bits.TrailingZeros64(m)
			if sum += fmath.Exp(row[a]); u < sum {
				return a
			}
		}
	}
	return a
}
