package envtest

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"gfnbench/gfn/env"
)

// CheckDiscrete returns an error for every property that e lacks, joined, or nil.
func CheckDiscrete(e env.Discrete, opts ...Option) error {
	c := &discrete{Discrete: e, options: newOptions(opts)}
	c.source = make([]uint64, e.Words())
	return runAll(e.Kind(), []check[*discrete]{
		{"declaration", (*discrete).checkDeclaration},
		{"walks", (*discrete).checkWalks},
		{"enumeration", (*discrete).checkEnumeration},
		{"probability mass", (*discrete).checkMass},
		{"log Z", (*discrete).checkLogZ},
		{"target samples", (*discrete).checkSamples},
		{"inclusion", (*discrete).checkInclusion},
		{"unordered", (*discrete).checkUnordered},
		{"tokens", (*discrete).checkTokens},
		{"concurrent use", (*discrete).checkConcurrent},
		{"allocations", (*discrete).checkAllocations},
	}, c)
}

// discrete is an environment under test.
type discrete struct {
	env.Discrete
	options
	source []uint64 // s0
	graph  *graph   // nil if there are too many states
	met    int      // number of states that the walks visited
}

func (c *discrete) checkDeclaration() error {
	sampler := false
	if _, ok := c.Discrete.(env.TargetSampler); ok {
		sampler = true
	}
	declared := c.Capabilities()
	switch {
	case c.Words() < 1 || c.Actions() < 1 || c.BackwardActions() < 1 || c.MaxSteps() < 1 || c.Features() < 1:
		return fmt.Errorf("words %d, actions %d, backward actions %d, steps %d and features %d must be positive",
			c.Words(), c.Actions(), c.BackwardActions(), c.MaxSteps(), c.Features())
	case sampler != declared.TargetSamples.OK:
		return fmt.Errorf("capability TargetSamples is %v, but SampleTarget exists: %v", declared.TargetSamples.OK, sampler)
	case declared.States < declared.Terminals || declared.Terminals < 1:
		return fmt.Errorf("%v states, %v of them terminal", declared.States, declared.Terminals)
	}
	for i := range c.source {
		c.source[i] = ^uint64(0)
	}
	c.Reset(c.source)
	return checkDeclaration(c.Discrete, false)
}

// at returns an error that names the state at which it occurred.
func (c *discrete) at(s []uint64, format string, args ...any) error {
	return fmt.Errorf("at %s: %w", c.Format(s), fmt.Errorf(format, args...))
}

// legal lists the actions of a mask. The mask must overwrite its old contents and set no
// bit beyond the n actions.
func legal(write func(s, mask []uint64), s []uint64, n int) ([]int, error) {
	mask := make([]uint64, env.MaskWords(n))
	for i := range mask {
		mask[i] = 0x5555555555555555
	}
	write(s, mask)
	var actions []int
	for w, word := range mask {
		for ; word != 0; word &= word - 1 {
			actions = append(actions, w*64+bits.TrailingZeros64(word))
		}
	}
	if len(actions) > 0 && actions[len(actions)-1] >= n {
		return nil, fmt.Errorf("action %d of %d is legal", actions[len(actions)-1], n)
	}
	return actions, nil
}

// step takes a step on a copy.
func (c *discrete) step(s []uint64, a int) (child []uint64, back int) {
	child = slices.Clone(s)
	back = c.Step(child, a)
	return child, back
}

// stepBack takes a step back on a copy.
func (c *discrete) stepBack(s []uint64, b int) (parent []uint64, forward int) {
	parent = slices.Clone(s)
	forward = c.StepBack(parent, b)
	return parent, forward
}

// checkState checks everything that concerns one state, its children and its
// parents, and returns its legal forward and backward actions.
func (c *discrete) checkState(s []uint64) (forward, backward []int, err error) {
	before := slices.Clone(s)
	if forward, err = legal(c.Mask, s, c.Actions()); err != nil {
		return nil, nil, c.at(s, "forward mask: %w", err)
	}
	if backward, err = legal(c.BackwardMask, s, c.BackwardActions()); err != nil {
		return nil, nil, c.at(s, "backward mask: %w", err)
	}
	switch {
	case c.Terminal(s) != (len(forward) == 0):
		return nil, nil, c.at(s, "terminal is %v with %d legal actions", c.Terminal(s), len(forward))
	case slices.Equal(s, c.source) != (len(backward) == 0):
		return nil, nil, c.at(s, "%d legal backward actions", len(backward))
	case c.Parents(s) != len(backward):
		return nil, nil, c.at(s, "Parents is %d, but %d backward actions are legal", c.Parents(s), len(backward))
	case c.Terminal(s) && !finite(c.LogReward(s)):
		return nil, nil, c.at(s, "log r is %v", c.LogReward(s))
	}
	err = errors.Join(c.checkFeatures(s), c.checkChildren(s, forward), c.checkParents(s, backward))
	if !slices.Equal(s, before) {
		err = errors.Join(err, c.at(before, "looking at the state changed it to %x", s))
	}
	return forward, backward, err
}

func (c *discrete) checkFeatures(s []uint64) error {
	features := c.AppendFeatures([]int32{-7}, s)
	if len(features) == 0 || features[0] != -7 {
		return c.at(s, "AppendFeatures does not append")
	}
	last := int32(-1)
	for _, f := range features[1:] {
		if f <= last || int(f) >= c.Features() {
			return c.at(s, "features %v are not ascending below %d", features[1:], c.Features())
		}
		last = f
	}
	return nil
}

// checkChildren steps along every legal action and back again.
func (c *discrete) checkChildren(s []uint64, forward []int) error {
	for _, a := range forward {
		child, back := c.step(s, a)
		legalBack, err := legal(c.BackwardMask, child, c.BackwardActions())
		if err != nil {
			return c.at(child, "backward mask: %w", err)
		}
		if !slices.Contains(legalBack, back) {
			return c.at(s, "action %d leads to %s, where the backward action %d it returned is illegal", a, c.Format(child), back)
		}
		if parent, again := c.stepBack(child, back); !slices.Equal(parent, s) || again != a {
			return c.at(s, "action %d, undone, gives %s and forward action %d", a, c.Format(parent), again)
		}
	}
	return nil
}

// checkParents steps back along every legal backward action and forth again.
func (c *discrete) checkParents(s []uint64, backward []int) error {
	parents := env.NewIndex(c.Words())
	for _, b := range backward {
		parent, forward := c.stepBack(s, b)
		if _, fresh := parents.Add(parent); !fresh {
			return c.at(s, "two backward actions, %d the second, lead to %s", b, c.Format(parent))
		}
		legalForward, err := legal(c.Mask, parent, c.Actions())
		if err != nil {
			return c.at(parent, "forward mask: %w", err)
		}
		if !slices.Contains(legalForward, forward) {
			return c.at(s, "backward action %d leads to %s, where the forward action %d it returned is illegal", b, c.Format(parent), forward)
		}
		if child, again := c.step(parent, forward); !slices.Equal(child, s) || again != b {
			return c.at(s, "backward action %d, redone, gives %s and backward action %d", b, c.Format(child), again)
		}
	}
	return nil
}
