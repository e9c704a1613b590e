// Package network holds the policies' neural networks and what trains them: the masked
// MLP, the graph isomorphism network on forests, Adam and the learning-rate schedules.
// Each network's backward pass is written for its shape. All parameters of a network are
// one flat float32 vector.
package network

// A Model maps states of a discrete environment to rows of outputs: the logits of the
// forward actions, then one log flow if the policy needs flows, then the logits of the
// backward actions.
//
// Forward appends to a tape that Backward reads, so sampling a batch of trajectories step
// by step keeps the activations that its gradient needs. Only one goroutine may use a
// Model; Fork returns another one with the same parameters.
type Model interface {
	// Params returns the parameters and their gradient, shared by all forks.
	Params() *Params

	// Tensors returns the parameters by name, as views of Params().Data.
	Tensors() []Tensor

	// Outputs returns the width of an output row.
	Outputs() int

	// Forward appends n states (codes of the environment's Words() each) to the
	// tape and returns their output rows, n × Outputs(), valid until the next call.
	Forward(states []uint64, n int) []float32

	// Rows returns the number of rows on the tape.
	Rows() int

	// Backward adds to Params().Grad the gradient of Σ dout·out over all rows on the
	// tape. dout is Rows() × Outputs() and is not modified, nor is the tape.
	Backward(dout []float32)

	// Reset empties the tape.
	Reset()

	// Fork returns a model with the same parameters and its own tape.
	Fork() Model
}

// Heads describes which outputs a model has.
type Heads struct {
	Actions  int  // logits of the forward actions
	Flow     bool // one more output, log F(s) up to the learned scalar
	Backward int  // logits of the backward actions, 0 if P_B is fixed
}

// Width returns the number of outputs.
func (h Heads) Width() int {
	w := h.Actions + h.Backward
	if h.Flow {
		w++
	}
	return w
}

// FlowAt returns the index of the flow output.
func (h Heads) FlowAt() int { return h.Actions }

// BackwardAt returns the index of the first backward logit.
func (h Heads) BackwardAt() int { return h.Width() - h.Backward }
