package exact

import (
	"math"
	"slices"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// These are estimators of L1 for studies without an exact p_T, run on a graph where p_T
// is known. What chance adds to L1 can therefore be computed alongside.

// walks holds what drawing backward trajectories on a graph needs.
type walks struct {
	into   []int32 // edges in order of their children
	offset []int32 // where each node's edges start in into
	source []int32 // node that each edge leaves
	step   []float64
	second []float64 // log Σ_τ p_F(τ)²/p_B(τ|x) at each node
}

func newWalks(g *Graph) *walks {
	w := &walks{into: g.edgesInto(), offset: make([]int32, g.Nodes()+1), source: make([]int32, g.Edges()),
		step: make([]float64, g.Edges()), second: make([]float64, g.Nodes())}
	for node, n := range g.parents {
		w.offset[node+1] = w.offset[node] + n
	}
	for node := range g.Nodes() {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			w.source[edge] = int32(node)
		}
	}
	return w
}

// BackwardL1 returns the L1 of the policy of the last Evaluate as da Silva et al. (2024)
// estimate it: p_T(x) is estimated by the mean of p_F(τ)/p_B(τ|x) over m trajectories to
// each x from the backward policy. It also returns the floor, the L1 that chance alone
// gives if p_T is the target,
//
//	√(2/(πm)) Σ_x π(x) sd(p_F/p_B | x)/p_T(x),
//
// by the normal approximation to the mean, with the exact standard deviation given x.
func (e *Evaluator) BackwardL1(rng *stream.Stream, m int, learnedBackward bool) (l1, floor float64) {
	g := e.g
	if e.walks == nil {
		e.walks = newWalks(g)
	}
	w := e.walks
	logPB := func(edge int32) float64 { return -g.uniform.logs[g.parents[g.child[edge]]] }
	if learnedBackward {
		logPB = func(edge int32) float64 { return e.logPB[edge] }
	}
	for edge := range w.step {
		w.step[edge] = float64(2*e.logPF[edge]) - logPB(int32(edge))
	}
	e.forward(w.step, w.second)
	for i, node := range g.terminals {
		p, pi := 0.0, fmath.Exp(g.logPi[i])
		for range m {
			p += fmath.Exp(e.walk(rng, node, logPB))
		}
		l1 += math.Abs(p/float64(m) - pi)
		if spread := w.second[node] - float64(2*e.logPT[i]); spread > 0 { // NaN if p_T is 0
			floor += float64(pi * math.Sqrt(fmath.Exp(spread)-1))
		}
	}
	return l1, float64(floor * normalFloor(m))
}

// BackwardFloor estimates the floor of [Evaluator.BackwardL1] from target samples with a
// known Spread.
func BackwardFloor(samples []TargetSample, m int) Estimate {
	return estimate(len(samples), func(i int) float64 { return float64(normalFloor(m) * math.Sqrt(samples[i].Spread)) })
}

// normalFloor returns E|mean of m normal variables of variance 1|.
func normalFloor(m int) float64 { return math.Sqrt(2 / math.Pi / float64(m)) }

// walk draws a trajectory from the backward policy and returns log p_F - log p_B.
func (e *Evaluator) walk(rng *stream.Stream, node int32, logPB func(edge int32) float64) (logW float64) {
	w := e.walks
	for node != 0 {
		into := w.into[w.offset[node]:w.offset[node+1]]
		edge := into[0]
		if len(into) > 1 {
			u, sum := rng.Float64(), 0.0
			for _, edge = range into {
				if sum += fmath.Exp(logPB(edge)); u < sum {
					break
				}
			}
		}
		logW += e.logPF[edge] - logPB(edge)
		node = w.source[edge]
	}
	return logW
}

// HistogramL1 returns the L1 between the target and a histogram of n independent samples
// from the policy of the last Evaluate.
func (e *Evaluator) HistogramL1(rng *stream.Stream, n int) float64 {
	cumulative, sum := make([]float64, len(e.logPT)), 0.0
	for i, p := range e.logPT {
		sum += fmath.Exp(p)
		cumulative[i] = sum
	}
	counts := make([]int, len(cumulative))
	for range n {
		u := float64(rng.Float64() * sum)
		i, _ := slices.BinarySearchFunc(cumulative, u, func(c, u float64) int {
			if c > u {
				return 1
			}
			return -1
		})
		counts[min(i, len(counts)-1)]++
	}
	l1 := 0.0
	for i, k := range counts {
		l1 += math.Abs(float64(k)/float64(n) - fmath.Exp(e.g.logPi[i]))
	}
	return l1
}

// HistogramFloor returns the expected L1 between the target and a histogram of n
// independent samples from it, Σ_x E|k/n - π(x)| with k binomial. De Moivre's formula for
// the mean deviation is exact: with v = ⌊nπ⌋ + 1,
//
//	E|k/n - π| = 2 (v/n) C(n,v) π^v (1-π)^(n-v+1)
//
// (Diaconis and Zabell: Closed form summation for classical distributions.
// Statistical Science 6, 1991).
func (g *Graph) HistogramFloor(n int) float64 {
	floor := 0.0
	for _, logPi := range g.logPi {
		floor += meanDeviation(n, logPi)
	}
	return floor
}

// meanDeviation returns E|k/n - p| of a binomial k, given log p.
func meanDeviation(n int, logP float64) float64 {
	p := fmath.Exp(logP)
	if p == 0 || p >= 1 {
		return 0
	}
	v, size := math.Floor(float64(float64(n)*p))+1, float64(n)
	if v > size {
		v = size
	}
	choose := fmath.Lgamma(size+1) - fmath.Lgamma(v+1) - fmath.Lgamma(size-v+1)
	log := choose + float64(v*logP) + float64((size-v+1)*fmath.Log(1-p))
	return float64(2 * v / size * fmath.Exp(log))
}
