package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm writes the kernels of Gemm: tiles of rows×(2 or 1 vectors) of C that stay in
// registers over the whole chain. A kernel walks down panels of rows. The kernels called
// rest handle the remaining rows, which are fewer than a panel's.
func gemm(v isa) {
	rows := 8
	if v == avx2 {
		rows = 6
	}
	tile{v, rows, 2, false, true}.write()
	for _, vecs := range []int{2, 1} {
		tile{v, rows, vecs, true, true}.write()
		rest(v, rows, vecs)
	}
	if v == avx2 {
		// More rows keep the multipliers busy if one vector holds all columns.
		tile{v, 2 * rows, 1, true, true}.write()
	}
}

// tile is a kernel. Masked tiles leave out columns of the last vector.
type tile struct {
	isa
	rows, vecs     int
	masked, panels bool
}

// The chains start from c0, whose rows are c0Bytes apart.
const gemmArguments = "k int, a *float32, aRow, aCol int, b *float32, bRow int, c0 *float32, c0Bytes int, c *float32, cRow int"

func (t tile) write() {
	columns := t.vecs * t.singles()
	name, tail := fmt.Sprintf("gemm%dx%d", t.rows, columns), ""
	doc := fmt.Sprintf("sets panels of %d rows, below each other, and %d columns of C to C0 + A·B; strides count float32, c0Bytes bytes.", t.rows, columns)
	if t.masked {
		name += "Tail"
		tail = ", tail int"
		doc += " The last vector has only tail columns."
	}
	t.function(name, "(panels, "+gemmArguments+tail+")", doc)
	t.body()
}

// rest writes a function with the kernels of 1 to rows-1 rows.
func rest(v isa, rows, vecs int) {
	columns := vecs * v.singles()
	v.function(fmt.Sprintf("gemmRest%d", columns), "(rows, "+gemmArguments+", tail int)",
		fmt.Sprintf("sets 1 to %d rows and %d columns of C to C0 + A·B; strides count float32, c0Bytes bytes. The last vector has only tail columns.", rows-1, columns))
	n := argument("rows")
	for r := rows - 1; r > 0; r-- {
		other := label("rows")
		if r > 1 {
			CMPQ(n, Imm(uint64(r)))
			JNE(LabelRef(other))
		}
		tile{v, r, vecs, true, false}.body()
		if r > 1 {
			Label(other)
		}
	}
}

func (t tile) body() {
	g := t.load0()
	var k *mask
	if t.masked {
		m := t.firstSingles(argument("tail"))
		k = &m
	}
	next := label("panel")
	if t.panels {
		Label(next)
	}
	acc := t.accumulators()
	at := GP64()
	MOVQ(parameter("c0"), at)
	t.eachVector(acc, at, parameter("c0Bytes"), func(r reg.VecVirtual, m Mem, last bool) { t.load(m, pick(k, last), r) })
	if t.panels {
		MOVQ(at, parameter("c0"))
	}
	t.chain(acc, g, k)
	MOVQ(g.c, at)
	t.eachVector(acc, at, g.cRow, func(r reg.VecVirtual, m Mem, last bool) { t.store(r, pick(k, last), m) })
	if t.panels {
		MOVQ(at, g.c)
		switch t.rows {
		case 8:
			LEAQ(Mem{Base: g.a, Index: g.aRow, Scale: 8}, g.a)
		case 6:
			LEAQ(Mem{Base: g.a, Index: g.aRow3, Scale: 2}, g.a)
		case 12:
			LEAQ(Mem{Base: g.a, Index: g.aRow3, Scale: 4}, g.a)
		}
		n := parameter("panels")
		DECQ(n)
		JNZ(LabelRef(next))
	}
	end()
}

// pick returns the mask for the last vector only.
func pick(k *mask, last bool) *mask {
	if last {
		return k
	}
	return nil
}

// operands are the registers of a kernel; strides are in bytes.
type operands struct {
	a, aRow, aRow3, aCol, b, bRow, c, cRow reg.GPVirtual
}

func (t tile) load0() operands {
	g := operands{
		a: argument("a"), aRow: floats("aRow"), aCol: floats("aCol"),
		b: argument("b"), bRow: floats("bRow"),
		c: argument("c"), cRow: floats("cRow"),
	}
	if t.rows > 3 {
		g.aRow3 = GP64()
		LEAQ(Mem{Base: g.aRow, Index: g.aRow, Scale: 2}, g.aRow3)
	}
	return g
}

func (t tile) accumulators() [][]reg.VecVirtual {
	acc := make([][]reg.VecVirtual, t.rows)
	for i := range acc {
		for range t.vecs {
			acc[i] = append(acc[i], t.reg())
		}
	}
	return acc
}

// eachVector walks over the vectors of a tile at at, whose rows are stride apart, and
// leaves at pointing below it.
func (t tile) eachVector(acc [][]reg.VecVirtual, at reg.GPVirtual, stride Op, f func(r reg.VecVirtual, m Mem, last bool)) {
	for i := range t.rows {
		for j, r := range acc[i] {
			f(r, Mem{Base: at, Disp: j * t.bytes}, j == t.vecs-1)
		}
		ADDQ(stride, at)
	}
}

// chain runs the fused multiply-adds over k.
func (t tile) chain(acc [][]reg.VecVirtual, g operands, k *mask) {
	pa := t.pointers(g)
	pb, n := GP64(), GP64()
	MOVQ(g.b, pb)
	Load(Param("k"), n)
	bs := make([]reg.VecVirtual, t.vecs)
	for j := range bs {
		bs[j] = t.reg()
	}
	x := t.reg()
	loop := label("loop")
	// Keep the speed independent of where the linker puts the function.
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(64)}})
	Label(loop)
	for j, b := range bs {
		t.load(Mem{Base: pb, Disp: j * t.bytes}, pick(k, j == t.vecs-1), b)
	}
	ADDQ(g.bRow, pb)
	for i := range t.rows {
		VBROADCASTSS(t.row(pa[i/t.group()], i%t.group(), g), x)
		for j, b := range bs {
			VFMADD231PS(b, x, acc[i][j])
		}
	}
	for _, p := range pa {
		ADDQ(g.aCol, p)
	}
	DECQ(n)
	JNZ(LabelRef(loop))
}

// pointers returns a pointer into A for each group of rows.
func (t tile) pointers(g operands) []reg.GPVirtual {
	first := GP64()
	MOVQ(g.a, first)
	pa := []reg.GPVirtual{first}
	for i := t.group(); i < t.rows; i += t.group() {
		p, above := GP64(), pa[len(pa)-1]
		if t.group() == 4 {
			LEAQ(Mem{Base: above, Index: g.aRow, Scale: 4}, p)
		} else {
			LEAQ(Mem{Base: above, Index: g.aRow3, Scale: 1}, p)
		}
		pa = append(pa, p)
	}
	return pa
}

// group returns the number of rows that one pointer into A serves.
func (t tile) group() int {
	if t.isa == avx512 {
		return 4
	}
	return 3
}

// row returns the operand for row i ≤ 3 of A, counted from a pointer.
func (t tile) row(base reg.GPVirtual, i int, g operands) Mem {
	switch i {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: g.aRow3, Scale: 1}
	}
	return Mem{Base: base, Index: g.aRow, Scale: uint8(i)}
}
