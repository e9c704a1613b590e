package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "gfnbench/gfn/internal/vec/asm/coefficient"
)

const (
	// float32 drops the low 29 bits of a float64; at a midpoint of two float32 only the
	// highest of these is set. They are compared as a float32 with the bits above set,
	// which avoids subnormal numbers.
	keptBits     = 7 << 29
	midpointBits = keptBits | 1<<28

	// underflow is the flag of MXCSR for a result that was inexact and subnormal.
	underflow = 1 << 4
)

// emulatedGemm writes the kernels of Gemm without fused multiply-adds. Each product is
// exact in float64, and the sum is rounded to float64 and then to float32. The result can
// be wrong only if the first is a midpoint of two float32 or the second is subnormal; the
// kernels look for both over the whole chain.
//
// Conversions to float32 and back are slow. The kernel called Near avoids them by
// Veltkamp's splitting, which rounds to 24 bits as long as no sum overflows float32 or
// has bits below its smallest number.
func emulatedGemm() {
	const signature = "(k int, a *float64, b *float32, bRow int, c *float32, cRow, columns int) uint32"
	const doc = "adds A·B to 4 rows and up to 8 columns of C. a has four rows of a column of A, then those of the next. Where a sum may have been rounded twice it leaves C and returns another number than 0."
	avx.function("gemm4x8", signature, doc)
	emulatedTile(false)
	avx.function("gemmNear4x8", signature, doc+" No product may be 2^119 or more, or have bits below 2^-149.")
	emulatedTile(true)
}

// emulatedTile writes the body of either kernel; near tells which.
func emulatedTile(near bool) {
	v := avx
	var state Mem
	if !near {
		state = clearUnderflow()
	}
	k := v.firstSingles(argument("columns"))
	t := emulated{isa: v, near: near, k: k, twice: v.zero()}
	if near {
		t.splitter = v.reg()
		VMOVUPD(constant64("splitter", math.Float64bits(1<<29+1)), t.splitter)
	}
	t.eachRow(func(i int, m Mem) {
		x := v.reg()
		v.load(m, &k, x)
		if near { // With 128 products the sum is at most 2^127.
			y := v.reg()
			VANDPS(eightWords("magnitudes", MagnitudeBits), x, y)
			VCMPPS(Imm(notLess), eightWords("twoTo126", (126+127)<<23), y, y)
			VORPS(y, t.twice, t.twice)
		}
		t.c[i] = t.double(x)
	})
	t.chain()

	// Return without writing C if a sum may have been rounded twice.
	twice := GP32()
	VMOVMSKPS(t.twice, twice)
	if !near {
		flags := GP32()
		VSTMXCSR(state)
		MOVL(state, flags)
		ANDL(U32(underflow), flags)
		ORL(flags, twice)
	}
	Store(twice, ReturnIndex(0))
	done := label("done")
	TESTL(twice, twice)
	JNZ(LabelRef(done))
	t.eachRow(func(i int, m Mem) {
		lo, hi, x := XMM(), XMM(), YMM()
		VCVTPD2PSY(t.c[i][0], lo)
		VCVTPD2PSY(t.c[i][1], hi)
		join(lo, hi, x)
		v.store(x, &k, m)
	})
	Label(done)
	end()
}

// clearUnderflow clears the flag and returns a memory operand for MXCSR.
func clearUnderflow() Mem {
	state, flags := AllocLocal(8), GP32()
	VSTMXCSR(state)
	MOVL(state, flags)
	ANDL(U32(^uint32(underflow)), flags)
	MOVL(flags, state)
	VLDMXCSR(state)
	return state
}

// emulated is a tile. twice has bits set for sums that may have been rounded twice.
type emulated struct {
	isa
	near  bool
	k     mask
	twice reg.VecVirtual
	c     [4][2]reg.VecVirtual

	splitter reg.VecVirtual
}

