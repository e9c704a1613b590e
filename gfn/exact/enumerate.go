package exact

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
)

// A Graph holds an environment's states, found once by breadth-first search from s0 and
// numbered in that order. Node 0 is s0. The nodes of a layer, all at the same number of
// steps from s0, are consecutive, and so are the edges out of a node, in order of their
// actions. A Graph is immutable and safe for concurrent use.
type Graph struct {
	env    env.Discrete
	index  *env.Index
	layers []int32  // first node of each layer; the last element is the number of nodes
	first  []int32  // first edge out of each node; the last element is the number of edges
	child  []int32  // node each edge leads to
	action []uint16 // forward action of each edge
	back   []uint16 // backward action that undoes it

	parents   []int32   // number of edges into each node
	inner     []int32   // non-terminal nodes
	terminals []int32   // terminal nodes
	logR      []float64 // log r of each terminal
	logZ      float64
	logPi     []float64 // log r - log Z of each terminal
	uniform   *chain    // the target under the uniform backward policy
	widest    int       // largest number of edges out of a layer
}

// A LimitError reports that an environment has more states than allowed.
type LimitError struct {
	Environment string // kind
	Limit       int    // states allowed; the search found one more and stopped
}

// Error names the environment, the limit and what to do.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s has more than %d states: it cannot be enumerated; raise eval.max_states, or evaluate on samples", e.Environment, e.Limit)
}

// Enumerate finds all states of e, terminal ones included. If there are more than limit
// states, the error is a *LimitError; other errors are defects of the environment.
func Enumerate(e env.Discrete, limit int) (*Graph, error) {
	if e.Actions() > math.MaxUint16 || e.BackwardActions() > math.MaxUint16 {
		return nil, fmt.Errorf("%s has more than %d actions: it cannot be enumerated", e.Kind(), math.MaxUint16)
	}
	g := &Graph{env: e, index: env.NewIndex(e.Words())}
	x := make([]uint64, e.Words())
	e.Reset(x)
	g.index.Add(x)
	g.parents = append(g.parents, 0)
	mask := make([]uint64, env.MaskWords(e.Actions()))
	for end := 0; end < g.index.Len(); {
		start := end
		end = g.index.Len()
		g.layers = append(g.layers, int32(start))
		for node := start; node < end; node++ {
			if err := g.expand(node, end, min(limit, math.MaxInt32-1), mask, x); err != nil {
				return nil, err
			}
		}
		from := g.first[start]
		g.widest = max(g.widest, len(g.child)-int(from))
	}
	if len(g.child) > math.MaxInt32 {
		return nil, fmt.Errorf("%s has more than %d transitions: it cannot be enumerated", e.Kind(), math.MaxInt32)
	}
	g.layers = append(g.layers, int32(g.index.Len()))
	g.first = append(g.first, int32(len(g.child)))
	g.logZ = fmath.LogSumExp(g.logR)
	g.logPi = make([]float64, len(g.logR))
	for i, r := range g.logR {
		g.logPi[i] = r - g.logZ
	}
	g.uniform = newChain(g)
	g.uniform.solve(g, nil)
	return g, nil
}

// expand adds the edges out of a node. New states join the layer that starts at node
// number next.
func (g *Graph) expand(node, next, limit int, mask, x []uint64) error {
	e := g.env
	copy(x, g.index.Code(node))
	if node > 0 && e.Parents(x) != int(g.parents[node]) {
		return fmt.Errorf("%s: state %s is reached from %d states but has %d backward actions", e.Kind(), e.Format(x), g.parents[node], e.Parents(x))
	}
	g.first = append(g.first, int32(len(g.child)))
	e.Mask(x, mask)
	terminal := true
	if end := e.Terminal(x); end && slices.Max(mask) != 0 {
		return fmt.Errorf("%s: state %s is terminal and has legal actions: its mask must be zero", e.Kind(), e.Format(x))
	}
	for w, m := range mask {
		for ; m != 0; m &= m - 1 {
			terminal = false
			a := w<<6 + bits.TrailingZeros64(m)
			copy(x, g.index.Code(node))
			b := e.Step(x, a)
			child, fresh := g.index.Add(x)
			if child < next {
				return fmt.Errorf("%s: state %s is reached by paths of different lengths", e.Kind(), e.Format(x))
			}
			if fresh {
				if g.index.Len() > limit {
					return &LimitError{Environment: e.Kind(), Limit: limit}
				}
				g.parents = append(g.parents, 0)
			}
			g.parents[child]++
			g.child = append(g.child, int32(child))
			g.action = append(g.action, uint16(a))
			g.back = append(g.back, uint16(b))
		}
	}
	if terminal {
		g.terminals = append(g.terminals, int32(node))
		g.logR = append(g.logR, e.LogReward(x))
	} else {
		g.inner = append(g.inner, int32(node))
	}
	return nil
}

// Nodes returns the number of states, terminal ones included.
func (g *Graph) Nodes() int { return g.index.Len() }

// Edges returns the number of transitions.
func (g *Graph) Edges() int { return len(g.child) }

// Terminals returns the number of terminal states.
func (g *Graph) Terminals() int { return len(g.terminals) }

// Terminal returns the code of terminal state i, 0 <= i < Terminals().
func (g *Graph) Terminal(i int) []uint64 { return g.index.Code(int(g.terminals[i])) }

// Find returns the index of the terminal state x, or -1.
func (g *Graph) Find(x []uint64) int {
	i, ok := slices.BinarySearch(g.terminals, int32(g.index.Find(x)))
	if !ok {
		return -1
	}
	return i
}

// LogRewards returns log r of the terminal states, in nats; read only.
func (g *Graph) LogRewards() []float64 { return g.logR }

// LogTarget returns log r(x)/Z of the terminal states; read only.
func (g *Graph) LogTarget() []float64 { return g.logPi }

// LogZ returns the log of the sum of all rewards, in nats.
func (g *Graph) LogZ() float64 { return g.logZ }
