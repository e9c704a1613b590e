package policy

import (
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// Backtrack draws one trajectory from the backward policy to each of n terminal
// states and returns its log p_F(τ) and log p_B(τ|x). The states are walked back
// to s0 in place.
func (e *Evaluator) Backtrack(rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64) {
	return Backtrack(e.env, e, e.heads.Backward > 0, rng, states, n)
}

// Backtrack does what the method does, with any policy: its backward policy where
// that is learned, the uniform one elsewhere.
func Backtrack(e env.Discrete, p exact.Policy, learned bool, rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64) {
	words, back := e.Words(), 0
	if learned {
		back = e.BackwardActions()
	}
	logPF, logPB = make([]float64, n), make([]float64, n)
	live, actions := make([]int, n), make([]int, n)
	for i := range live {
		live[i] = i
	}
	mask := make([]uint64, env.MaskWords(e.BackwardActions()))
	rows := make([]float64, n*max(e.Actions(), back))
	var parents []uint64
	for {
		next := live[:0]
		for _, i := range live {
			if e.Parents(states[i*words:(i+1)*words]) > 0 {
				next = append(next, i)
			}
		}
		if live = next; len(live) == 0 {
			return logPF, logPB
		}
		parents = gather(parents[:0], states, live, words)
		if learned {
			p.LogBackward(parents, len(live), rows)
		}
		for at, i := range live {
			s := states[i*words : (i+1)*words]
			e.BackwardMask(s, mask)
			b, logP := drawBackward(rng.Float64(), mask, rows[at*back:(at+1)*back])
			logPB[i] += logP
			actions[i] = e.StepBack(s, b)
		}
		parents = gather(parents[:0], states, live, words)
		p.LogForward(parents, len(live), rows)
		for at, i := range live {
			logPF[i] += rows[at*e.Actions()+actions[i]]
		}
	}
}

// gather copies the live states into consecutive rows.
func gather(dst, states []uint64, live []int, words int) []uint64 {
	for _, i := range live {
		dst = append(dst, states[i*words:(i+1)*words]...)
	}
	return dst
}

// drawBackward inverts the backward policy's distribution function at u: the
// uniform one where row is empty, or the learned one of its log-probabilities.
func drawBackward(u float64, mask []uint64, row []float64) (b int, logP float64) {
	count := 0
	for _, m := range mask {
		count += bits.OnesCount64(m)
	}
	sum := 0.0
	for w, m := range mask {
		for ; m != 0; m &= m - 1 {
			b = w<<6 + bits.TrailingZeros64(m)
			p := 1 / float64(count)
			if len(row) > 0 {
				p = fmath.Exp(row[b])
			}
			if sum += p; u < sum {
				break
			}
		}
		if u < sum {
			break
		}
	}
	if len(row) > 0 {
		return b, row[b]
	}
	return b, -fmath.Log(float64(count))
}
