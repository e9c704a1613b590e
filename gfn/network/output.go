package network

import "gfnbench/gfn/internal/vec"

// These methods multiply with the weights of the last layer, leaving out strips of
// outputs that are not needed. Rows from ≤ r < to of the tape are part of block q.

// output returns the last layer and the one below.
func (m *stack) output() (l, below *dense) {
	n := len(m.layers)
	return &m.layers[n-1], &m.layers[n-2]
}

// enterOutput sets the rows' outputs to x·W + b.
func (m *stack) enterOutput(q, from, to int) {
	l, below := m.output()
	w, b, d := m.weights(l), m.bias(l), &m.needed
	x, y := below.act.at(d.starts[q]), l.act.at(d.starts[q])
	for s := range d.strips {
		at := s * strip
		vec.GemmRows(d.list(q, s, from, to), strip, l.in, x, l.in, w[at:], l.out, b[at:], 0, y[at:], l.out)
	}
	if at := d.strips * strip; at < l.out {
		vec.GemmFrom(to-from, l.out-at, l.in, below.act.at(from), l.in, 1, w[at:], l.out, b[at:], 0, l.act.at(from)[at:], l.out)
	}
}

// leaveOutput adds dout·Wᵀ to the gradient with respect to the layer's input. It runs
// through few columns at a time, which stay in the cache over all strips.
func (m *stack) leaveOutput(q, from, to int, transposed []float32) {
	const columns = 64
	l, below := m.output()
	d := &m.needed
	dy, dx := m.dout[d.starts[q]*l.out:], below.delta.at(d.starts[q])
	for j := 0; j < l.in; j += columns {
		n := min(columns, l.in-j)
		for s := range d.strips {
			at := s * strip
			vec.GemmRows(d.list(q, s, from, to), n, strip, dy[at:], l.out, transposed[at*l.in+j:], l.in, dx[j:], l.in, dx[j:], l.in)
		}
	}
	if at := d.strips * strip; at < l.out {
		vec.Gemm(to-from, l.in, l.out-at, m.dout[from*l.out+at:], l.out, 1, transposed[at*l.in:], l.in, below.delta.at(from), l.in)
	}
}

// outputWeights adds the gradient of weights in rows lo ≤ i < hi of W.
func (m *stack) outputWeights(q, from, to int, dw []float32, lo, hi int) {
	l, below := m.output()
	d := &m.needed
	x, dy := below.act.at(d.starts[q]), m.dout[d.starts[q]*l.out:]
	for s := range d.strips {
		at := s * strip
		vec.GemmPicked(d.list(q, s, from, to), hi-lo, strip, x[lo:], l.in, dy[at:], l.out, dw[lo*l.out+at:], l.out)
	}
	if at := d.strips * strip; at < l.out {
		vec.Gemm(hi-lo, l.out-at, to-from, below.act.at(from)[lo:], 1, l.in, m.dout[from*l.out+at:], l.out, dw[lo*l.out+at:], l.out)
	}
}
