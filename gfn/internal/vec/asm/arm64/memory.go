package main

import (
	"fmt"
	"math"
)

// table is the register with the address of the constants in functions that use them.
const table = "R26"

// useConstants loads the address of the table of constants.
func (a *assembler) useConstants() {
	a.do("MOVD $constants<>(SB), %s", table)
}

// constant returns a register with a constant of the given bits in both halves.
// Equal names are equal constants.
func (a *assembler) constant(name string, lo, hi uint64) vector {
	v := a.take()
	at, ok := a.constants[name]
	if !ok {
		at = 16 * len(a.constants)
		a.constants[name] = at
		fmt.Fprintf(&a.data, "DATA constants<>+%d(SB)/8, $0x%016x // %s\n", at, lo, name)
		fmt.Fprintf(&a.data, "DATA constants<>+%d(SB)/8, $0x%016x\n", at+8, hi)
	}
	a.do("FMOVQ %d(%s), F%d", at, table, v)
	return v
}

// float64s returns a register with x in both lanes.
func (a *assembler) float64s(name string, x float64) vector {
	b := math.Float64bits(x)
	return a.constant(name, b, b)
}

// words returns a register with x in four lanes.
func (a *assembler) words(name string, x uint32) vector {
	b := uint64(x)<<32 | uint64(x)
	return a.constant(name, b, b)
}

// span is memory for 4 elements, of which only the first are used if left names a
// register with their number, 1 to 3.
type span struct {
	pointer string
	offset  int
	left    string // empty: all 4
}

// operand returns the operand that many bytes further on.
func (s span) operand(bytes int) string {
	return fmt.Sprintf("%d(%s)", s.offset+bytes, s.pointer)
}

// pieces writes code for 4 elements or more, and for 1, 2 and 3.
func (a *assembler) pieces(s span, all func(), some [4]func()) {
	if s.left == "" {
		all()
		return
	}
	done := a.label("done")
	for n := 1; n <= 3; n++ {
		next := a.label("more")
		a.do("CMP $%d, %s; BNE %s", n, s.left, next)
		some[n]()
		a.do("JMP %s", done)
		a.at(next)
	}
	all()
	a.at(done)
}

// scratch is a register for computing addresses.
const scratch = "R25"

// loadSingles sets v to four float32, or to fewer and zeros.
func (a *assembler) loadSingles(v vector, s span) {
	two := func() { a.do("FMOVD %s, F%d", s.operand(0), v) }
	a.pieces(s, func() { a.do("FMOVQ %s, F%d", s.operand(0), v) }, [4]func(){
		1: func() { a.do("FMOVS %s, F%d", s.operand(0), v) },
		2: two,
		3: func() {
			two()
			a.do("ADD $%d, %s, %s; VLD1 (%s), V%d.S[2]", s.offset+8, s.pointer, scratch, scratch, v)
		},
	})
}

// storeSingles is the reverse of loadSingles.
func (a *assembler) storeSingles(v vector, s span) {
	two := func() { a.do("FMOVD F%d, %s", v, s.operand(0)) }
	a.pieces(s, func() { a.do("FMOVQ F%d, %s", v, s.operand(0)) }, [4]func(){
		1: func() { a.do("FMOVS F%d, %s", v, s.operand(0)) },
		2: two,
		3: func() {
			two()
			a.do("ADD $%d, %s, %s; VST1 V%d.S[2], (%s)", s.offset+8, s.pointer, scratch, v, scratch)
		},
	})
}

// loadDoubles sets v to four float64, or to fewer and zeros.
func (a *assembler) loadDoubles(v [2]vector, s span) {
	a.pieces(s, func() { a.do("FLDPQ %s, (F%d, F%d)", s.operand(0), v[0], v[1]) }, [4]func(){
		1: func() {
			a.do("FMOVD %s, F%d", s.operand(0), v[0])
			a.three("eor", bytes, v[1], v[1], v[1])
		},
		2: func() {
			a.do("FMOVQ %s, F%d", s.operand(0), v[0])
			a.three("eor", bytes, v[1], v[1], v[1])
		},
		3: func() { a.do("FMOVQ %s, F%d; FMOVD %s, F%d", s.operand(0), v[0], s.operand(16), v[1]) },
	})
}

// storeDoubles is the reverse of loadDoubles.
func (a *assembler) storeDoubles(v [2]vector, s span) {
	a.pieces(s, func() { a.do("FSTPQ (F%d, F%d), %s", v[0], v[1], s.operand(0)) }, [4]func(){
		1: func() { a.do("FMOVD F%d, %s", v[0], s.operand(0)) },
		2: func() { a.do("FMOVQ F%d, %s", v[0], s.operand(0)) },
		3: func() { a.do("FMOVQ F%d, %s; FMOVD F%d, %s", v[0], s.operand(0), v[1], s.operand(16)) },
	})
}

// fours runs body over n elements: four at a time, and then a rest of 1 to 3. Each
// pointer advances by the given number of bytes per element.
func (a *assembler) fours(n string, pointers map[string]int, body func(left string)) {
	next, tail, done := a.label("loop"), a.label("tail"), a.label("done")
	a.at(next)
	a.do("CMP $4, %s; BLT %s", n, tail)
	body("")
	for _, p := range sorted(pointers) {
		a.do("ADD $%d, %s", 4*pointers[p], p)
	}
	a.do("SUB $4, %s; JMP %s", n, next)
	a.at(tail)
	a.do("CBZ %s, %s", n, done)
	body(n)
	a.at(done)
}
