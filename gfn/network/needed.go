package network

import (
	"slices"

	"gfnbench/gfn/internal/vec"
)

// A Sparing model leaves out work on outputs that are not needed.
type Sparing interface {
	// Need announces which outputs the next Forward must compute: of the first count
	// those whose bit in the row's mask is set, and all others. Masks are words apart.
	// The outputs left out have unspecified values, and Backward must be given 0 for
	// them.
	Need(masks []uint64, words, count int)
}

// strip is how many consecutive outputs are left out together.
const strip = 16

// needed lists, for each strip of outputs and each block of the tape's rows, the rows in
// which the strip matters. The products with other strips are left out. In the backward
// pass they would add only zeros, so the results are the same. (A chain that has
// underflowed to -0 would become +0; no update depends on that sign.)
type needed struct {
	masks        []uint64 // of the next forward pass
	words, count int

	strips int     // in a row, 0 if nothing is left out; the last outputs may not fill one
	starts []int   // first row of each block
	counts []int   // blocks × strips: lengths of the lists
	lists  []int32 // blocks × strips × block
	rows   int     // listed
}

// Need is of Sparing.
func (m *stack) Need(masks []uint64, words, count int) {
	if strips := m.Outputs() / strip; strips > 1 && len(m.layers) > 1 && vec.Listed() {
		d := &m.needed
		d.strips, d.masks, d.words, d.count = strips, masks, words, count
	}
}

func (d *needed) reset() {
	d.strips, d.rows = 0, 0
	d.starts, d.counts, d.lists = d.starts[:0], d.counts[:0], d.lists[:0]
}

// enter lists the next n rows. Passes of few rows share a block.
func (d *needed) enter(n int) {
	if d.strips == 0 {
		return
	}
	for r := range n {
		if r%block == 0 && (r > 0 || len(d.starts) == 0 || d.rows+n-d.starts[len(d.starts)-1] > block) {
			d.starts = append(d.starts, d.rows)
			d.counts = extend(d.counts, d.strips)
			clear(d.counts[len(d.counts)-d.strips:])
			d.lists = extend(d.lists, d.strips*block)
		}
		d.enterRow(d.masks[r*d.words : (r+1)*d.words])
	}
}

// enterRow lists a row in the last block. It has no branches, which would be mispredicted.
func (d *needed) enterRow(mask []uint64) {
	q := len(d.starts) - 1
	counts, lists := d.counts[q*d.strips:], d.lists[q*d.strips*block:]
	r, s := int32(d.rows-d.starts[q]), 0
	for ; (s+1)*strip <= d.count && s < d.strips; s++ {
		lists[s*block+counts[s]] = r
		counts[s] += min(1, int(mask[s*strip>>6]>>(s*strip&63)&(1<<strip-1)))
	}
	for ; s < d.strips; s++ {
		lists[s*block+counts[s]] = r
		counts[s]++
	}
	d.rows++
}

// of returns the block that has row r.
func (d *needed) of(r int) int {
	q, found := slices.BinarySearch(d.starts, r)
	if !found {
		q--
	}
	return q
}

// start returns the first row of the block that has row r.
func (d *needed) start(r int) int {
	if d.strips == 0 {
		return r
	}
	return d.starts[d.of(r)]
}

// end returns the end of the block that has row r-1, at most rows.
func (d *needed) end(r, rows int) int {
	if d.strips == 0 {
		return min(r-1+block, rows)
	}
	if q := d.of(r-1) + 1; q < len(d.starts) {
		return d.starts[q]
	}
	return rows
}

// part returns how many of rows from ≤ r < to begin in one block, and whether it is worth
// leaving out strips there, which is slower than a whole product by about a tenth.
func (d *needed) part(from, to int) (q, n int, sparse bool) {
	if d.strips == 0 {
		return 0, min(to-from, block), false
	}
	q = d.of(from)
	end := d.end(from+1, d.rows)
	listed := 0
	for _, n := range d.counts[q*d.strips : (q+1)*d.strips] {
		listed += n
	}
	return q, min(end, to) - from, 8*listed < 7*d.strips*(end-d.starts[q])
}

// list returns the rows from ≤ r < to of block q in which strip s matters, counted from
// the start of the block.
func (d *needed) list(q, s, from, to int) []int32 {
	at, start := (q*d.strips+s)*block, d.starts[q]
	return within(d.lists[at:at+d.counts[q*d.strips+s]], from-start, to-start)
}

// extend returns x with n more elements of unspecified content.
func extend[T any](x []T, n int) []T { return slices.Grow(x, n)[:len(x)+n] }
