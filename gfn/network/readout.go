package network

import (
	"slices"

	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// readout maps a sum of embeddings to a number: linear, ReLU, linear. The first layer is
// linear in the sum, so each embedding is multiplied only once, however many sums contain
// it.
type readout struct {
	params     *Params
	width      int
	w, b, v, c int // where W [width][width], its bias, v [width] and its bias begin

	// The tape.
	projected []float32 // embeddings × width: h·W
	hidden    []float32 // evaluations × width, after ReLU

	// Buffers of the backward pass.
	next  int       // the next evaluation
	delta []float32 // embeddings × width: gradient with respect to projected
	row   []float32
}

// newReadout lays out the parameters, starting with number n.
func newReadout(width int, n *int) readout {
	r := readout{width: width, w: *n}
	r.b = r.w + width*width
	r.v = r.b + width
	r.c = r.v + width
	*n = r.c + 1
	return r
}

// init draws the parameters; the last layer stays zero if zero is set.
func (r *readout) init(p *Params, zero bool, s *stream.Stream) {
	r.params = p
	initLinear(p.Data[r.w:r.b], p.Data[r.b:r.v], r.width, s)
	if !zero {
		initLinear(p.Data[r.v:r.c], p.Data[r.c:r.c+1], r.width, s)
	}
}

func (r *readout) fork() readout {
	return readout{params: r.params, width: r.width, w: r.w, b: r.b, v: r.v, c: r.c}
}

func (r *readout) reset() { r.projected, r.hidden = r.projected[:0], r.hidden[:0] }

// project puts n embeddings on the tape.
func (r *readout) project(h []float32, n int) {
	y := grow(&r.projected, n*r.width)
	clear(y)
	vec.Gemm(n, r.width, r.width, h, r.width, 1, r.params.Data[r.w:r.b], r.width, y, r.width)
}

// value evaluates the readout on the sum of the embeddings in set and records it on the
// tape.
func (r *readout) value(set []int32) float32 {
	row := grow(&r.hidden, r.width)
	copy(row, r.params.Data[r.b:r.v])
	for _, i := range set {
		vec.Add(row, r.projected[int(i)*r.width:int(i+1)*r.width])
	}
	vec.LeakyReLU(row, 0)
	return r.params.Data[r.c] + float32(vec.Dot(row, r.params.Data[r.v:r.c]))
}

// begin starts a backward pass, which goes through the evaluations in the same order.
func (r *readout) begin() {
	r.next = 0
	r.delta = resize(r.delta, len(r.projected))
	clear(r.delta)
	r.row = resize(r.row, r.width)
}

// back adds the gradient d of the next evaluation, which was on the same set.
func (r *readout) back(set []int32, d float32) {
	hidden := r.hidden[r.next*r.width : (r.next+1)*r.width]
	r.next++
	if d == 0 {
		return
	}
	grad := r.params.Grad
	vec.Axpy(grad[r.v:r.c], d, hidden)
	grad[r.c] += d
	copy(r.row, r.params.Data[r.v:r.c])
	vec.Scale(r.row, d)
	vec.LeakyReLUGrad(r.row, hidden, 0)
	vec.Add(grad[r.b:r.v], r.row)
	for _, i := range set {
		vec.Add(r.delta[int(i)*r.width:int(i+1)*r.width], r.row)
	}
}

// end adds the gradient with respect to W, and to dh the gradient with respect to the n
// embeddings h. transposed is a buffer.
func (r *readout) end(h, dh []float32, n int, transposed []float32) {
	vec.Gemm(r.width, r.width, n, h, 1, r.width, r.delta, r.width, r.params.Grad[r.w:r.b], r.width)
	vec.Transpose(transposed, r.width, r.params.Data[r.w:r.b], r.width, r.width, r.width)
	vec.Gemm(n, r.width, r.width, r.delta, r.width, 1, transposed, r.width, dh, r.width)
}

// resize returns x with n elements of unspecified content.
func resize(x []float32, n int) []float32 { return slices.Grow(x[:0], n)[:n] }
