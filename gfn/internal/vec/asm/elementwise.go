package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Comparison predicates, ordered or unordered, quiet.
const (
	lessThan       = 0x11
	notLessOrEqual = 0x16
	greaterThan    = 0x1e
	equal          = 0x00
)

// loop runs body over n float32 of the arrays at the pointers: unroll vectors at a time,
// then one, then the rest under a mask. body gets the operand of each array.
func (v isa) loop(n reg.GPVirtual, unroll int, pointers []reg.GPVirtual, body func(at []Mem, k *mask)) {
	place := func(u int) []Mem {
		at := make([]Mem, len(pointers))
		for i, p := range pointers {
			at[i] = Mem{Base: p, Disp: u * v.bytes}
		}
		return at
	}
	for _, u := range []int{unroll, 1} {
		next, done := label("loop"), label("done")
		Label(next)
		CMPQ(n, U32(u*v.singles()))
		JLT(LabelRef(done))
		for i := range u {
			body(place(i), nil)
		}
		for _, p := range pointers {
			ADDQ(U32(u*v.bytes), p)
		}
		SUBQ(U32(u*v.singles()), n)
		JMP(LabelRef(next))
		Label(done)
		if u == 1 {
			break
		}
	}
	done := label("done")
	TESTQ(n, n)
	JEQ(LabelRef(done))
	k := v.firstSingles(n)
	body(place(0), &k)
	Label(done)
}

// elementwise writes the kernels of one or two arrays of float32.
func elementwise(v isa) {
	v.function("add", "(dst, src *float32, n int)", "is addGo.")
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("dst"), argument("src")}, func(at []Mem, k *mask) {
		d, s := v.reg(), v.reg()
		v.load(at[0], k, d)
		v.load(at[1], k, s)
		VADDPS(s, d, d)
		v.store(d, k, at[0])
	})
	end()

	v.function("axpy", "(dst *float32, alpha float32, src *float32, n int)", "is axpyGo.")
	alpha := v.parameter("alpha")
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("dst"), argument("src")}, func(at []Mem, k *mask) {
		d, s := v.reg(), v.reg()
		v.load(at[0], k, d)
		v.load(at[1], k, s)
		VMULPS(alpha, s, s)
		VADDPS(s, d, d)
		v.store(d, k, at[0])
	})
	end()

	v.function("scale", "(dst *float32, alpha float32, n int)", "is scaleGo.")
	alpha = v.parameter("alpha")
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("dst")}, func(at []Mem, k *mask) {
		d := v.reg()
		v.load(at[0], k, d)
		VMULPS(alpha, d, d)
		v.store(d, k, at[0])
	})
	end()
	activations(v)
}

// parameter broadcasts a float32 parameter.
func (v isa) parameter(name string) reg.VecVirtual {
	return v.broadcast(parameter(name))
}

// activations writes LeakyReLU and its gradient, with separate kernels for slope 0.
func activations(v isa) {
	v.function("relu", "(x *float32, n int)", "is leakyReLUGo for slope 0.")
	zero := v.zero()
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("x")}, func(at []Mem, k *mask) {
		x := v.reg()
		v.load(at[0], k, x)
		v.keep(notLessOrEqual, zero, x, x)
		v.store(x, k, at[0])
	})
	end()

	v.function("leakyReLU", "(x *float32, slope float32, n int)", "is leakyReLUGo for other slopes.")
	zero = v.zero()
	slope := v.parameter("slope")
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("x")}, func(at []Mem, k *mask) {
		x, y := v.reg(), v.reg()
		v.load(at[0], k, x)
		VMULPS(slope, x, y)
		v.choose(greaterThan, zero, x, x, y)
		v.store(y, k, at[0])
	})
	end()

	v.function("reluGrad", "(d, y *float32, n int)", "is leakyReLUGradGo for slope 0.")
	zero = v.zero()
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("d"), argument("y")}, func(at []Mem, k *mask) {
		d, y := v.reg(), v.reg()
		v.load(at[0], k, d)
		v.load(at[1], k, y)
		v.keep(greaterThan, zero, y, d)
		v.store(d, k, at[0])
	})
	end()

	v.function("leakyReLUGrad", "(d, y *float32, slope float32, n int)", "is leakyReLUGradGo for other slopes.")
	zero = v.zero()
	slope = v.parameter("slope")
	v.loop(argument("n"), 4, []reg.GPVirtual{argument("d"), argument("y")}, func(at []Mem, k *mask) {
		d, y, s := v.reg(), v.reg(), v.reg()
		v.load(at[0], k, d)
		v.load(at[1], k, y)
		VMULPS(slope, d, s)
		v.choose(greaterThan, zero, y, d, s)
		v.store(s, k, at[0])
	})
	end()
}

// keep sets the lanes of float32 of r to +0 unless x predicate y.
func (v isa) keep(predicate uint8, y, x, r reg.VecVirtual) {
	if v == avx512 {
		k := K()
		VCMPPS(Imm(uint64(predicate)), y, x, k)
		VMOVAPS_Z(r, k, r)
		return
	}
	m := YMM()
	VCMPPS(Imm(uint64(predicate)), y, x, m)
	VANDPS(m, r, r)
}

// choose sets the lanes of float32 of r to s where x predicate y.
func (v isa) choose(predicate uint8, y, x, s, r reg.VecVirtual) {
	if v == avx512 {
		k := K()
		VCMPPS(Imm(uint64(predicate)), y, x, k)
		VMOVAPS(s, k, r)
		return
	}
	m := YMM()
	VCMPPS(Imm(uint64(predicate)), y, x, m)
	VBLENDVPS(m, s, r, r)
}

// adam writes the step of Adam. c points to the first of its coefficients.
func adam(v isa) {
	v.function("adam", "(p, m, v, grad *float32, n int, c *float32)", "is adamGo.")
	c := argument("c")
	var k [9]reg.VecVirtual
	for i := range k {
		k[i] = v.broadcast(Mem{Base: c, Disp: 4 * i})
	}
	beta1, rest1, beta2, rest2, eps, step := k[0], k[1], k[2], k[3], k[4], k[5]
	least, root, magnitude := k[6], k[7], k[8]
	pointers := []reg.GPVirtual{argument("p"), argument("m"), argument("v"), argument("grad")}
	v.loop(argument("n"), 1, pointers, func(at []Mem, k *mask) {
		p, m, w, g, t := v.reg(), v.reg(), v.reg(), v.reg(), v.reg()
		v.load(at[1], k, m)
		v.load(at[2], k, w)
		v.load(at[3], k, g)
		VMULPS(beta1, m, m)
		VMULPS(rest1, g, t)
		VADDPS(t, m, m)
		v.and(magnitude, m, t)
		v.keep(notLess, least, t, m)
		v.store(m, k, at[1])
		v.and(magnitude, g, t)
		v.keep(notLess, root, t, g)
		VMULPS(beta2, w, w)
		VMULPS(rest2, g, t)
		VMULPS(g, t, t)
		VADDPS(t, w, w)
		v.keep(notLess, least, w, w)
		v.store(w, k, at[2])
		VSQRTPS(w, w)
		VADDPS(eps, w, w)
		VDIVPS(w, m, m)
		VMULPS(step, m, m)
		v.load(at[0], k, p)
		VSUBPS(m, p, p)
		v.store(p, k, at[0])
	})
	end()
}

// and sets r to the bits of x and y.
func (v isa) and(x, y, r reg.VecVirtual) {
	if v == avx512 {
		VPANDD(x, y, r)
		return
	}
	VANDPS(x, y, r)
}
