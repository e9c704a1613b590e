package policy

import (
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// Backtrack draws one backward trajectory from each of n terminal states with the
// backward policy and returns its log p_F(τ) and log p_B(τ|x). It walks the states back
// to s0 in place.
func (e *Evaluator) Backtrack(rng *stream.Stream, states []uint64, n int) (logPF, logPB []float64) {
	return Backtrack(e.env, e, e.heads.Backward > 0, rng, states, n)
}

// Backtrack is like Evaluator.Backtrack for any policy. It uses the policy's backward
// policy if learned is set, and the uniform one otherwise.
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

// drawBackward inverts the distribution function of the backward policy at u. The policy
// is uniform if row is empty; otherwise row holds its log-probabilities.
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
