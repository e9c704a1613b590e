package network

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// MLP is a multilayer perceptron on the multi-hot encoding of a discrete
// environment's states. Its first layer is the bias plus one row of weights for
// each active input, in order of the inputs, so a state has the same output
// however it was reached.
type MLP struct {
	stack
	env    env.Discrete
	inputs multiHot
}

// NewMLP returns an MLP on e's encoding with weights drawn from s.
func NewMLP(e env.Discrete, c MLPConfig, s *stream.Stream) *MLP {
	return newMLP(e, newStack(e.Features(), c, s))
}

func newMLP(e env.Discrete, s stack) *MLP {
	m := &MLP{stack: s, env: e}
	m.first, m.lean = &m.inputs, true
	m.inputs.reset()
	return m
}

// Reset empties the tape.
func (m *MLP) Reset() {
	m.reset()
	m.inputs.reset()
}

// Fork returns an MLP with the same parameters and its own tape.
func (m *MLP) Fork() Model { return newMLP(m.env, m.fork()) }

// Forward appends n states and returns their output rows.
func (m *MLP) Forward(states []uint64, n int) []float32 {
	words := m.env.Words()
	for r := range n {
		m.inputs.active = m.env.AppendFeatures(m.inputs.active, states[r*words:(r+1)*words])
		m.inputs.end()
	}
	return m.forward(n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *MLP) Backward(dout []float32) { m.backward(dout) }
