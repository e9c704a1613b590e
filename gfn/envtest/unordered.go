package envtest

import (
	"fmt"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// checkUnordered requires that every order of a terminal state's actions is legal, and
// that each state has as many parents as actions taken, so the uniform backward policy
// gives each order 1/n!.
func (c *discrete) checkUnordered() error {
	u, ok := c.Discrete.(env.Unordered)
	if !ok {
		return nil
	}
	rng := c.stream("unordered")
	for range c.walks {
		x, steps, err := c.walk(rng)
		if err != nil {
			return err
		}
		prefix := u.AppendTerminalActions([]int{-7}, x)
		if len(prefix) == 0 || prefix[0] != -7 {
			return c.at(x, "AppendTerminalActions does not append")
		}
		actions := prefix[1:]
		if len(actions) != steps || !slices.IsSorted(actions) {
			return c.at(x, "actions %v are not %d ascending ones", actions, steps)
		}
		for range 4 {
			shuffle(rng, actions)
			if err := c.follow(x, actions); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow takes the actions from s0 and must arrive at x.
func (c *discrete) follow(x []uint64, actions []int) error {
	s := slices.Clone(c.source)
	for k, a := range actions {
		if n := c.Parents(s); n != k {
			return c.at(s, "%d actions lead there, but it has %d parents", k, n)
		}
		forward, err := legal(c.Mask, s, c.Actions())
		if err != nil {
			return c.at(s, "forward mask: %w", err)
		}
		if !slices.Contains(forward, a) {
			return c.at(s, "action %d towards %s is illegal", a, c.Format(x))
		}
		c.Step(s, a)
	}
	if !slices.Equal(s, x) {
		return fmt.Errorf("actions %v lead to %s instead of %s", actions, c.Format(s), c.Format(x))
	}
	return nil
}

// shuffle permutes v uniformly (Fisher and Yates).
func shuffle(rng *stream.Stream, v []int) {
	for i := len(v) - 1; i > 0; i-- {
		j := rng.IntN(i + 1)
		v[i], v[j] = v[j], v[i]
	}
}
