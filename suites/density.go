package suites

import (
	"fmt"

	"gfnbench/gfn/env"
)

// DensityProblem says why the density of the cell's policy cannot be drawn (it
// must have two dimensions), or "" if it can.
func (c *Cell) DensityProblem() string {
	if t := c.Trainer(); t != nil {
		return "the trainer " + t.Name + " is another program: this one cannot train its cells again to draw a density"
	}
	e := c.Instance().Env
	dim := 0
	switch continuous, ok := e.(env.Continuous); {
	case ok:
		dim = continuous.Dim()
	case e.Kind() == "hypergrid":
		dim = c.Value("params.dim").Int()
	default:
		return e.Kind() + " has no density to draw: only continuous environments and the hypergrid have one"
	}
	if dim != 2 {
		return fmt.Sprintf("a density needs two dimensions, and %s has %d", c.EnvironmentName(), dim)
	}
	return ""
}
