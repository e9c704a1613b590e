package exact

import (
	"math"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// A chain is the target over trajectories p_B(τ) = r(x) p_B(τ|x)/Z, written as a Markov
// chain that runs forward. The flows are F(x) = r(x) for terminal states and F(s) =
// Σ_children F(s') P_B(s|s'). The chain moves from s to s' with probability P(s'|s) =
// F(s') P_B(s|s')/F(s), and visits s with probability F(s)/Z (Bengio et al. 2023, Sec.
// 2). Everything that compares p_F with p_B over trajectories is then a sum over
// transitions.
type chain struct {
	logFlow []float64 // log F of each node
	logStep []float64 // log P(s'|s) of each edge; -Inf if F(s) is 0
	scratch []float64 // edges of one layer
	logs    []float64 // log n
}

func newChain(g *Graph) *chain {
	c := &chain{
		logFlow: make([]float64, g.Nodes()),
		logStep: make([]float64, g.Edges()),
		scratch: make([]float64, g.widest),
	}
	most := int32(0)
	for _, n := range g.parents {
		most = max(most, n)
	}
	c.logs = make([]float64, most+1)
	for n := range c.logs {
		c.logs[n] = fmath.Log(float64(n))
	}
	return c
}

// solve computes the chain of a backward policy from its log-probability at each edge;
// nil means the uniform policy.
func (c *chain) solve(g *Graph, logPB []float64) {
	for i, node := range g.terminals {
		c.logFlow[node] = g.logR[i]
	}
	for l := len(g.layers) - 2; l >= 0; l-- {
		start, end := g.layers[l], g.layers[l+1]
		first := g.first[start]
		edges := c.logStep[first:g.first[end]]
		// log F(s') + log P_B(s|s') of the layer's edges.
		for i := range edges {
			e := int(first) + i
			child := g.child[e]
			if logPB == nil {
				edges[i] = c.logFlow[child] - c.logs[g.parents[child]]
			} else {
				edges[i] = c.logFlow[child] + logPB[e]
			}
		}
		// The log-sum over each node's edges gives its flow. Subtract the largest term
		// first.
		exp := c.scratch[:len(edges)]
		for node := start; node < end; node++ {
			from, to := g.first[node]-first, g.first[node+1]-first
			top := largest(edges[from:to])
			if from < to {
				c.logFlow[node] = top
			}
			if math.IsInf(top, -1) {
				top = 0
			}
			for i := from; i < to; i++ {
				exp[i] = edges[i] - top
			}
		}
		vec.Exp(exp, exp)
		// Normalise the edges by the flow.
		for node := start; node < end; node++ {
			from, to := g.first[node]-first, g.first[node+1]-first
			if from == to || math.IsInf(c.logFlow[node], -1) {
				continue // terminal or without flow: the steps are -Inf already
			}
			c.logFlow[node] += fmath.Log(vec.Sum(exp[from:to]))
			for i := from; i < to; i++ {
				edges[i] -= c.logFlow[node]
			}
		}
	}
}

// largest returns the maximum of x, or -Inf if x is empty.
func largest(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		if v > top {
			top = v
		}
	}
	return top
}
