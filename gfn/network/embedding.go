package network

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// EmbeddingMLP is a multilayer perceptron on the concatenated embeddings of a sequence's
// tokens. A token has the same embedding at every position; positions without a token
// share another one.
type EmbeddingMLP struct {
	stack
	env    env.Sequential
	width  int // width of an embedding; the parameters begin with tokens + 1 embeddings
	inputs real
	ids    []int32 // token ids of the tape's rows, Positions() each

	buffers struct{ transposed, dx []float32 }
}

// NewEmbeddingMLP returns an EmbeddingMLP on e's sequences with weights drawn from s;
// the embeddings are standard normal, as in PyTorch's nn.Embedding.
func NewEmbeddingMLP(e env.Sequential, width int, c MLPConfig, s *stream.Stream) *EmbeddingMLP {
	m := &EmbeddingMLP{env: e, width: width}
	table := stack{params: NewParams((e.Tokens() + 1) * width)}
	for i := range table.params.Data {
		table.params.Data[i] = float32(s.Normal())
	}
	m.stack = newStack(e.Positions()*width, c, s)
	join(&table, &m.stack)
	m.first = &m.inputs
	return m
}

// Reset empties the tape.
func (m *EmbeddingMLP) Reset() {
	m.reset()
	m.inputs.x, m.ids = m.inputs.x[:0], m.ids[:0]
}

// Fork returns an EmbeddingMLP with the same parameters and its own tape.
func (m *EmbeddingMLP) Fork() Model {
	f := &EmbeddingMLP{stack: m.fork(), env: m.env, width: m.width}
	f.first = &f.inputs
	return f
}

// Forward appends n states and returns their output rows.
func (m *EmbeddingMLP) Forward(states []uint64, n int) []float32 {
	words, positions := m.env.Words(), m.env.Positions()
	for r := range n {
		from := len(m.ids)
		m.ids = m.env.AppendTokens(m.ids, states[r*words:(r+1)*words])
		for len(m.ids)-from < positions {
			m.ids = append(m.ids, int32(m.env.Tokens()))
		}
		for _, id := range m.ids[from:] {
			copy(grow(&m.inputs.x, m.width), m.params.Data[int(id)*m.width:])
		}
	}
	return m.forward(n)
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *EmbeddingMLP) Backward(dout []float32) {
	m.backward(dout)
	b := &m.buffers
	b.dx = m.inputGradient(b.dx, &b.transposed)
	for i, id := range m.ids {
		row := m.params.Grad[int(id)*m.width : int(id+1)*m.width]
		vec.Add(row, b.dx[i*m.width:(i+1)*m.width])
	}
}
