package network

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// TokenMLP is a multilayer perceptron whose inputs are the ids of a sequence's tokens as
// numbers, one for each position, with a padding id at positions not yet filled. The
// order of the ids has no meaning, but the network treats it as meaningful: what it
// learns about a token affects tokens with nearby ids.
type TokenMLP struct {
	stack
	env    env.Sequential
	pad    float32
	inputs real
	ids    []int32
}

// NewTokenMLP returns a TokenMLP on e's sequences with weights drawn from s.
func NewTokenMLP(e env.Sequential, pad float64, c MLPConfig, s *stream.Stream) *TokenMLP {
	return newTokenMLP(e, float32(pad), newStack(e.Positions(), c, s))
}

func newTokenMLP(e env.Sequential, pad float32, s stack) *TokenMLP {
	m := &TokenMLP{stack: s, env: e, pad: pad}
	m.first = &m.inputs
	return m
}

// Reset empties the tape.
func (m *TokenMLP) Reset() {
	m.reset()
	m.inputs.x = m.inputs.x[:0]
}

// Fork returns a TokenMLP with the same parameters and its own tape.
func (m *TokenMLP) Fork() Model { return newTokenMLP(m.env, m.pad, m.fork()) }

// Forward appends n states and returns their output rows.
func (m *TokenMLP) Forward(states []uint64, n int) []float32 {
	words, positions := m.env.Words(), m.env.Positions()
	for r := range n {
		m.ids = m.env.AppendTokens(m.ids[:0], states[r*words:(r+1)*words])
		row := grow(&m.inputs.x, positions)
		for i := range row {
			row[i] = m.pad
			if i < len(m.ids) {
				row[i] = float32(m.ids[i])
			}
		}
	}
	return m.forward(n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *TokenMLP) Backward(dout []float32) { m.backward(dout) }
