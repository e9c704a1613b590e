package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// listed writes the kernels of GemmRows and GemmPicked. Both go through a list of rows of
// A: GemmRows has a chain for each listed row, GemmPicked one link for each.
func listed(v isa) {
	if v == avx512 {
		listedRows{v, 8, 2}.write()
		listedRows{v, 12, 1}.write()
		listedRows{v, 4, 1}.write()
		picked{v, 16, 1}.write()
		picked{v, 24, 1}.write()
		return
	}
	listedRows{v, 6, 2}.write()
	listedRows{v, 3, 2}.write()
	picked{v, 4, 2}.write()
}

// aligned begins a loop that the linker aligns, so that its speed does not depend on
// where the function is.
func aligned(name string) {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(64)}})
	Label(name)
}

// multiplyAdd adds x·y to each of z, where x is the float32 at m in all lanes.
func (v isa) multiplyAdd(m Mem, y, z []reg.VecVirtual) {
	if v == avx512 && len(y) == 1 {
		VFMADD231PS_BCST(m, y[0], z[0])
		return
	}
	x := v.broadcast(m)
	for j := range y {
		VFMADD231PS(y[j], x, z[j])
	}
}

// listedRows is a kernel of GemmRows with tiles of rows×vecs vectors.
type listedRows struct {
	isa
	rows, vecs int
}

func (t listedRows) write() {
	columns := t.vecs * t.singles()
	t.function(fmt.Sprintf("gemmRows%dx%d", t.rows, columns), "(panels int, idx *int32, k int, a *float32, aRow int, b *float32, bRow int, c0 *float32, c0Row int, c *float32, cRow int)",
		fmt.Sprintf("sets %d columns of the rows of C that idx lists, panels of %d, to C0 + A·B; strides count float32.", columns, t.rows))
	next, loop := label("panel"), label("loop")
	Label(next)
	acc := tile{isa: t.isa, rows: t.rows, vecs: t.vecs}.accumulators()
	t.eachVector(acc, "c0", func(r reg.VecVirtual, m Mem) { VMOVUPS(m, r) })

	// The pointers into A are to the ends of the rows.
	list, k := argument("idx"), argument("k")
	pa := make([]reg.GPVirtual, t.rows)
	for i := range pa {
		pa[i] = GP64()
		MOVLQSX(Mem{Base: list, Disp: 4 * i}, pa[i])
		IMULQ(parameter("aRow"), pa[i])
		ADDQ(k, pa[i])
		SHLQ(Imm(2), pa[i])
		ADDQ(parameter("a"), pa[i])
	}
	NEGQ(k)
	pb, stride := argument("b"), floats("bRow")
	b := make([]reg.VecVirtual, t.vecs)
	for j := range b {
		b[j] = t.reg()
	}
	aligned(loop)
	for j := range b {
		VMOVUPS(Mem{Base: pb, Disp: j * t.bytes}, b[j])
	}
	ADDQ(stride, pb)
	for i := range pa {
		t.multiplyAdd(Mem{Base: pa[i], Index: k, Scale: 4}, b, acc[i])
	}
	INCQ(k)
	JNZ(LabelRef(loop))

	t.eachVector(acc, "c", func(r reg.VecVirtual, m Mem) { VMOVUPS(r, m) })
	ADDQ(U32(4*t.rows), parameter("idx"))
	DECQ(parameter("panels"))
	JNZ(LabelRef(next))
	end()
}

// eachVector calls f with the vectors of the listed rows of a matrix.
func (t listedRows) eachVector(acc [][]reg.VecVirtual, matrix string, f func(r reg.VecVirtual, m Mem)) {
	list, c, stride := argument("idx"), argument(matrix), floats(matrix+"Row")
	for i := range acc {
		at := GP64()
		MOVLQSX(Mem{Base: list, Disp: 4 * i}, at)
		IMULQ(stride, at)
		for j, r := range acc[i] {
			f(r, Mem{Base: c, Index: at, Scale: 1, Disp: j * t.bytes})
		}
	}
}

// picked is a kernel of GemmPicked with tiles of rows×vecs vectors.
type picked struct {
	isa
	rows, vecs int
}

func (t picked) write() {
	columns := t.vecs * t.singles()
	t.function(fmt.Sprintf("gemmPicked%dx%d", t.rows, columns), "(panels int, idx *int32, count int, a *float32, aRow int, b *float32, bRow int, c *float32, cRow int)",
		fmt.Sprintf("adds Aᵀ·B over the count rows of A and B that idx lists to %d columns of panels of %d rows of C; strides count float32.", columns, t.rows))
	a, aRow := argument("a"), floats("aRow")
	b, bRow := argument("b"), floats("bRow")
	c, cRow := argument("c"), floats("cRow")
	list, count := argument("idx"), argument("count")
	next, loop := label("panel"), label("loop")
	Label(next)
	acc := tile{isa: t.isa, rows: t.rows, vecs: t.vecs}.accumulators()
	at := GP64()
	whole := tile{isa: t.isa, rows: t.rows, vecs: t.vecs}
	MOVQ(c, at)
	whole.eachVector(acc, at, cRow, func(r reg.VecVirtual, m Mem, _ bool) { VMOVUPS(m, r) })
	i, pa, pb := GP64(), GP64(), GP64()
	XORQ(i, i)
	y := make([]reg.VecVirtual, t.vecs)
	for j := range y {
		y[j] = t.reg()
	}
	aligned(loop)
	MOVLQSX(Mem{Base: list, Index: i, Scale: 4}, pa)
	MOVQ(pa, pb)
	IMULQ(aRow, pa)
	IMULQ(bRow, pb)
	for j := range y {
		VMOVUPS(Mem{Base: b, Index: pb, Scale: 1, Disp: j * t.bytes}, y[j])
	}
	for r := range acc {
		t.multiplyAdd(Mem{Base: a, Index: pa, Scale: 1, Disp: 4 * r}, y, acc[r])
	}
	INCQ(i)
	CMPQ(i, count)
	JLT(LabelRef(loop))
	MOVQ(c, at)
	whole.eachVector(acc, at, cRow, func(r reg.VecVirtual, m Mem, _ bool) { VMOVUPS(r, m) })
	MOVQ(at, c)
	ADDQ(U32(4*t.rows), a)
	DECQ(parameter("panels"))
	JNZ(LabelRef(next))
	end()
}
