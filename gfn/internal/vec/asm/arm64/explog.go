package main

import (
	"fmt"
	"math"

	. "gfnbench/gfn/internal/vec/asm/coefficient"
)

// expLog writes Exp and Log over arrays.
func expLog(a *assembler) {
	for _, f := range []struct {
		name string
		body func(x pair)
	}{{"exp", a.exp}, {"log", a.log}} {
		a.function(f.name, "dst *float64, src *float64, n int", "", "is "+f.name+"Go.")
		a.argument("dst", "R0")
		a.argument("src", "R1")
		a.argument("n", "R2")
		a.useConstants()
		x := a.pair()
		a.fours("R2", map[string]int{"R0": 8, "R1": 8}, func(left string) {
			a.loadDoubles(x, span{"R1", 0, left})
			f.body(x)
			a.storeDoubles(x, span{"R0", 0, left})
		})
		a.end()
	}
}

// pair is two vectors of two float64 that are processed alike.
type pair = [2]vector

func (a *assembler) pair() pair {
	return pair{a.take(), a.take()}
}

// both applies an instruction to both vectors.
func (a *assembler) both(name string, d, n, m pair) {
	for i := range d {
		a.three(name, double, d[i], n[i], m[i])
	}
}

// with applies an instruction to n and a constant.
func (a *assembler) with(name string, d, n pair, constant string, x float64) {
	c := a.float64s(constant, x)
	a.both(name, d, n, pair{c, c})
	a.give(c)
}

// product sets d to n + x·d, with the product rounded first.
func (a *assembler) product(d, n, x pair) {
	a.both("fmul", d, d, x)
	a.both("fadd", d, n, d)
}

// terms returns c[i] + c[i+1]·x.
func (a *assembler) terms(name string, c []float64, i int, x pair) pair {
	p := a.pair()
	a.with("fmul", p, x, fmt.Sprint(name, i+1), c[i+1])
	a.with("fadd", p, p, fmt.Sprint(name, i), c[i])
	return p
}

// exp sets x to e^x as fmath.Exp does.
func (a *assembler) exp(x pair) {
	// The minimum passes NaN through. Lanes below ExpMin are set to 0 before and after.
	a.with("fmin", x, x, "expMax", ExpMax)
	dead, k := a.pair(), a.pair()
	low := a.float64s("expMin", ExpMin)
	a.both("fcmgt", dead, pair{low, low}, x)
	a.give(low)
	a.clear(x, dead)
	a.with("fmul", k, x, "log2E", Log2E)
	a.with("fadd", k, k, "shifter", Shifter)
	a.with("fsub", k, k, "shifter", Shifter)
	t := a.pair()
	a.with("fmul", t, k, "ln2Hi", Ln2Hi)
	a.both("fsub", x, x, t)
	a.with("fmul", t, k, "ln2Lo", Ln2Lo)
	a.both("fsub", x, x, t)
	a.give(t[:]...)
	a.expPolynomial(x)
	a.scale(x, k)
	a.clear(x, dead)
	a.give(dead[:]...)
	a.give(k[:]...)
}

// expPolynomial sets r to 1 + (r + r²·Q(r)).
func (a *assembler) expPolynomial(r pair) {
	q := ExpQ[:]
	r2 := a.pair()
	a.both("fmul", r2, r, r)
	p03, p23 := a.terms("expQ", q, 0, r), a.terms("expQ", q, 2, r)
	a.product(p23, p03, r2) // p23 is the sum from here on.
	a.give(p03[:]...)
	p47, p67 := a.terms("expQ", q, 4, r), a.terms("expQ", q, 6, r)
	a.product(p67, p47, r2)
	a.give(p47[:]...)
	r4 := a.pair()
	a.both("fmul", r4, r2, r2)
	a.product(p67, p23, r4)
	a.give(p23[:]...)
	a.both("fmul", r4, r4, r4)
	p89 := a.terms("expQ", q, 8, r)
	a.product(p89, p67, r4)
	a.give(p67[:]...)
	a.give(r4[:]...)
	a.product(p89, r, r2)
	a.with("fadd", r, p89, "one", 1)
	a.give(p89[:]...)
	a.give(r2[:]...)
}

// scale multiplies y by 2^k in two exact steps, as fmath does. It overwrites k.
func (a *assembler) scale(y, k pair) {
	half := a.pair()
	bias := a.constant("bias", 1023, 1023)
	for i := range k {
		a.toInt(k[i], k[i])
		a.shift("sshr", half[i], k[i], 1)
	}
	a.both("sub", k, k, half)
	for _, power := range []pair{half, k} {
		a.both("add", power, power, pair{bias, bias})
		for i := range power {
			a.shift("shl", power[i], power[i], 52)
		}
		a.both("fmul", y, y, power)
	}
	a.give(bias)
	a.give(half[:]...)
}

