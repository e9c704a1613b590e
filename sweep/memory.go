package sweep

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/suites"
)

// Bytes, as measured: of a parameter, with its gradient, its moments and what
// the kernels keep of it; and of a unit of a layer in a state of the batch.
const (
	perParameter  = 26
	perActivation = 12
)

// memory estimates what training a cell takes: its network and what the backward
// pass needs of a batch. It is right within a factor of two where that is much.
func memory(c *suites.Cell) float64 {
	hidden := c.Value("policy.hidden").Ints()
	batch := c.Value("batch").Int()
	width, outputs, length := 0.0, 0.0, 1.0
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		width, outputs, length = float64(e.Features()), float64(e.Actions()), float64(e.MaxSteps())
	case env.Continuous:
		components := c.Value("policy.components").Int()
		width, outputs, length = float64(e.Dim()), 3*float64(components), float64(e.Dim())
	}
	parameters, units := 0.0, 0.0
	for _, h := range hidden {
		parameters += width * float64(h)
		units += float64(h)
		width = float64(h)
	}
	states := math.Min(float64(batch)*length, c.Instance().Env.Capabilities().States) // equal ones are evaluated once
	return perParameter*(parameters+width*outputs) + perActivation*states*units
}
