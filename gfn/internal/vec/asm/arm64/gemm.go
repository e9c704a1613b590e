package main

import "fmt"

// tiles are the kernels of Gemm, as rows × vectors of four columns. All accumulators stay
// in registers over the chain.
var tiles = []struct{ rows, vectors int }{
	{8, 3}, {8, 2}, {8, 1},
	{4, 6}, {4, 3}, {4, 2}, {4, 1},
	{2, 6}, {2, 3}, {2, 2}, {2, 1},
	{1, 6}, {1, 3}, {1, 2}, {1, 1},
}

// Registers of a tile. aPointers point to its rows of A.
const (
	panels, chain          = "R0", "R1"
	aStart, aRow, aCol     = "R2", "R3", "R4"
	bStart, bRow           = "R5", "R6"
	cStart, cRow, skip     = "R7", "R8", "R9"
	index, bAt, left, cRun = "R21", "R22", "R23", "R24"
)

var aPointers = []string{"R10", "R11", "R12", "R13", "R14", "R15", "R19", "R20"}

func gemm(a *assembler) {
	for _, t := range tiles {
		tile{a, t.rows, t.vectors}.write()
	}
}

// tile is a kernel: it walks down panels of rows.
type tile struct {
	*assembler
	rows, vectors int
}

func (t tile) write() {
	columns := 4 * t.vectors
	t.function(fmt.Sprintf("gemm%dx%d", t.rows, columns),
		"panels int, k int, a *float32, aRow int, aCol int, b *float32, bRow int, c *float32, cRow int, skip int", "",
		fmt.Sprintf("adds A·B to panels of %d rows, below each other, and %d columns of C; strides count float32. The first skip columns, at most 3, are not of C: c points to the one after.", t.rows, columns))
	t.argument("panels", panels)
	t.argument("k", chain)
	t.argument("a", aStart)
	t.elements("aRow", 2, aRow)
	t.argument("aCol", aCol)
	t.argument("b", bStart)
	t.elements("bRow", 2, bRow)
	t.argument("c", cStart)
	t.elements("cRow", 2, cRow)
	t.argument("skip", skip)
	next := t.label("panel")
	t.at(next)
	for r := range t.rows {
		if r == 0 {
			t.do("MOVD %s, %s", aStart, aPointers[0])
		} else {
			t.do("ADD %s, %s, %s", aRow, aPointers[r-1], aPointers[r])
		}
	}
	t.panel(t.loadC)
	t.multiply()
	t.panel(t.storeC)
	t.do("ADD %s, %s, %s", aRow, aPointers[t.rows-1], aStart)
	t.do("MOVD %s, %s", cRun, cStart)
	t.do("SUBS $1, %s; BNE %s", panels, next)
	t.end()
}

// multiply runs the chains.
func (t tile) multiply() {
	t.do("MOVD $0, %s; MOVD %s, %s; MOVD %s, %s", index, bStart, bAt, chain, left)
	next := t.label("chain")
	t.at(next)
	for j := 0; j < t.vectors; j += 2 {
		if j+1 < t.vectors {
			t.do("FLDPQ %d(%s), (F%d, F%d)", 16*j, bAt, j, j+1)
		} else {
			t.do("FMOVQ %d(%s), F%d", 16*j, bAt, j)
		}
	}
	t.do("ADD %s, %s", bRow, bAt)
	// Load as many elements of A ahead as there are registers for.
	spare := 8 - t.vectors
	element := func(r int) vector { return vector(t.vectors + r%spare) }
	load := func(r int) {
		if r < t.rows {
			t.do("FMOVS (%s)(%s<<2), F%d", aPointers[r], index, element(r))
		}
	}
	for r := range spare {
		load(r)
	}
	for r := range t.rows {
		for j := range t.vectors {
			t.fmlaFirst(t.c(r, j), vector(j), element(r))
		}
		load(r + spare)
	}
	t.do("ADD %s, %s; SUBS $1, %s; BNE %s", aCol, index, left, next)
}

// c returns the accumulator of a row and a vector.
func (t tile) c(row, j int) vector {
	return vector(8 + row*t.vectors + j)
}

// panel runs body over the rows of the tile, for each number of skipped columns.
func (t tile) panel(body func(row, skipped int)) {
	done := t.label("done")
	for s := range 4 {
		next := t.label("skip")
		if s < 3 {
			t.do("CMP $%d, %s; BNE %s", s, skip, next)
		}
		t.do("MOVD %s, %s", cStart, cRun)
		for r := range t.rows {
			body(r, s)
			t.do("ADD %s, %s", cRow, cRun)
		}
		if s < 3 {
			t.do("JMP %s", done)
			t.at(next)
		}
	}
	t.at(done)
}

// first writes loads or stores of the first vector's lanes after the skipped ones.
// instruction gets the lane.
func (t tile) first(skipped int, instruction func(lane, pointer string)) {
	switch skipped {
	case 1:
		instruction("S[1]", cRun)
		t.do("ADD $4, %s, %s", cRun, scratch)
		instruction("D[1]", scratch)
	case 2:
		instruction("D[1]", cRun)
	case 3:
		instruction("S[3]", cRun)
	}
}

func (t tile) loadC(row, skipped int) {
	c := t.c(row, 0)
	if skipped == 0 {
		t.do("FMOVQ (%s), F%d", cRun, c)
	} else {
		t.three("eor", bytes, c, c, c)
		t.first(skipped, func(lane, p string) { t.do("VLD1 (%s), V%d.%s", p, c, lane) })
	}
	for j := 1; j < t.vectors; j++ {
		t.do("FMOVQ %d(%s), F%d", 16*j-4*skipped, cRun, t.c(row, j))
	}
}

func (t tile) storeC(row, skipped int) {
	c := t.c(row, 0)
	if skipped == 0 {
		t.do("FMOVQ F%d, (%s)", c, cRun)
	} else {
		t.first(skipped, func(lane, p string) { t.do("VST1 V%d.%s, (%s)", c, lane, p) })
	}
	for j := 1; j < t.vectors; j++ {
		t.do("FMOVQ F%d, %d(%s)", t.c(row, j), 16*j-4*skipped, cRun)
	}
}