// clear sets the lanes of x in the mask to +0.
func (a *assembler) clear(x, mask pair) {
	for i := range x {
		a.three("bic", bytes, x[i], x[i], mask[i])
	}
}

// choose sets the lanes of d inside the mask to those of n, or the lanes outside if the
// instruction is bif and not bit.
func (a *assembler) choose(instruction string, d, n, mask pair) {
	for i := range d {
		a.three(instruction, bytes, d[i], n[i], mask[i])
	}
}

// log sets x to its logarithm as fmath.Log does.
func (a *assembler) log(x pair) {
	k, f := a.split(x)
	a.with("fsub", f, f, "one", 1)
	s, z := a.pair(), a.pair()
	a.with("fadd", s, f, "two", 2)
	a.both("fdiv", s, f, s)
	a.both("fmul", z, s, s)
	p := a.logPolynomial(z)
	h := z
	a.both("fmul", h, f, f)
	a.with("fmul", h, h, "half", 0.5)
	a.both("fadd", p, h, p)
	a.both("fmul", p, s, p)
	a.with("fmul", s, k, "ln2Lo", Ln2Lo)
	a.both("fadd", p, p, s)
	a.both("fsub", h, h, p)
	a.both("fsub", h, h, f)
	a.with("fmul", k, k, "ln2Hi", Ln2Hi)
	a.both("fsub", k, k, h)
	for _, done := range []pair{f, s, h, p} {
		a.give(done[:]...)
	}
	a.logEdges(x, k)
	a.give(k[:]...)
}

// logEdges sets x to y, except where x is +Inf, NaN, negative or 0, where it sets it to
// the logarithm.
func (a *assembler) logEdges(x, y pair) {
	m := a.pair()
	largest := a.float64s("largest", math.MaxFloat64)
	a.both("fcmge", m, pair{largest, largest}, x)
	a.give(largest)
	a.choose("bif", y, x, m)
	for _, edge := range []struct {
		compare, name string
		value         float64
	}{{"fcmlt", "nan", math.NaN()}, {"fcmeq", "negInf", math.Inf(-1)}} {
		for i := range x {
			a.againstZero(edge.compare, double, m[i], x[i])
		}
		c := a.float64s(edge.name, edge.value)
		a.choose("bit", y, pair{c, c}, m)
		a.give(c)
	}
	a.choose("orr", x, y, y)
	a.give(m[:]...)
}

// split returns k and m of fmath's frexp.
func (a *assembler) split(x pair) (k, m pair) {
	m, k = a.pair(), a.pair()
	normal, bias := a.pair(), a.pair()
	least := a.float64s("minNormal", MinNormal)
	a.both("fcmge", normal, x, pair{least, least})
	a.give(least)
	// Where x is normal (or zero or negative, replaced later), undo the scaling.
	a.with("fmul", m, x, "twoTo54", TwoTo54)
	a.choose("bit", m, x, normal)
	low, high := a.float64s("exponentBias", 1023), a.float64s("scaledBias", 1023+54)
	a.choose("orr", bias, pair{high, high}, pair{high, high})
	a.choose("bit", bias, pair{low, low}, normal)
	a.give(low, high)
	e := normal
	const offset = 1023<<52 - SqrtHalfBits
	a.with("add", e, m, "sqrtHalfOffset", math.Float64frombits(offset))
	for i := range e {
		a.shift("ushr", e[i], e[i], 52)
	}
	a.with("add", k, e, "twoTo52", 0x1p52) // The integer in the low bits of 2^52 + integer.
	a.with("fsub", k, k, "twoTo52", 0x1p52)
	a.both("fsub", k, k, bias)
	for i := range e {
		a.shift("shl", e[i], e[i], 52)
	}
	a.both("sub", m, m, e)
	a.with("add", m, m, "one", 1) // The bits of 1 are 1023<<52.
	a.give(normal[:]...)
	a.give(bias[:]...)
	return k, m
}

// logPolynomial returns z·R(z).
func (a *assembler) logPolynomial(z pair) pair {
	r := LogR[:]
	w := a.pair()
	a.both("fmul", w, z, z)
	p03, p23 := a.terms("logR", r, 0, z), a.terms("logR", r, 2, z)
	a.product(p23, p03, w) // p23 is the sum from here on.
	p45, t := a.terms("logR", r, 4, z), p03
	a.with("fmul", t, w, "logR6", r[6])
	a.both("fadd", t, p45, t)
	a.both("fmul", w, w, w)
	a.product(t, p23, w)
	a.both("fmul", t, z, t)
	for _, done := range []pair{p23, p45, w} {
		a.give(done[:]...)
	}
	return t
}
