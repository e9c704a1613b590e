package network

import "gfnbench/gfn/stream"

// RealMLP is a multilayer perceptron on real inputs.
type RealMLP struct {
	stack
	inputs real
}

// NewRealMLP returns a RealMLP with the given number of inputs and with weights drawn
// from s.
func NewRealMLP(inputs int, c MLPConfig, s *stream.Stream) *RealMLP {
	return newRealMLP(newStack(inputs, c, s))
}

func newRealMLP(s stack) *RealMLP {
	m := &RealMLP{stack: s}
	m.first = &m.inputs
	return m
}

// Reset empties the tape.
func (m *RealMLP) Reset() {
	m.reset()
	m.inputs.x = m.inputs.x[:0]
}

// Fork returns a RealMLP with the same parameters and its own tape.
func (m *RealMLP) Fork() *RealMLP { return newRealMLP(m.fork()) }

// Forward appends n rows of inputs and returns their output rows, valid until
// Reset.
func (m *RealMLP) Forward(inputs []float32, n int) []float32 {
	m.inputs.x = append(m.inputs.x, inputs[:n*m.layers[0].in]...)
	return m.forward(n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *RealMLP) Backward(dout []float32) { m.backward(dout) }
