package envtest

import (
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// checkSamples requires terminal states from SampleTarget and, if the states are
// enumerated, the right frequencies by Pearson's chi-square.
func (c *discrete) checkSamples() error {
	sampler, ok := c.Discrete.(env.TargetSampler)
	if !ok {
		return nil
	}
	rng := c.stream("target samples")
	if c.graph == nil {
		return c.checkFewSamples(sampler, rng)
	}
	counts := make([]int, c.graph.states.Len())
	x := make([]uint64, c.Words())
	for range c.samples {
		c.draw(sampler, rng, x)
		i := c.graph.states.Find(x)
		if i < 0 || !c.Terminal(x) {
			return fmt.Errorf("sample %s, code %x, is not a terminal state", c.Format(x), x)
		}
		counts[i]++
	}
	return chiSquare(counts, c.target(), c.samples)
}

// draw samples into a code whose words hold an alternating pattern beforehand.
func (c *discrete) draw(sampler env.TargetSampler, rng *stream.Stream, x []uint64) {
	for i := range x {
		x[i] = 0xaaaaaaaaaaaaaaaa
	}
	sampler.SampleTarget(rng, x)
}

// checkFewSamples walks back from samples of a space too large to enumerate.
func (c *discrete) checkFewSamples(sampler env.TargetSampler, rng *stream.Stream) error {
	x := make([]uint64, c.Words())
	for range c.walks {
		c.draw(sampler, rng, x)
		if !c.Terminal(x) {
			return fmt.Errorf("sample %s is not a terminal state", c.Format(x))
		}
		steps := 0
		s := slices.Clone(x)
		for ; c.Parents(s) > 0 && steps <= c.MaxSteps(); steps++ {
			backward, err := legal(c.BackwardMask, s, c.BackwardActions())
			if err != nil {
				return c.at(s, "backward mask: %w", err)
			}
			c.StepBack(s, backward[0])
		}
		if err := c.walkBack(rng, x, steps); err != nil {
			return err
		}
	}
	return nil
}

// chiSquare compares counts of n samples with probabilities p. It pools outcomes with an
// expected count below five. The bound is the quantile at five standard deviations, by
// the approximation of Wilson and Hilferty (1931).
func chiSquare(counts []int, p []float64, n int) error {
	statistic, degrees := 0.0, -1
	restCount, restMean := 0.0, 0.0
	add := func(count, mean float64) {
		d := count - mean
		statistic += float64(d*d) / mean
		degrees++
	}
	for i, count := range counts {
		mean := float64(float64(n) * p[i])
		switch {
		case p[i] == 0 && count > 0:
			return fmt.Errorf("an impossible outcome came %d times", count)
		case mean < 5:
			restCount += float64(count)
			restMean += mean
		default:
			add(float64(count), mean)
		}
	}
	switch {
	case restMean >= 1:
		add(restCount, restMean)
	case restCount > 15:
		return fmt.Errorf("outcomes with a total expected count of %.3g came %.0f times", restMean, restCount)
	}
	if degrees < 1 {
		return nil
	}
	const deviations = 5
	k := 2 / float64(9*degrees)
	root := 1 - k + float64(deviations*math.Sqrt(k))
	if bound := float64(degrees) * root * root * root; statistic > bound {
		return fmt.Errorf("chi-square of %d samples is %.1f with %d degrees of freedom, over %.1f", n, statistic, degrees, bound)
	}
	return nil
}

// checkInclusion compares declared inclusion probabilities with enumeration or, if there
// are too many states, with the frequencies in samples.
func (c *discrete) checkInclusion() error {
	inclusive, ok := c.Discrete.(env.Inclusive)
	if !ok {
		return nil
	}
	got := inclusive.Inclusion()
	if len(got) != c.Actions() {
		return fmt.Errorf("%d probabilities for %d actions", len(got), c.Actions())
	}
	want := make([]float64, c.Actions())
	if c.graph != nil {
		p := c.target()
		for _, i := range c.graph.terminals {
			for _, a := range inclusive.AppendTerminalActions(nil, c.graph.states.Code(i)) {
				want[a] += p[i]
			}
		}
	} else if sampler, ok := c.Discrete.(env.TargetSampler); ok {
		rng := c.stream("inclusion")
		x := make([]uint64, c.Words())
		for range c.samples {
			c.draw(sampler, rng, x)
			for _, a := range inclusive.AppendTerminalActions(nil, x) {
				want[a] += 1 / float64(c.samples)
			}
		}
	} else {
		return nil
	}
	for a := range got {
		tolerance := 1e-9
		if c.graph == nil {
			tolerance = float64(5*math.Sqrt(float64(got[a]*(1-got[a]))/float64(c.samples))) + 1e-9
		}
		if !(math.Abs(got[a]-want[a]) <= tolerance) {
			return fmt.Errorf("action %d: %v is declared, found %v", a, got[a], want[a])
		}
	}
	return nil
}
