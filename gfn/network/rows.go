package network

import "slices"

// rows are consecutive rows of a tape, as far as they are kept.
type rows struct {
	x     []float32
	first int // tape row at which x begins
	width int
}

// at returns the rows from row r of the tape on.
func (w *rows) at(r int) []float32 { return w.x[(r-w.first)*w.width:] }

// span returns rows from ≤ r < to of the tape.
func (w *rows) span(from, to int) []float32 {
	return w.x[(from-w.first)*w.width : (to-w.first)*w.width]
}

// extend makes room for rows first ≤ r < to. If first has not changed, rows there keep
// their content; otherwise all are unspecified.
func (w *rows) extend(first, to, width int) {
	if first != w.first {
		w.x = w.x[:0]
	}
	w.first, w.width = first, width
	n := (to - first) * width
	w.x = slices.Grow(w.x[:min(len(w.x), n)], n-min(len(w.x), n))[:n]
}
