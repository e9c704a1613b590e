package envtest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
)

// graph is the whole state space, with states numbered level by level.
type graph struct {
	states    *env.Index
	depth     []int
	children  [][]int // by state, in order of the actions
	terminals []int
	logR      []float64 // of the terminal states
	logZ      float64
}

// checkEnumeration visits every state, if there are few enough, and compares with what is
// declared.
func (c *discrete) checkEnumeration() error {
	declared := c.Capabilities()
	if !math.IsInf(declared.States, 1) && declared.States > float64(c.states) {
		return nil
	}
	g := &graph{states: env.NewIndex(c.Words()), depth: []int{0}}
	g.states.Add(c.source)
	for i := 0; i < g.states.Len(); i++ {
		if g.states.Len() > c.states {
			if math.IsInf(declared.States, 1) {
				return nil
			}
			return fmt.Errorf("more than the %v states that are declared", declared.States)
		}
		if err := c.expand(g, i); err != nil {
			return err
		}
	}
	c.graph = g
	return errors.Join(c.checkCounts(), c.checkCodes())
}

// expand checks state i and adds its children.
func (c *discrete) expand(g *graph, i int) error {
	s := slices.Clone(g.states.Code(i))
	forward, backward, err := c.checkState(s)
	if err != nil {
		return err
	}
	children := make([]int, len(forward))
	for k, a := range forward {
		child, _ := c.step(s, a)
		j, fresh := g.states.Add(child)
		if fresh {
			g.depth = append(g.depth, g.depth[i]+1)
		}
		if g.depth[j] != g.depth[i]+1 {
			return c.at(child, "paths of %d and %d steps lead there", g.depth[j], g.depth[i]+1)
		}
		children[k] = j
	}
	g.children = append(g.children, children)
	for _, b := range backward {
		parent, _ := c.stepBack(s, b)
		if j := g.states.Find(parent); j < 0 || g.depth[j] != g.depth[i]-1 {
			return c.at(s, "backward action %d leads to %s, which cannot be reached from s0 in %d steps", b, c.Format(parent), g.depth[i]-1)
		}
	}
	if len(forward) == 0 {
		g.terminals = append(g.terminals, i)
		g.logR = append(g.logR, c.LogReward(s))
	}
	return nil
}

func (c *discrete) checkCounts() error {
	declared := c.Capabilities()
	states, terminals := float64(c.graph.states.Len()), float64(len(c.graph.terminals))
	switch {
	case !math.IsInf(declared.States, 1) && declared.States != states:
		return fmt.Errorf("%v states are declared, there are %v", declared.States, states)
	case !math.IsInf(declared.Terminals, 1) && declared.Terminals != terminals:
		return fmt.Errorf("%v terminal states are declared, there are %v", declared.Terminals, terminals)
	}
	if longest := slices.Max(c.graph.depth); longest != c.MaxSteps() {
		return fmt.Errorf("MaxSteps is %d, the longest trajectory has %d steps", c.MaxSteps(), longest)
	}
	return nil
}

// checkCodes requires different features for different nonterminal states, and different
// texts for different terminal ones.
func (c *discrete) checkCodes() error {
	seen := map[string]int{}
	for i := range c.graph.states.Len() {
		s := c.graph.states.Code(i)
		name := "features " + fmt.Sprint(c.AppendFeatures(nil, s))
		if c.Terminal(s) {
			name = "format " + c.Format(s)
		}
		if j, ok := seen[name]; ok {
			return c.at(s, "%s are also those of %s", name, c.Format(c.graph.states.Code(j)))
		}
		seen[name] = i
	}
	return nil
}

// checkMass pushes probability forward under an arbitrary policy and backward from r/Z
// under the uniform one. Both must arrive in full.
func (c *discrete) checkMass() error {
	g := c.graph
	if g == nil {
		return nil
	}
	p := make([]float64, g.states.Len())
	p[0] = 1
	for i, children := range g.children {
		weights := make([]float64, len(children))
		total := 0.0
		for k := range children {
			weights[k] = float64(1 + (i*7+k*13)%11)
			total += weights[k]
		}
		for k, j := range children {
			p[j] += float64(p[i]*weights[k]) / total
		}
	}
	sum := 0.0
	for _, i := range g.terminals {
		sum += p[i]
	}
	if math.Abs(sum-1) > 1e-9 {
		return fmt.Errorf("a policy's terminal probabilities sum to %v", sum)
	}
	flow := make([]float64, g.states.Len())
	copy(flow, c.target())
	for i := len(flow) - 1; i >= 0; i-- {
		for _, j := range g.children[i] {
			flow[i] += flow[j] / float64(c.Parents(g.states.Code(j)))
		}
	}
	if math.Abs(flow[0]-1) > 1e-9 {
		return fmt.Errorf("backward sampling from r/Z arrives at s0 with probability %v", flow[0])
	}
	return nil
}

// target returns r/Z by enumeration for every state, 0 for nonterminal ones.
func (c *discrete) target() []float64 {
	g := c.graph
	if g.logZ == 0 {
		g.logZ = logSumExp(g.logR)
	}
	p := make([]float64, g.states.Len())
	for k, i := range g.terminals {
		p[i] = fmath.Exp(g.logR[k] - g.logZ)
	}
	return p
}

// logSumExp sums with compensation (Neumaier 1974).
func logSumExp(v []float64) float64 {
	top := slices.Max(v)
	sum, lost := 0.0, 0.0
	for _, x := range v {
		x = fmath.Exp(x - top)
		next := sum + x
		if sum >= x {
			lost += (sum - next) + x
		} else {
			lost += (x - next) + sum
		}
		sum = next
	}
	return top + fmath.Log(sum+lost)
}

func (c *discrete) checkLogZ() error {
	if c.graph == nil || !c.Capabilities().LogZ.OK {
		return nil
	}
	if want := logSumExp(c.graph.logR); !near(c.LogZ(), want) {
		return fmt.Errorf("%v is declared, enumeration gives %v", c.LogZ(), want)
	}
	return nil
}
