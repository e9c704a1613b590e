package network

import "gfnbench/gfn/internal/vec"

// inputs is the tape of the inputs to a stack's first layer l.
type inputs interface {
	// enter sets y to x·W + b for rows lo ≤ r < hi of the tape.
	enter(l *dense, w, b, y []float32, lo, hi int)

	// gradient adds to rows lo ≤ i < hi of W's gradient the part of rows from ≤ r < to of
	// the tape, given the gradient d with respect to the layer's output in these rows.
	gradient(l *dense, dw, d []float32, from, to, lo, hi int)
}

// multiHot are inputs of zeros and ones: their products are sums of rows of weights.
type multiHot struct {
	active  []int32 // indices of the ones, ascending in each row
	offsets []int32 // offsets[r]:offsets[r+1] are row r's
}

func (x *multiHot) reset() { x.active, x.offsets = x.active[:0], append(x.offsets[:0], 0) }

// end ends a row after its ones have been appended.
func (x *multiHot) end() { x.offsets = append(x.offsets, int32(len(x.active))) }

func (x *multiHot) row(r int) []int32 { return x.active[x.offsets[r]:x.offsets[r+1]] }

func (x *multiHot) enter(l *dense, w, b, y []float32, lo, hi int) {
	for r := range hi - lo {
		copy(y[r*l.out:(r+1)*l.out], b)
		vec.AddRows(y[r*l.out:(r+1)*l.out], w, l.out, x.row(lo+r))
	}
}

func (x *multiHot) gradient(l *dense, dw, d []float32, from, to, lo, hi int) {
	for r := from; r < to; r++ {
		vec.ScatterAddRows(dw, l.out, within(x.row(r), lo, hi), d[(r-from)*l.out:(r-from+1)*l.out])
	}
}

// within returns the elements of an ascending list in the range lo ≤ x < hi.
func within(list []int32, lo, hi int) []int32 {
	for len(list) > 0 && int(list[0]) < lo {
		list = list[1:]
	}
	for len(list) > 0 && int(list[len(list)-1]) >= hi {
		list = list[:len(list)-1]
	}
	return list
}

// real are arbitrary real inputs, row after row.
type real struct {
	x []float32
}

func (x *real) enter(l *dense, w, b, y []float32, lo, hi int) {
	vec.GemmFrom(hi-lo, l.out, l.in, x.x[lo*l.in:], l.in, 1, w, l.out, b, 0, y, l.out)
}

func (x *real) gradient(l *dense, dw, d []float32, from, to, lo, hi int) {
	if lo < hi {
		vec.Gemm(hi-lo, l.out, to-from, x.x[from*l.in+lo:], 1, l.in, d, l.out, dw[lo*l.out:], l.out)
	}
}
