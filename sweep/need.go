package sweep

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/suites"
	"gfnbench/sweep/machine"
)

// Bytes, as measured, that need uses.
const (
	leastParameter = 16   // including its gradient and its moments
	perParameter   = 26   // including what the kernels keep of it
	perActivation  = 8    // per unit of a layer and state of the batch
	perAction      = 16   // per state of the batch: logits, log-probabilities, their gradient
	perStep        = 96   // of a trajectory, without the code of its state
	perNode        = 48   // of the state graph, without the code
	perEdge        = 24   // of the graph
	perRow         = 1000 // for an evaluation, kept until the cell ends
	perTrainer     = 2e6  // everything else
	leastKept      = 4    // per parameter of a network that is kept
	perKept        = 12   // including the file, whose numbers are there twice while it is made
	chunk          = 512  // states for which an evaluation asks the policy at once
)

// A need is the memory that training a cell takes, in bytes.
type need struct {
	least  float64 // certainly, as a lower bound
	own    float64 // estimate while it is trained
	shared float64 // estimate, shared by all cells of its instance from the first on
}

// total returns all of it.
func (n need) total() float64 { return n.own + n.shared }

// needOf estimates the memory that training a cell takes: for its network and those that
// are kept of it, for the backward pass over a batch, for evaluating the states, and for
// what the environment keeps. A test checks that it is within a factor of three of
// measurements above a few megabytes.
func needOf(c *suites.Cell) need {
	batch, states := c.Value("batch").Float(), c.Instance().Env.Capabilities().States
	length, words := 1.0, 1.0
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		length, words = float64(e.MaxSteps()), float64(e.Words())
	case env.Continuous:
		length = float64(e.Dim())
	}
	parameters, units, outputs := networkOf(c)
	trained := math.Min(math.Max(batch*length, chunk), states) // equal states are evaluated once
	rows := math.Ceil(c.Value("steps").Float()/c.Value("eval_every").Float()) + 1
	kept := keptNumbers(c)
	n := need{least: leastParameter*parameters + leastKept*kept, own: perTrainer + perParameter*parameters + perRow*rows + perKept*kept}
	n.own += trained*(perActivation*units+perAction*outputs) + batch*length*(perStep+16*words)
	n.add(evaluationNeed(c, words))
	if e, ok := c.Instance().Env.(env.Keeper); ok {
		n.shared += e.Kept()
	}
	return n
}

// networkOf returns the size of the cell's network, without biases.
func networkOf(c *suites.Cell) (parameters, units, outputs float64) {
	width := 0.0
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		width, outputs = float64(e.Features()), float64(e.Actions())
	case env.Continuous:
		width, outputs = float64(e.Dim()), 3*c.Value("policy.components").Float()
	}
	for _, h := range c.Value("policy.hidden").Ints() {
		parameters += width * float64(h)
		units += float64(h)
		width = float64(h)
	}
	return parameters + width*outputs, units, outputs
}

// keptNumbers returns how many parameters the cell's kept networks have together.
func keptNumbers(c *suites.Cell) float64 {
	k := c.Keep()
	if k == nil {
		return 0
	}
	networks := 0
	for _, one := range []bool{k.Final, k.Best} {
		if one {
			networks++
		}
	}
	for _, step := range k.Steps {
		if step <= c.Value("steps").Int() {
			networks++
		}
	}
	parameters, _, _ := networkOf(c)
	return float64(networks) * parameters
}

func (n *need) add(m need) { n.own, n.shared = n.own+m.own, n.shared+m.shared }

// evaluationNeed estimates the memory of exact evaluation: over all states or, if
// they are too many, over the ancestors of a sample.
func evaluationNeed(c *suites.Cell, words float64) need {
	e, ok := c.Instance().Env.(env.Discrete)
	if !ok || c.Value("eval.mode").Text() == "sampled" {
		return need{}
	}
	learned := c.Value("backward").Text() == "learned"
	limit := c.Value("eval.max_states")
	if !limit.IsNull() && c.Instance().Enumerable(limit.Int()).OK {
		states := e.Capabilities().States
		edges := states * math.Max(1, float64(e.Actions())/2)
		n := need{own: 24*states + 10*edges, shared: (8*words+perNode)*states + perEdge*edges}
		if learned {
			n.own += 8*states + 20*edges
		}
		if !c.Value("alpha").IsNull() {
			n.own += 8 * (states + edges)
		}
		return n
	}
	if u, ok := e.(env.Unordered); ok && u.MaxSteps() <= exact.MaxTerminalActions {
		subsets, actions := math.Exp2(float64(u.MaxSteps())), float64(u.MaxSteps())
		n := need{own: subsets * (8*words + 12)}
		if learned {
			n.own += 18 * subsets * actions
		}
		return n
	}
	return need{}
}

// totalMemory returns the machine's memory, or 0 if unknown.
func totalMemory() float64 {
	l, _ := machine.Memory() // zero if it is unknown
	return l.Total
}
