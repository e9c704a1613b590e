// Package policy turns networks into stochastic policies: it samples batches
// of trajectories with their log-probabilities, and turns an objective's
// coefficients into the gradient of the network's parameters.
package policy

import (
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/stream"
)

// A Policy is what a trainer trains. Only one goroutine may use it.
type Policy interface {
	// Params returns the network's parameters and gradient.
	Params() *network.Params

	// Tensors returns the parameters by name, as views of Params().Data.
	Tensors() []network.Tensor

	// Sample draws n trajectories. The batch is valid until the next Sample; its
	// LogF are the network's flow outputs, to which the trainer adds the learned
	// scalar.
	Sample(rng *stream.Stream, n int) *objective.Batch

	// Gradient adds Σ coefficients × scores over the last sampled batch to Params().Grad.
	// Empty coefficient slices are ignored.
	Gradient(c *objective.Coefficients)
}
