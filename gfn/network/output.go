package network

import "gfnbench/gfn/internal/vec"

// These methods multiply with the weights of the last layer, leaving out strips of
// outputs that are not needed. Rows from ≤ r < to of the tape are part of block q.

// enterOutput adds x·W to the rows' outputs y. x and y are whole tapes.
func (m *stack) enterOutput(l *dense, q, from, to int, x, y []float32) {
	w, d := m.weights(l), &m.needed
	for s := range d.strips {
		at := s * strip
		vec.GemmRows(d.list(q, s, from, to), strip, l.in, x, l.in, w[at:], l.out, y[at:], l.out)
	}
	if at := d.strips * strip; at < l.out {
		vec.Gemm(to-from, l.out-at, l.in, x[from*l.in:], l.in, 1, w[at:], l.out, y[from*l.out+at:], l.out)
	}
}

// leaveOutput adds dy·Wᵀ to the gradient dx with respect to the layer's input. dy and dx
// are whole tapes. It runs through few columns at a time, which stay in the cache over
// all strips.
func (m *stack) leaveOutput(l *dense, q, from, to int, dy, transposed, dx []float32) {
	const columns = 64
	d := &m.needed
	for j := 0; j < l.in; j += columns {
		n := min(columns, l.in-j)
		for s := range d.strips {
			at := s * strip
			vec.GemmRows(d.list(q, s, from, to), n, strip, dy[at:], l.out, transposed[at*l.in+j:], l.in, dx[j:], l.in)
		}
	}
	if at := d.strips * strip; at < l.out {
		vec.Gemm(to-from, l.in, l.out-at, dy[from*l.out+at:], l.out, 1, transposed[at*l.in:], l.in, dx[from*l.in:], l.in)
	}
}

// outputWeights adds the gradient of weights in rows lo ≤ i < hi of W.
func (m *stack) outputWeights(l *dense, q, from, to int, x, dy, dw []float32, lo, hi int) {
	d := &m.needed
	for s := range d.strips {
		at := s * strip
		vec.GemmPicked(d.list(q, s, from, to), hi-lo, strip, x[lo:], l.in, dy[at:], l.out, dw[lo*l.out+at:], l.out)
	}
	if at := d.strips * strip; at < l.out {
		vec.Gemm(hi-lo, l.out-at, to-from, x[from*l.in+lo:], 1, l.in, dy[from*l.out+at:], l.out, dw[lo*l.out+at:], l.out)
	}
}
