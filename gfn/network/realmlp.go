package network

import (
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// RealMLP is a multilayer perceptron on real inputs.
type RealMLP struct {
	stack
	inputs []float32 // the tape: rows × inputs
}

// NewRealMLP returns a RealMLP of that many inputs with weights drawn from s.
func NewRealMLP(inputs int, c MLPConfig, s *stream.Stream) *RealMLP {
	return &RealMLP{stack: newStack(inputs, c, s)}
}

// Reset empties the tape.
func (m *RealMLP) Reset() {
	m.reset()
	m.inputs = m.inputs[:0]
}

// Fork returns a RealMLP with the same parameters and its own tape.
func (m *RealMLP) Fork() *RealMLP { return &RealMLP{stack: m.fork()} }

// Forward appends n rows of inputs and returns their output rows, valid until
// Reset.
func (m *RealMLP) Forward(inputs []float32, n int) []float32 {
	l := &m.layers[0]
	m.inputs = append(m.inputs, inputs[:n*l.in]...)
	x := m.enter(n)
	vec.Gemm(n, l.out, l.in, inputs, l.in, 1, m.weights(l), l.out, x, l.out)
	return m.forward(x, n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *RealMLP) Backward(dout []float32) {
	d := m.backward(dout)
	l := &m.layers[0]
	vec.Gemm(l.in, l.out, m.rows, m.inputs, 1, l.in, d, l.out, m.params.Grad[l.w:l.w+l.in*l.out], l.out)
}
