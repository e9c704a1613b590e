package sweep

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/suites"
)

// flopsPerSecond is how many of the operations that work counts a core with
// AVX2 or better does per second. It is used for cells of which nothing has
// been measured.
const flopsPerSecond = 4e10

// Operations, as work counts them, besides those of the network.
const (
	perState      = 4000    // for a state: masks, features and softmax
	perTransition = 4000    // sampling and stepping
	perCoordinate = 100_000 // for a continuous environment: its mixture
	perCell       = 4e6     // making a trainer
)

// work estimates the cost of a cell in floating-point operations. It depends
// only on the cell, so every process orders and groups cells alike. It is right
// within a factor of a few, which is enough for that.
func work(c *suites.Cell) float64 {
	integer := func(name string) float64 { return c.Value(name).Float() }
	steps, batch, every := integer("steps"), integer("batch"), integer("eval_every")
	length, forward := shape(c)
	states := c.Instance().Env.Capabilities().States
	evaluations := math.Ceil(steps/every) + 1
	trained := math.Min(batch*length, states) // equal states of a batch are evaluated once
	const passes = 3                          // a backward pass costs two forward passes
	return perCell + steps*(trained*forward*passes+batch*length*perTransition) + forward*evaluated(c, evaluations, batch*length, states)
}

// evaluated returns how many states all evaluations together take.
func evaluated(c *suites.Cell, evaluations, trained, states float64) float64 {
	if limit := c.Value("eval.max_states"); !limit.IsNull() && c.Instance().Enumerable(limit.Int()).OK && c.Value("eval.mode").Text() != "sampled" {
		return evaluations * states
	}
	along, last := c.Value("eval.samples").Float(), c.Value("eval.final_samples").Float()
	samples := (evaluations-1)*along + last
	if e, ok := c.Instance().Env.(env.Unordered); ok && e.MaxSteps() <= exact.MaxTerminalActions {
		return samples * math.Exp2(float64(e.MaxSteps())) // every ancestor of each sample
	}
	return evaluations*trained + samples
}

// shape returns the number of policy evaluations in a trajectory, and the
// floating-point operations of each.
func shape(c *suites.Cell) (length, forward float64) {
	hidden := c.Value("policy.hidden").Ints()
	width, outputs := 0.0, 0.0
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		length, outputs, forward = float64(e.MaxSteps()), float64(e.Actions()), perState
		width = math.Min(float64(e.Features()), 16) // multi-hot: row additions
		if c.Value("policy.kind").Text() == "gin" {
			width *= 8
		}
	case env.Continuous:
		length, outputs, forward = float64(e.Dim()), 3*c.Value("policy.components").Float(), perCoordinate
		width = length
	}
	for _, h := range hidden {
		forward += 2 * width * float64(h)
		width = float64(h)
	}
	return length, forward + 2*width*outputs
}
