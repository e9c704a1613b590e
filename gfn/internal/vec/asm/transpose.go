package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes the transposition of blocks of 8×8 float32.
func transpose() {
	avx.function("transpose8x8", "(dst *float32, dstRow int, src *float32, srcRow, blocks int)",
		"transposes blocks of 8×8 float32, side by side in src and below each other in dst.")
	dst, src := argument("dst"), argument("src")
	dstRow, srcRow := floats("dstRow"), floats("srcRow")
	blocks := argument("blocks")
	dstRow3, srcRow3 := GP64(), GP64()
	LEAQ(Mem{Base: dstRow, Index: dstRow, Scale: 2}, dstRow3)
	LEAQ(Mem{Base: srcRow, Index: srcRow, Scale: 2}, srcRow3)
	next := label("block")
	Label(next)

	var r [8]reg.VecVirtual
	place := eight(src, srcRow, srcRow3)
	for i := range r {
		r[i] = YMM()
		VMOVUPS(place[i], r[i])
	}
	// Pairs of rows, then fours, within the halves of 128 bits; then the halves.
	for i := 0; i < 8; i += 2 {
		lo, hi := YMM(), YMM()
		VUNPCKLPS(r[i+1], r[i], lo)
		VUNPCKHPS(r[i+1], r[i], hi)
		r[i], r[i+1] = lo, hi
	}
	for i := 0; i < 8; i += 4 {
		var q [4]reg.VecVirtual
		for j := range q {
			q[j] = YMM()
			VSHUFPS(Imm(uint64(0x44+0xaa*(j&1))), r[i+2+j>>1], r[i+j>>1], q[j])
		}
		copy(r[i:], q[:])
	}
	place = eight(dst, dstRow, dstRow3)
	for j := range 4 {
		lo, hi := YMM(), YMM()
		VPERM2F128(Imm(0x20), r[4+j], r[j], lo)
		VPERM2F128(Imm(0x31), r[4+j], r[j], hi)
		VMOVUPS(lo, place[j])
		VMOVUPS(hi, place[4+j])
	}
	ADDQ(U32(32), src)
	LEAQ(Mem{Base: dst, Index: dstRow, Scale: 8}, dst)
	DECQ(blocks)
	JNZ(LabelRef(next))
	end()
}

// eight returns the places of eight rows.
func eight(base, row, row3 reg.GPVirtual) [8]Mem {
	high := GP64()
	LEAQ(Mem{Base: base, Index: row, Scale: 4}, high)
	var m [8]Mem
	for i := range m {
		b := base
		if i >= 4 {
			b = high
		}
		switch i & 3 {
		case 0:
			m[i] = Mem{Base: b}
		case 3:
			m[i] = Mem{Base: b, Index: row3, Scale: 1}
		default:
			m[i] = Mem{Base: b, Index: row, Scale: uint8(i & 3)}
		}
	}
	return m
}