// double returns the float64 of eight float32.
func (t emulated) double(x reg.VecVirtual) [2]reg.VecVirtual {
	lo, hi := YMM(), YMM()
	VCVTPS2PD(t.upper(x), hi)
	VCVTPS2PD(x.AsX(), lo)
	return [2]reg.VecVirtual{lo, hi}
}

// eachRow walks over the rows of C.
func (t emulated) eachRow(f func(i int, m Mem)) {
	at, row := argument("c"), floats("cRow")
	for i := range t.c {
		f(i, Mem{Base: at})
		ADDQ(row, at)
	}
}

// chain runs the chains over k.
func (t emulated) chain() {
	a, b, row, n := argument("a"), argument("b"), floats("bRow"), argument("k")
	loop := label("loop")
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(64)}})
	Label(loop)
	y := YMM()
	t.load(Mem{Base: b}, &t.k, y)
	bs := t.double(y)
	for i, c := range t.c {
		x := YMM()
		VBROADCASTSD(Mem{Base: a, Disp: 8 * i}, x)
		var s [2]reg.VecVirtual
		for j := range s {
			s[j] = YMM()
			VMULPD(bs[j], x, s[j])
			VADDPD(c[j], s[j], s[j])
		}
		VSHUFPS(Imm(0x88), s[1], s[0], x) // the low halves of the eight sums
		VORPS(eightWords("kept", keptBits), x, x)
		VCMPPS(Imm(equal), eightWords("midpoint", midpointBits), x, x)
		VORPS(x, t.twice, t.twice)
		for j := range s {
			t.round(s[j], c[j])
		}
	}
	ADDQ(Imm(32), a)
	ADDQ(row, b)
	DECQ(n)
	JNZ(LabelRef(loop))
}

// round sets r to the float32 nearest to s, which is lost.
func (t emulated) round(s, r reg.VecVirtual) {
	if !t.near {
		x := XMM()
		VCVTPD2PSY(s, x)
		VCVTPS2PD(x, r)
		return
	}
	high := YMM()
	VMULPD(t.splitter, s, high)
	VSUBPD(s, high, s) // The sum of high and the difference would lose the sign of -0.
	VSUBPD(s, high, r)
}

// eightWords returns a place in memory with eight copies of 32 bits.
func eightWords(name string, bits uint32) Mem {
	return constant64(name, uint64(bits)<<32|uint64(bits))
}

// magnitudes writes the kernel that finds the range of the numbers of a row.
func magnitudes() {
	avx.function("magnitudes", "(x *float32, n int, least, most *uint32)",
		"lowers each of four numbers at least to the bits of the magnitude of every fourth of x, less one, which makes 0 the largest, and raises those at most to the bits.")
	x, n := argument("x"), argument("n")
	leastAt, mostAt := argument("least"), argument("most")
	least, most, ones := XMM(), XMM(), XMM()
	VMOVDQU(Mem{Base: leastAt}, least)
	VMOVDQU(Mem{Base: mostAt}, most)
	VPCMPEQD(ones, ones, ones)
	t := XMM()
	body := func(load func()) {
		load()
		VPAND(eightWords("magnitudes", MagnitudeBits), t, t)
		VPMAXSD(t, most, most)
		VPADDD(ones, t, t)
		VPMINUD(t, least, least)
	}
	next, tail, done := label("loop"), label("tail"), label("done")
	Label(next)
	CMPQ(n, Imm(4))
	JLT(LabelRef(tail))
	body(func() { VMOVDQU(Mem{Base: x}, t) })
	ADDQ(Imm(16), x)
	SUBQ(Imm(4), n)
	JMP(LabelRef(next))
	Label(tail)
	TESTQ(n, n)
	JEQ(LabelRef(done))
	body(func() { VMOVD(Mem{Base: x}, t) })
	ADDQ(Imm(4), x)
	DECQ(n)
	JMP(LabelRef(tail))
	Label(done)
	VMOVDQU(least, Mem{Base: leastAt})
	VMOVDQU(most, Mem{Base: mostAt})
	end()
}
