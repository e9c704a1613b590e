package network

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// MLP is a multilayer perceptron on the multi-hot encoding of a discrete
// environment's states. Its first layer is the bias plus one row of weights for
// each active input, in order of the inputs, so a state has the same output
// however it was reached.
type MLP struct {
	stack
	env     env.Discrete
	inputs  []int32 // the tape's active inputs
	offsets []int32 // offsets[r]:offsets[r+1] are row r's
}

// NewMLP returns an MLP on e's encoding with weights drawn from s.
func NewMLP(e env.Discrete, c MLPConfig, s *stream.Stream) *MLP {
	return &MLP{stack: newStack(e.Features(), c, s), env: e, offsets: []int32{0}}
}

// Reset empties the tape.
func (m *MLP) Reset() {
	m.reset()
	m.inputs, m.offsets = m.inputs[:0], m.offsets[:1]
}

// Fork returns an MLP with the same parameters and its own tape.
func (m *MLP) Fork() Model {
	return &MLP{stack: m.fork(), env: m.env, offsets: []int32{0}}
}

// Forward appends n states and returns their output rows.
func (m *MLP) Forward(states []uint64, n int) []float32 {
	words := m.env.Words()
	l := &m.layers[0]
	x, w := m.enter(n), m.weights(l)
	for r := range n {
		start := len(m.inputs)
		m.inputs = m.env.AppendFeatures(m.inputs, states[r*words:(r+1)*words])
		m.offsets = append(m.offsets, int32(len(m.inputs)))
		vec.AddRows(x[r*l.out:(r+1)*l.out], w, l.out, m.inputs[start:])
	}
	return m.forward(x, n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *MLP) Backward(dout []float32) {
	d := m.backward(dout)
	l := &m.layers[0]
	dw := m.params.Grad[l.w : l.w+l.in*l.out]
	for r := range m.rows {
		vec.ScatterAddRows(dw, l.out, m.inputs[m.offsets[r]:m.offsets[r+1]], d[r*l.out:(r+1)*l.out])
	}
}
