package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	softmaxSignature = "(p *float64, logits *float32, logitRow int, mask *uint64, maskRow, rows, n int, sums, tops *float64)"
	softmaxDoc       = "does the rows of softmaxRowsGo; it writes the largest logits to tops and the sums to sums."
)

// rowLoop holds the pointers that walk over the rows.
type rowLoop struct {
	p, logits, mask  reg.GPVirtual // of the row
	pp, pl, pm, left reg.GPVirtual // within the row
}

func (v isa) softmaxRows(body func(r *rowLoop)) {
	r := &rowLoop{p: argument("p"), logits: argument("logits"), mask: argument("mask")}
	r.pp, r.pl, r.pm, r.left = GP64(), GP64(), GP64(), GP64()
	next := label("row")
	Label(next)
	body(r)
	step(r.p, "n", 3)
	step(r.logits, "logitRow", 2)
	step(r.mask, "maskRow", 3)
	ADDQ(U32(8), parameter("sums"))
	ADDQ(U32(8), parameter("tops"))
	DECQ(parameter("rows"))
	JNZ(LabelRef(next))
	end()
}

// step advances a pointer by a number of elements of 2^shift bytes, given by a parameter.
func step(pointer reg.GPVirtual, count string, shift uint64) {
	t := GP64()
	Load(Param(count), t)
	SHLQ(Imm(shift), t)
	ADDQ(t, pointer)
}

// start returns to the beginning of the row.
func (r *rowLoop) start() {
	MOVQ(r.p, r.pp)
	MOVQ(r.logits, r.pl)
	MOVQ(r.mask, r.pm)
	Load(Param("n"), r.left)
}

// advance advances by n entries, a multiple of eight.
func (r *rowLoop) advance(n int) {
	ADDQ(U32(8*n), r.pp)
	ADDQ(U32(4*n), r.pl)
	ADDQ(U32(n/8), r.pm)
}

// put writes the scalar x to the array parameter.
func put(x reg.VecVirtual, name string) {
	at := argument(name)
	VMOVSD(x, Mem{Base: at})
}

// largest reduces a vector of four float32 to its largest element, as float64, and
// records it in tops.
func largest(x reg.VecVirtual) reg.VecVirtual {
	t := XMM()
	VPERMILPS(Imm(0x4e), x, t)
	VMAXPS(t, x, x)
	VPERMILPS(Imm(0xb1), x, t)
	VMAXPS(t, x, x)
	d := XMM()
	VCVTSS2SD(x, x, d)
	put(d, "tops")
	return d
}

// inverse records the sum s and returns its inverse.
func inverse(one Op, s reg.VecVirtual) reg.VecVirtual {
	put(s, "sums")
	inv := XMM()
	switch one := one.(type) {
	case reg.VecVirtual:
		VDIVSD(s, one.AsX(), inv)
	default:
		VMOVSD(one, inv)
		VDIVSD(s, inv, inv)
	}
	return inv
}

var negInf32 = sync(func() Mem { return word("negInf32", math.Float32bits(float32(math.Inf(-1)))) })

// softmax512 writes a kernel for any n and one for n ≤ 8, where a row is one vector.
func softmax512() {
	softmaxWide512()
	softmaxNarrow512()
}

// softmaxWide512 writes the kernel for any n.
func softmaxWide512() {
	v := avx512
	v.function("softmax", softmaxSignature, softmaxDoc)
	c := v.expConstants()
	low := v.broadcast(negInf32())
	v.softmaxRows(func(r *rowLoop) {
		// The largest legal logit.
		top := ZMM()
		VMOVAPS(low, top)
		r.start()
		r.max512(top)
		y := YMM()
		VEXTRACTF64X4(Imm(1), top, y)
		VMAXPS(y, top.AsY(), y)
		x := v.upper(y)
		VMAXPS(x, y.AsX(), x)
		shift := ZMM()
		VBROADCASTSD(largest(x), shift)

		// Exponentials and their sum.
		l := v.lanes8()
		zero := []reg.VecVirtual{v.zero()}
		r.start()
		v.byEight(r.left, func(k *mask) {
			dead, done := r.ifNone()
			legal := r.legal512(k)
			e := v.widen(Mem{Base: r.pl}, k)
			VSUBPD_Z(shift, e[0], legal, e[0])
			e[0] = v.exp(c, e[0])
			VMOVAPD_Z(e[0], legal, e[0])
			VADDPD(e[0], l[0], l[0])
			v.storeDoubles(e, k, Mem{Base: r.pp})
			JMP(LabelRef(done))
			Label(dead)
			v.storeDoubles(zero, k, Mem{Base: r.pp})
			Label(done)
			r.advance(8)
		})
		// Divide by the sum.
		inv := ZMM()
		VBROADCASTSD(inverse(c.get("one"), l.fold()), inv)
		r.start()
		v.byEight(r.left, func(k *mask) {
			dead, done := r.ifNone()
			e := v.loadDoubles(Mem{Base: r.pp}, k)
			VMULPD_Z(inv, e[0], r.legal512(k), e[0])
			v.storeDoubles(e, k, Mem{Base: r.pp})
			Label(dead)
			Label(done)
			r.advance(8)
		})
	})
}

