package envtest

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// checkWalks follows random trajectories to the end, takes another random way back to s0,
// and retraces it forward. A state must have one code whatever the path.
func (c *discrete) checkWalks() error {
	rng := c.stream("walks")
	if _, _, err := c.checkState(c.source); err != nil {
		return err
	}
	for range c.walks {
		x, steps, err := c.walk(rng)
		if err != nil {
			return err
		}
		if err := c.walkBack(rng, x, steps); err != nil {
			return err
		}
	}
	return nil
}

// checkSome checks some of the states that the walks visit, with about a hundred thousand
// actions in all.
func (c *discrete) checkSome(s []uint64) error {
	c.met++
	actions := 2 * c.walks * c.MaxSteps() * (c.Actions() + c.BackwardActions())
	if c.met%(1+actions/100_000) != 0 {
		return nil
	}
	_, _, err := c.checkState(s)
	return err
}

// walk takes uniformly random legal actions from s0 until none is left.
func (c *discrete) walk(rng *stream.Stream) (x []uint64, steps int, err error) {
	s := slices.Clone(c.source)
	for {
		if err := c.checkSome(s); err != nil {
			return nil, 0, err
		}
		forward, err := legal(c.Mask, s, c.Actions())
		if err != nil {
			return nil, 0, c.at(s, "forward mask: %w", err)
		}
		if len(forward) == 0 {
			return s, steps, nil
		}
		if steps++; steps > c.MaxSteps() {
			return nil, 0, c.at(s, "no end after %d steps", c.MaxSteps())
		}
		c.Step(s, forward[rng.IntN(len(forward))])
	}
}

// walkBack goes from x to s0, in as many steps as the forward walk took, and forward
// again to x.
func (c *discrete) walkBack(rng *stream.Stream, x []uint64, steps int) error {
	s := slices.Clone(x)
	var way []int
	for {
		if err := c.checkSome(s); err != nil {
			return err
		}
		backward, err := legal(c.BackwardMask, s, c.BackwardActions())
		if err != nil {
			return c.at(s, "backward mask: %w", err)
		}
		if len(backward) == 0 {
			break
		}
		if len(way) == steps {
			return c.at(x, "the way back from it is longer than the %d steps of the way forth", steps)
		}
		way = append(way, c.StepBack(s, backward[rng.IntN(len(backward))]))
	}
	if len(way) != steps {
		return c.at(x, "%d steps lead back to s0, %d led forth", len(way), steps)
	}
	slices.Reverse(way)
	for _, a := range way {
		c.Step(s, a)
	}
	if !slices.Equal(s, x) {
		return c.at(x, "actions %v, the same in another order, lead to %s, code %x instead of %x", way, c.Format(s), s, x)
	}
	return nil
}

// digest hashes a walk there and back, for comparison.
func (c *discrete) digest(rng *stream.Stream) (h uint64, err error) {
	s := slices.Clone(c.source)
	forth := make([]uint64, env.MaskWords(c.Actions()))
	back := make([]uint64, env.MaskWords(c.BackwardActions()))
	var features []int32
	mix := func(v uint64) { h = (h ^ v) * 0x100000001b3 }
	for steps := 0; !c.Terminal(s); steps++ {
		if steps > c.MaxSteps() {
			return 0, c.at(s, "no end after %d steps", c.MaxSteps())
		}
		c.Mask(s, forth)
		mix(uint64(c.Step(s, pick(rng, forth))))
		features = c.AppendFeatures(features[:0], s)
		mix(uint64(len(features)))
	}
	mix(math.Float64bits(c.LogReward(s)))
	if t, ok := c.Discrete.(env.TargetSampler); ok {
		t.SampleTarget(rng, s)
	}
	for steps := 0; c.Parents(s) > 0; steps++ {
		if steps > c.MaxSteps() {
			return 0, c.at(s, "no way back to s0 in %d steps", c.MaxSteps())
		}
		c.BackwardMask(s, back)
		mix(uint64(c.StepBack(s, pick(rng, back))))
	}
	return h, nil
}

// pick returns a random action of a mask.
func pick(rng *stream.Stream, mask []uint64) int {
	actions, _ := legal(func(_, m []uint64) { copy(m, mask) }, nil, 64*len(mask))
	return actions[rng.IntN(len(actions))]
}

// checkConcurrent walks on several goroutines at once, for the race detector, and
// compares with the same walks taken one after the other.
func (c *discrete) checkConcurrent() error {
	const goroutines, walks = 4, 8
	digests := make([][walks]uint64, goroutines)
	errs := make([]error, goroutines)
	run := func(g int) (err error) {
		rng := c.stream(fmt.Sprint("concurrent ", g))
		for i := 0; i < walks && err == nil; i++ {
			digests[g][i], err = c.digest(rng)
		}
		return err
	}
	var wait sync.WaitGroup
	for g := range goroutines {
		wait.Go(func() { errs[g] = guard(func() error { return run(g) }) })
	}
	wait.Wait()
	together := slices.Clone(digests)
	for g := range goroutines {
		if errs[g] != nil {
			return errs[g]
		}
		if err := run(g); err != nil {
			return err
		}
	}
	if !slices.Equal(together, digests) {
		return fmt.Errorf("walks of %d goroutines at once differ from the same walks one after the other", goroutines)
	}
	return nil
}

// checkAllocations requires that the methods that training calls for every state do not
// allocate. The race detector adds allocations of its own, so nothing is counted under
// it.
func (c *discrete) checkAllocations() error {
	if raceDetector {
		return nil
	}
	s := slices.Clone(c.source)
	forth := make([]uint64, env.MaskWords(c.Actions()))
	back := make([]uint64, env.MaskWords(c.BackwardActions()))
	features := make([]int32, 0, c.Features())
	c.Mask(s, forth)
	a := pick(c.stream("allocations"), forth)
	x, _, err := c.walk(c.stream("allocations"))
	if err != nil {
		return err
	}
	perRun := testing.AllocsPerRun(20, func() {
		c.Reset(s)
		c.Mask(s, forth)
		b := c.Step(s, a)
		c.BackwardMask(s, back)
		features = c.AppendFeatures(features[:0], s)
		features = c.AppendFeatures(features[:0], x)
		c.Terminal(s)
		c.Parents(s)
		c.StepBack(s, b)
		c.LogReward(x)
	})
	if perRun != 0 {
		return fmt.Errorf("the methods Reset, Mask, Step, BackwardMask, AppendFeatures, Terminal, Parents, StepBack and LogReward together allocate %v times", perRun)
	}
	return nil
}
