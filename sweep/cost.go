package sweep

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/suites"
)

// flopsPerSecond is a cautious guess of a core's speed in the small products of
// training, for cells of which nothing was measured.
const flopsPerSecond = 2e9

// work estimates what a cell costs, in floating-point operations. It depends on
// the cell alone, so that every process orders and groups cells alike; it is
// right within a factor of a few, which is enough for that.
func work(c *suites.Cell) float64 {
	integer := func(name string) float64 { v, _ := c.Value(name).(int); return float64(v) }
	steps, batch, every := integer("steps"), integer("batch"), integer("eval_every")
	length, forward := shape(c)
	evaluation := batch * length * forward
	if limit, ok := c.Value("eval.max_states").(int); ok && c.Instance().Enumerable(limit).OK && c.Value("eval.mode") != "sampled" {
		evaluation = c.Instance().Env.Capabilities().States * forward
	}
	const perTrajectory = 3 // a backward pass costs two forward passes
	return steps*batch*length*forward*perTrajectory + (math.Ceil(steps/every)+1)*evaluation
}

// shape is the number of policy evaluations in a trajectory, and the floating-
// point operations of each.
func shape(c *suites.Cell) (length, forward float64) {
	hidden, _ := c.Value("policy.hidden").([]int)
	inputs, outputs := 1.0, 1.0
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		length, outputs = float64(e.MaxSteps()), float64(e.Actions())
		inputs = math.Min(float64(e.Features()), 16) // multi-hot: row additions
		if c.Value("policy.kind") == "gin" {
			inputs *= 8
		}
	case env.Continuous:
		length = float64(e.Dim())
		components, _ := c.Value("policy.components").(int)
		inputs, outputs = length, 3*float64(components)
	}
	width := inputs
	for _, h := range hidden {
		forward += 2 * width * float64(h)
		width = float64(h)
	}
	const perOutput = 30 // softmax, sampling, bookkeeping
	return length, forward + width*outputs*2 + outputs*perOutput + 200
}