// softmaxNarrow512 writes the kernel for n ≤ 8, with the whole row in one register.
func softmaxNarrow512() {
	v := avx512
	v.function("softmaxNarrow", softmaxSignature, softmaxDoc+" It needs n ≤ 8.")
	c := v.expConstants()
	lowY := YMM()
	VBROADCASTSS(negInf32(), lowY)
	all := mask{k: firstBits(argument("n"))}
	v.softmaxRows(func(r *rowLoop) {
		legal := K()
		KMOVB(Mem{Base: r.mask}, legal)
		KANDB(all.k, legal, legal)
		top := YMM()
		VMOVAPS(lowY, top)
		VMOVUPS(Mem{Base: r.logits}, legal, top)
		e := ZMM()
		VCVTPS2PD(top, e)
		x := v.upper(top)
		VMAXPS(x, top.AsX(), x)
		shift := ZMM()
		VBROADCASTSD(largest(x), shift)
		VSUBPD_Z(shift, e, legal, e)
		e = v.exp(c, e)
		VMOVAPD_Z(e, legal, e)
		inv := ZMM()
		VBROADCASTSD(inverse(c.get("one"), lanes8{e}.fold()), inv)
		VMULPD_Z(inv, e, legal, e)
		v.storeDoubles([]reg.VecVirtual{e}, &all, Mem{Base: r.p})
	})
}

// max512 raises top to the largest legal logits of the row.
func (r *rowLoop) max512(top reg.VecVirtual) {
	next, tail, done := label("max"), label("maxTail"), label("maxDone")
	k := K()
	Label(next)
	CMPQ(r.left, U32(16))
	JLT(LabelRef(tail))
	KMOVW(Mem{Base: r.pm}, k)
	VMAXPS(Mem{Base: r.pl}, top, k, top)
	ADDQ(U32(64), r.pl)
	ADDQ(U32(2), r.pm)
	SUBQ(U32(16), r.left)
	JMP(LabelRef(next))
	Label(tail)
	TESTQ(r.left, r.left)
	JEQ(LabelRef(done))
	KMOVW(Mem{Base: r.pm}, k)
	KANDW(firstBits(r.left), k, k)
	VMAXPS(Mem{Base: r.pl}, top, k, top)
	Label(done)
}

// ifNone jumps to the label dead if none of the next eight entries is legal. The label
// done is for what follows.
func (r *rowLoop) ifNone() (dead, done string) {
	dead, done = label("none"), label("eight")
	CMPB(Mem{Base: r.pm}, Imm(0))
	JEQ(LabelRef(dead))
	return dead, done
}

// legal512 returns a mask of the legal entries among the next eight.
func (r *rowLoop) legal512(k *mask) reg.OpmaskVirtual {
	legal := K()
	KMOVB(Mem{Base: r.pm}, legal)
	if k != nil {
		KANDB(k.k, legal, legal)
	}
	return legal
}

var laneBits = sync(func() Mem {
	m := GLOBL("laneBits", attr.RODATA|attr.NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<i))
	}
	return m
})

// softmax256 writes the kernel for AVX2 or AVX.
func softmax256(v isa) {
	v.function("softmax", softmaxSignature, softmaxDoc)
	c := v.expConstants()
	v.softmaxRows(func(r *rowLoop) {
		// The largest legal logit.
		top := v.broadcast(negInf32())
		low := v.broadcast(negInf32())
		r.start()
		v.byEight(r.left, func(k *mask) {
			legal, x := r.legal256(v, k), YMM()
			VMASKMOVPS(Mem{Base: r.pl}, legal, x)
			VBLENDVPS(legal, x, low, x)
			VMAXPS(x, top, top)
			r.advance(8)
		})
		x := v.upper(top)
		VMAXPS(x, top.AsX(), x)
		shift := YMM()
		v.spread(largest(x), shift)

		// Exponentials and their sum.
		l := v.lanes8()
		r.start()
		v.byEight(r.left, func(k *mask) {
			legal := r.legal256(v, k)
			e := v.widen(Mem{Base: r.pl}, &mask{y: legal})
			for i := range e {
				VSUBPD(shift, e[i], e[i])
				e[i] = v.exp(c, e[i])
			}
			v.clear(e, legal)
			for i := range e {
				VADDPD(e[i], l[i], l[i])
			}
			v.storeDoubles(e, k, Mem{Base: r.pp})
			r.advance(8)
		})
		// Divide by the sum.
		inv := YMM()
		v.spread(inverse(c.get("one"), l.fold()), inv)
		r.start()
		v.byEight(r.left, func(k *mask) {
			e := v.loadDoubles(Mem{Base: r.pp}, k)
			for i := range e {
				VMULPD(inv, e[i], e[i])
			}
			v.clear(e, r.legal256(v, k))
			v.storeDoubles(e, k, Mem{Base: r.pp})
			r.advance(8)
		})
	})
}

// legal256 returns a mask of the legal entries among the next eight. Each lane tests its
// bit of the mask byte.
func (r *rowLoop) legal256(v isa, k *mask) reg.VecVirtual {
	legal, bits := YMM(), YMM()
	if v == avx {
		octet, x, lo, hi := GP32(), XMM(), XMM(), XMM()
		MOVBLZX(Mem{Base: r.pm}, octet)
		VMOVD(octet, x)
		VPSHUFD(Imm(0), x, x)
		VPAND(laneBits(), x, lo)
		VPCMPEQD(laneBits(), lo, lo)
		VPAND(laneBits().Offset(16), x, hi)
		VPCMPEQD(laneBits().Offset(16), hi, hi)
		join(lo, hi, legal)
		if k != nil {
			VANDPS(k.y, legal, legal)
		}
		return legal
	}
	VMOVDQU(laneBits(), bits)
	VPBROADCASTB(Mem{Base: r.pm}, legal)
	VPAND(bits, legal, legal)
	VPCMPEQD(bits, legal, legal)
	if k != nil {
		VPAND(k.y, legal, legal)
	}
	return legal
}

// clear sets the float64 lanes outside a mask of eight 32-bit lanes to 0.
func (v isa) clear(e []reg.VecVirtual, y reg.VecVirtual) {
	lo, hi := v.halves(y)
	VANDPD(lo, e[0], e[0])
	VANDPD(hi, e[1], e[1])
}
