package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "gfnbench/gfn/internal/vec/asm/coefficient"
)

// rowwise writes the kernels that combine each row with one float64: the last step of
// LogSoftmaxRows, and ScaleRows.
func rowwise(v isa) {
	v.function("logRows", "(dst *float64, logits *float32, logitRow int, mask *uint64, maskRow, rows, n int, lse *float64)", "is logRowsGo for rows > 0.")
	r := &rowLoop{p: argument("dst"), logits: argument("logits"), mask: argument("mask"), pp: GP64(), pl: GP64(), pm: GP64(), left: GP64()}
	c := v.constants()
	c.bits("negInf", NegInfBits)
	v.eachRow("lse", func(lse reg.VecVirtual) {
		r.start()
		v.byEight(r.left, func(k *mask) {
			e := v.widen(Mem{Base: r.pl}, k)
			for i := range e {
				VSUBPD(lse, e[i], e[i])
			}
			if v == avx512 {
				x := ZMM()
				VMOVAPD(c.reg("negInf"), x)
				VMOVAPD(e[0], r.legal512(k), x)
				e[0] = x
			} else {
				lo, hi := v.halves(r.legal256(v, k))
				VBLENDVPD(lo, e[0], c.reg("negInf"), e[0])
				VBLENDVPD(hi, e[1], c.reg("negInf"), e[1])
			}
			v.storeDoubles(e, k, Mem{Base: r.pp})
			r.advance(8)
		})
		step(r.p, "n", 3)
		step(r.logits, "logitRow", 2)
		step(r.mask, "maskRow", 3)
	})

	v.function("scaleRows", "(dst *float32, dstRow int, src *float64, rows, n int, alpha *float64)", "is scaleRowsGo for rows > 0.")
	dst, src, pd, left := argument("dst"), argument("src"), GP64(), GP64()
	least, magnitude := v.broadcast(word("least", LeastBits)), v.broadcast(word("magnitude", MagnitudeBits))
	v.eachRow("alpha", func(alpha reg.VecVirtual) {
		MOVQ(dst, pd)
		Load(Param("n"), left)
		v.byEight(left, func(k *mask) {
			e := v.loadDoubles(Mem{Base: src}, k)
			for i := range e {
				VMULPD(alpha, e[i], e[i])
			}
			v.storeNarrowed(e, least, magnitude, k, Mem{Base: pd})
			ADDQ(U32(64), src)
			ADDQ(U32(32), pd)
		})
		// The last step went past the end of a row whose length is not a multiple of
		// eight.
		over := GP64()
		Load(Param("n"), over)
		NEGQ(over)
		ANDQ(U32(7), over)
		SHLQ(Imm(3), over)
		SUBQ(over, src)
		step(dst, "dstRow", 2)
	})
}

// eachRow runs body for every row with the row's element of the array parameter,
// broadcast.
func (v isa) eachRow(numbers string, body func(x reg.VecVirtual)) {
	next := label("row")
	Label(next)
	at, x := argument(numbers), v.reg()
	VBROADCASTSD(Mem{Base: at}, x)
	body(x)
	ADDQ(U32(8), parameter(numbers))
	DECQ(parameter("rows"))
	JNZ(LabelRef(next))
	end()
}

// storeNarrowed stores eight float64 as float32 under a mask, and replaces those below
// least in magnitude by +0.
func (v isa) storeNarrowed(e []reg.VecVirtual, least, magnitude reg.VecVirtual, k *mask, m Mem) {
	y, t := YMM(), YMM()
	if v == avx512 {
		VCVTPD2PS(e[0], y)
		VPANDD(magnitude.AsY(), y, t)
		live := K()
		VCMPPS(Imm(notLess), least.AsY(), t, live)
		VMOVAPS_Z(y, live, y)
	} else {
		lo, hi := XMM(), XMM()
		VCVTPD2PSY(e[0], lo)
		VCVTPD2PSY(e[1], hi)
		join(lo, hi, y)
		v.and(magnitude, y, t)
		v.keep(notLess, least, t, y)
	}
	if k == nil {
		VMOVUPS(y, m)
	} else if v == avx512 {
		VMOVUPS(y, k.k, m)
	} else {
		VMASKMOVPS(y, k.y, m)
	}
}
