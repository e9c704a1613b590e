package network

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// References:
//
//	Zaheer et al.: Deep sets. NeurIPS 2017.

// DeepSet is a network on a set of features whose form makes it independent of their
// order: outputs = ρ(Σ_i φ(e_i)) over the ones i of the multi-hot encoding. φ is linear,
// act, linear on the one-hot encoding of a feature; ρ is a multilayer perceptron. ρ has
// all hidden widths of the configuration, φ only the first.
type DeepSet struct {
	stack // ρ
	env   env.Discrete
	phi   stack // one row for each feature
	each  multiHot
	sums  real
	sets  multiHot // features of each row

	buffers struct{ transposed, dSum, dPhi []float32 }
}

// NewDeepSet returns a DeepSet on e's encoding with weights drawn from s. Without hidden
// layers φ is as wide as the encoding.
func NewDeepSet(e env.Discrete, c MLPConfig, s *stream.Stream) *DeepSet {
	width := e.Features()
	if len(c.Hidden) > 0 {
		width = c.Hidden[0]
	}
	m := &DeepSet{env: e}
	m.phi = newStack(e.Features(), MLPConfig{Hidden: []int{width}, Slope: c.Slope, Outputs: width}, s)
	m.stack = newStack(width, c, s)
	join(&m.phi, &m.stack)
	m.newTape()
	return m
}

// join moves the parameters of several stacks into one vector, in order.
func join(stacks ...*stack) {
	n := 0
	for _, m := range stacks {
		n += len(m.params.Data)
	}
	all, at := NewParams(n), 0
	for _, m := range stacks {
		for i := range m.layers {
			m.layers[i].w += at
			m.layers[i].b += at
		}
		at += copy(all.Data[at:], m.params.Data)
		m.params = all
	}
}

func (m *DeepSet) newTape() {
	m.first, m.phi.first = &m.sums, &m.each
	m.each.reset()
	for i := range m.env.Features() {
		m.each.active = append(m.each.active, int32(i))
		m.each.end()
	}
	m.sets.reset()
}

// Reset empties the tape.
func (m *DeepSet) Reset() {
	m.reset()
	m.phi.reset()
	m.sums.x = m.sums.x[:0]
	m.sets.reset()
}

// Fork returns a DeepSet with the same parameters and its own tape.
func (m *DeepSet) Fork() Model {
	f := &DeepSet{stack: m.fork(), env: m.env, phi: m.phi.fork()}
	f.newTape()
	return f
}

// Forward appends n states and returns their output rows.
func (m *DeepSet) Forward(states []uint64, n int) []float32 {
	if m.phi.rows == 0 {
		m.phi.forward(m.env.Features())
	}
	width, table, words := m.layers[0].in, m.embeddings(), m.env.Words()
	for r := range n {
		m.sets.active = m.env.AppendFeatures(m.sets.active, states[r*words:(r+1)*words])
		m.sets.end()
		sum := grow(&m.sums.x, width)
		clear(sum)
		vec.AddRows(sum, table, width, m.sets.row(m.rows+r))
	}
	return m.forward(n)
}

// embeddings returns φ of every feature.
func (m *DeepSet) embeddings() []float32 { return m.phi.layers[1].act.x }

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *DeepSet) Backward(dout []float32) {
	m.backward(dout)
	b, width := &m.buffers, m.layers[0].in
	b.dSum = m.inputGradient(b.dSum, &b.transposed)
	b.dPhi = resize(b.dPhi, m.phi.rows*width)
	clear(b.dPhi)
	for r := range m.rows {
		vec.ScatterAddRows(b.dPhi, width, m.sets.row(r), b.dSum[r*width:(r+1)*width])
	}
	m.phi.backward(b.dPhi)
}

// inputGradient returns the gradient with respect to the inputs of all rows, d·Wᵀ of the
// first layer, after backward. It reuses buffer and transposed.
func (m *stack) inputGradient(buffer []float32, transposed *[]float32) []float32 {
	l := &m.layers[0]
	dx := resize(buffer, m.rows*l.in)
	clear(dx)
	*transposed = resize(*transposed, l.in*l.out)
	vec.Transpose(*transposed, l.in, m.weights(l), l.out, l.in, l.out)
	vec.Gemm(m.rows, l.in, l.out, m.delta(0, 0), l.out, 1, *transposed, l.in, dx, l.in)
	return dx
}
