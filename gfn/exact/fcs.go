package exact

import (
	"math"

	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// References:
//
//	T. da Silva, Alves, E. da Silva, Souza, Garg, Kaski, Mesquita. When do
//	GFlowNets learn the right distribution? ICLR 2025.

// FCS estimates flow consistency in subgraphs: the expected total variation between p_T
// and the target π, both restricted to a random subset B of terminal states and
// renormalised there. The definition allows any distribution over subsets of one size
// that can draw each of them; here all are equally likely.
//
// It takes logs of p_T and of r (or of π) at every terminal state, both up to a constant,
// and draws count subsets of size members without replacement. A subset that only one of
// p_T and π can reach has total variation 1; a subset that neither can reach has 0. If
// size is at least the number of terminal states, the result is the total variation
// itself with standard error 0.
type FCS struct {
	chosen  []uint64 // bit set of the members of the current subset
	members []int
	p, q    []float64
}

// Evaluate returns the mean over subsets and its standard error.
func (f *FCS) Evaluate(logPT, logR []float64, size, count int, rng *stream.Stream) Estimate {
	n := len(logPT)
	if size >= n {
		size, count = n, 1
	}
	if words := (n + 63) / 64; len(f.chosen) < words {
		f.chosen = make([]uint64, words)
	}
	if cap(f.p) < size {
		f.p, f.q, f.members = make([]float64, size), make([]float64, size), make([]int, size)
	}
	sum, squares := 0.0, 0.0
	for range count {
		f.draw(n, size, rng)
		p, q := f.p[:size], f.q[:size]
		for i, m := range f.members {
			p[i], q[i] = logPT[m], logR[m]
		}
		d := Variation(p, q)
		sum += d
		squares += float64(d * d)
	}
	mean := sum / float64(count)
	if size == n {
		return Estimate{mean, 0}
	}
	spread := max(0, squares-float64(sum*mean))
	return Estimate{mean, math.Sqrt(spread / float64(count-1) / float64(count))}
}

// draw chooses size of n members, with all subsets equally likely, by Floyd's algorithm
// (Bentley and Floyd 1987).
func (f *FCS) draw(n, size int, rng *stream.Stream) {
	f.members = f.members[:0]
	for last := n - size; last < n; last++ {
		m := rng.IntN(last + 1)
		if f.chosen[m>>6]>>(m&63)&1 != 0 {
			m = last
		}
		f.chosen[m>>6] |= 1 << (m & 63)
		f.members = append(f.members, m)
	}
	for _, m := range f.members {
		f.chosen[m>>6] &^= 1 << (m & 63)
	}
}

// Variation returns the total variation between the distributions whose logs, up to
// constants, are p and q. It overwrites both. If one of them is all -Inf, the result is
// 1.
func Variation(p, q []float64) float64 {
	some := normalise(p)
	if other := normalise(q); !some || !other {
		if some == other {
			return 0
		}
		return 1
	}
	sum := 0.0
	for i := range p {
		sum += math.Abs(p[i] - q[i])
	}
	return sum / 2
}

// normalise turns logs into probabilities. It reports whether any is positive.
func normalise(x []float64) bool {
	top := largest(x)
	if math.IsInf(top, -1) {
		return false
	}
	for i := range x {
		x[i] -= top
	}
	vec.Exp(x, x)
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	for i := range x {
		x[i] /= sum
	}
	return true
}
