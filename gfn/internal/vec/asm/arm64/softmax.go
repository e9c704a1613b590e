package main

import "math"

// masked walks over rows of entries, each with a bit that tells whether it is legal.
// doubles are the rows of float64, logits those of float32.
type masked struct {
	*assembler
	bits pair // of the lanes of 8 entries
}

// Registers of masked: for the rows, and within a row.
const (
	doubles, logits, logitRow = "R0", "R1", "R2"
	mask, maskRow             = "R3", "R4"
	rowsLeft, entries         = "R5", "R6"
	doubleAt, logitAt, maskAt = "R9", "R10", "R11"
	entriesLeft               = "R12"
)

const maskedParameters = "logits *float32, logitRow int, mask *uint64, maskRow int, rows int, n int"

// masked loads the parameters.
func (a *assembler) masked(rowsOfDoubles string) masked {
	a.argument(rowsOfDoubles, doubles)
	a.argument("logits", logits)
	a.elements("logitRow", 2, logitRow)
	a.argument("mask", mask)
	a.elements("maskRow", 3, maskRow)
	a.argument("rows", rowsLeft)
	a.argument("n", entries)
	a.useConstants()
	bits := func(name string, first uint64) vector {
		return a.constant(name, first|first<<33, first<<2|first<<35)
	}
	return masked{a, pair{bits("bits0", 1), bits("bits4", 16)}}
}

// eachRow runs body for every row.
func (m masked) eachRow(body func()) {
	next := m.label("row")
	m.at(next)
	body()
	m.do("ADD %s<<3, %s; ADD %s, %s; ADD %s, %s", entries, doubles, logitRow, logits, maskRow, mask)
	m.do("SUBS $1, %s; BNE %s", rowsLeft, next)
	m.end()
}

// eights runs body over the halves of 8 entries of the row. body gets the mask of its
// four entries, and their memory.
func (m masked) eights(body func(half int, legal vector, single, double span)) {
	m.do("MOVD %s, %s; MOVD %s, %s; MOVD %s, %s; MOVD %s, %s", doubles, doubleAt, logits, logitAt, mask, maskAt, entries, entriesLeft)
	const bits, one = "R13", "R14"
	t := m.take()
	m.assembler.eights(entriesLeft, map[string]int{doubleAt: 8, logitAt: 4}, func(half int, left string) {
		if half == 0 {
			m.do("MOVBU.P 1(%s), %s", maskAt, bits)
			if left != "" { // clear the bits of entries beyond the end
				m.do("MOVD $1, %s; LSL %s, %s; SUB $1, %s; AND %s, %s", one, left, one, one, one, bits)
			}
		}
		m.do("VDUP %s, V%d.S4", bits, t)
		m.three("cmtst", single, t, t, m.bits[half])
		body(half, t, span{logitAt, 16 * half, left}, span{doubleAt, 32 * half, left})
	})
	m.give(t)
}

// wide expands a mask of four 32-bit lanes to two masks of two 64-bit lanes.
func (m masked) wide(legal vector) pair {
	w := m.pair()
	m.widenMask(w[0], w[1], legal)
	return w
}

// softmax writes the kernel of SoftmaxRows.
func softmax(a *assembler) {
	a.function("softmax", "p *float64, "+maskedParameters+", sums *float64, tops *float64", "",
		"does the rows of softmaxRowsGo for rows > 0; it writes the largest logits to tops and the sums to sums.")
	m := a.masked("p")
	const sums, tops = "R7", "R8"
	a.argument("sums", sums)
	a.argument("tops", tops)
	m.eachRow(func() {
		top := m.largestLegal()
		a.do("FCVTSD F%d, F%d; FMOVD.P F%d, 8(%s)", top, top, top, tops)
		a.duplicate(double, top, top, 0)
		l := m.exponentials(top)
		a.give(top)
		s := a.fold(l)
		a.do("FMOVD.P F%d, 8(%s)", s, sums)
		a.duplicate(double, s, s, 0)
		inverse := a.float64s("one", 1)
		a.three("fdiv", double, inverse, inverse, s)
		a.give(l[:]...)
		m.eights(func(_ int, legal vector, _, at span) {
			x := a.pair()
			a.loadDoubles(x, at)
			a.both("fmul", x, x, pair{inverse, inverse})
			w := m.wide(legal)
			m.keep(x, w)
			a.storeDoubles(x, at)
			a.give(x[:]...)
			a.give(w[:]...)
		})
		a.give(inverse)
	})
}

// largestLegal returns the largest legal logit of the row in the first lane.
func (m masked) largestLegal() vector {
	top := m.words("negInf32", math.Float32bits(float32(math.Inf(-1))))
	low := m.words("negInf32", math.Float32bits(float32(math.Inf(-1))))
	x := m.take()
	m.eights(func(_ int, legal vector, at, _ span) {
		m.loadSingles(x, at)
		m.three("bsl", bytes, legal, x, low)
		m.three("fmax", single, top, top, legal)
	})
	m.largest(top, top)
	m.give(x, low)
	return top
}

// exponentials writes the exponentials of the row's legal logits less top, and zeros
// elsewhere, and returns their sums.
func (m masked) exponentials(top vector) lanes {
	l := m.zeroLanes()
	m.eights(func(half int, legal vector, logit, at span) {
		x := m.pair()
		m.loadSingles(x[0], logit)
		m.widen(x[0], x[1], x[0])
		m.both("fsub", x, x, pair{top, top})
		m.exp(x)
		w := m.wide(legal)
		m.keep(x, w)
		for i := range x {
			m.three("fadd", double, l[2*half+i], l[2*half+i], x[i])
		}
		m.storeDoubles(x, at)
		m.give(x[:]...)
		m.give(w[:]...)
	})
	return l
}

// keep sets the lanes of x outside the mask to +0.
func (m masked) keep(x, mask pair) {
	for i := range x {
		m.three("and", bytes, x[i], x[i], mask[i])
	}
}
