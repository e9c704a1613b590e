package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes8 are eight float64 lanes: one register with AVX-512, otherwise two.
type lanes8 []reg.VecVirtual

func (v isa) lanes8() lanes8 {
	l := make(lanes8, 8/v.doubles())
	for i := range l {
		l[i] = v.zero()
	}
	return l
}

// fold reduces the lanes to one in the documented order.
func (l lanes8) fold() reg.VecVirtual {
	v, y := avx2, YMM()
	if len(l) == 1 {
		v = avx512
		VEXTRACTF64X4(Imm(1), l[0], y)
		VADDPD(y, l[0].AsY(), y)
	} else {
		VADDPD(l[1], l[0], y)
	}
	x, s := v.upper(y), XMM()
	VADDPD(x, y.AsX(), x)
	VPERMILPD(Imm(1), x, s)
	VADDSD(s, x, s)
	return s
}

// widen converts eight float32 in memory to eight float64, under a mask of float32 lanes
// unless it is nil.
func (v isa) widen(m Mem, k *mask) []reg.VecVirtual {
	if v == avx512 {
		z := ZMM()
		if k == nil {
			VCVTPS2PD(m, z)
		} else {
			VCVTPS2PD_Z(m, k.k, z)
		}
		return []reg.VecVirtual{z}
	}
	lo, hi := YMM(), YMM()
	if k == nil {
		VCVTPS2PD(m, lo)
		VCVTPS2PD(m.Offset(16), hi)
		return []reg.VecVirtual{lo, hi}
	}
	x := YMM()
	VMASKMOVPS(m, k.y, x)
	VCVTPS2PD(x.AsX(), lo)
	VCVTPS2PD(v.upper(x), hi)
	return []reg.VecVirtual{lo, hi}
}

// byEight runs body for each eight elements, the last under a mask.
func (v isa) byEight(n reg.GPVirtual, body func(k *mask)) {
	next, tail, done := label("loop"), label("tail"), label("done")
	Label(next)
	CMPQ(n, U32(8))
	JLT(LabelRef(tail))
	body(nil)
	SUBQ(U32(8), n)
	JMP(LabelRef(next))
	Label(tail)
	TESTQ(n, n)
	JEQ(LabelRef(done))
	k := v.firstSingles(n)
	body(&k)
	Label(done)
}

// reductions writes dot and sum.
func reductions(v isa) {
	v.function("dot", "(x, y *float32, n int) float64", "is dotGo.")
	x, y := argument("x"), argument("y")
	l := v.lanes8()
	v.byEight(argument("n"), func(k *mask) {
		a, b := v.widen(Mem{Base: x}, k), v.widen(Mem{Base: y}, k)
		for i := range l {
			if v == avx {
				VMULPD(a[i], b[i], b[i])
				VADDPD(b[i], l[i], l[i])
				continue
			}
			VFMADD231PD(a[i], b[i], l[i])
		}
		ADDQ(U32(32), x)
		ADDQ(U32(32), y)
	})
	Store(l.fold(), ReturnIndex(0))
	end()

	v.function("sum", "(x *float64, n int) float64", "is sumGo.")
	x = argument("x")
	l = v.lanes8()
	v.byEight(argument("n"), func(k *mask) {
		for i, r := range v.loadDoubles(Mem{Base: x}, k) {
			VADDPD(r, l[i], l[i])
		}
		ADDQ(U32(64), x)
	})
	Store(l.fold(), ReturnIndex(0))
	end()
}

// loadDoubles loads eight float64 under a mask of eight lanes.
func (v isa) loadDoubles(m Mem, k *mask) []reg.VecVirtual {
	if v == avx512 {
		z := ZMM()
		if k == nil {
			VMOVUPD(m, z)
		} else {
			VMOVUPD_Z(m, k.k, z)
		}
		return []reg.VecVirtual{z}
	}
	lo, hi := YMM(), YMM()
	if k == nil {
		VMOVUPD(m, lo)
		VMOVUPD(m.Offset(32), hi)
		return []reg.VecVirtual{lo, hi}
	}
	a, b := v.halves(k.y)
	VMASKMOVPD(m, a, lo)
	VMASKMOVPD(m.Offset(32), b, hi)
	return []reg.VecVirtual{lo, hi}
}

// storeDoubles stores eight float64 under a mask of eight lanes.
func (v isa) storeDoubles(r []reg.VecVirtual, k *mask, m Mem) {
	switch {
	case v == avx512 && k == nil:
		VMOVUPD(r[0], m)
	case v == avx512:
		VMOVUPD(r[0], k.k, m)
	case k == nil:
		VMOVUPD(r[0], m)
		VMOVUPD(r[1], m.Offset(32))
	default:
		a, b := v.halves(k.y)
		VMASKMOVPD(r[0], a, m)
		VMASKMOVPD(r[1], b, m.Offset(32))
	}
}

// halves widens a mask of eight 32-bit lanes to two of four 64-bit lanes.
func (v isa) halves(y reg.VecVirtual) (lo, hi reg.VecVirtual) {
	lo, hi = YMM(), YMM()
	if v == avx {
		for _, part := range []struct{ x, to reg.VecVirtual }{{y.AsX().(reg.VecVirtual), lo}, {v.upper(y), hi}} {
			a, b := XMM(), XMM()
			VPUNPCKLDQ(part.x, part.x, a)
			VPUNPCKHDQ(part.x, part.x, b)
			join(a, b, part.to)
		}
		return lo, hi
	}
	x := XMM()
	VEXTRACTI128(Imm(1), y, x)
	VPMOVSXDQ(x, hi)
	VPMOVSXDQ(y.AsX(), lo)
	return lo, hi
}
