package envtest

import (
	"slices"

	"gfnbench/gfn/env"
)

// checkTokens requires that the ids of a state's tokens are within their range and are
// appended to what is there, and that each step adds one token unless it ends the
// sequence.
func (c *discrete) checkTokens() error {
	e, ok := c.Discrete.(env.Sequential)
	if !ok {
		return nil
	}
	rng := c.stream("tokens")
	for range c.walks {
		x, _, err := c.walk(rng)
		if err != nil {
			return err
		}
		prefix := e.AppendTokens([]int32{-7}, x)
		if len(prefix) == 0 || prefix[0] != -7 {
			return c.at(x, "AppendTokens does not append")
		}
		ids := prefix[1:]
		outside := func(id int32) bool { return id < 0 || int(id) >= e.Tokens() }
		if len(ids) > e.Positions() || slices.ContainsFunc(ids, outside) {
			return c.at(x, "ids %v are not of at most %d tokens out of %d", ids, e.Positions(), e.Tokens())
		}
		for s := slices.Clone(x); c.Parents(s) > 0; {
			ended := c.Terminal(s)
			c.StepBack(s, 0)
			if !ended {
				ids = ids[:len(ids)-1]
			}
			if got := e.AppendTokens(nil, s); !slices.Equal(got, ids) {
				return c.at(s, "its tokens are %v, expected %v", got, ids)
			}
		}
	}
	return nil
}
