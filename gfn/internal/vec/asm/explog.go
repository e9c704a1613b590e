package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	. "gfnbench/gfn/internal/vec/asm/coefficient"
)

// expLog writes Exp and Log over arrays.
func expLog(v isa) {
	v.function("exp", "(dst, src *float64, n int)", "is expGo.")
	v.mapDoubles(v.expConstants(), v.exp)
	v.function("log", "(dst, src *float64, n int)", "is logGo.")
	v.mapDoubles(v.logConstants(), v.log)
}

func (v isa) mapDoubles(c *constants, f func(c *constants, x reg.VecVirtual) reg.VecVirtual) {
	dst, src := argument("dst"), argument("src")
	v.byEight(argument("n"), func(k *mask) {
		xs := v.loadDoubles(Mem{Base: src}, k)
		for i := range xs {
			xs[i] = f(c, xs[i])
		}
		v.storeDoubles(xs, k, Mem{Base: dst})
		ADDQ(U32(64), src)
		ADDQ(U32(64), dst)
	})
	end()
}

var expNames = [10]string{"expQ0", "expQ1", "expQ2", "expQ3", "expQ4", "expQ5", "expQ6", "expQ7", "expQ8", "expQ9"}

// expConstants returns the constants of fmath.Exp.
func (v isa) expConstants() *constants {
	c := v.constants()
	c.float("expMax", ExpMax)
	c.float("expMin", ExpMin)
	c.float("log2e", Log2E)
	c.float("shifter", Shifter)
	c.float("ln2Hi", Ln2Hi)
	c.float("ln2Lo", Ln2Lo)
	c.float("one", 1)
	for i, name := range expNames {
		c.float(name, ExpQ[i])
	}
	switch v {
	case avx2:
		c.bits("bias", 1023)
	case avx:
		c.bits("bias32", 1023<<32|1023)
	}
	return c
}

// exp returns e^x as fmath.Exp does. x is lost.
func (v isa) exp(c *constants, x reg.VecVirtual) reg.VecVirtual {
	// With a NaN, the minimum returns its second source, x. Lanes below ExpMin are set to
	// 0 before and after, because results that underflow are slow.
	VMINPD(x, c.reg("expMax"), x)
	live := v.compareDoubles(notLess, c.get("expMin"), x)
	v.keepDoubles(live, x)
	kf, t := v.reg(), v.reg()
	VMULPD(c.get("log2e"), x, kf)
	VADDPD(c.get("shifter"), kf, kf)
	VSUBPD(c.get("shifter"), kf, kf)
	VMULPD(c.get("ln2Hi"), kf, t)
	VSUBPD(t, x, x)
	VMULPD(c.get("ln2Lo"), kf, t)
	r := x
	VSUBPD(t, r, r)

	r2, r4 := v.reg(), v.reg()
	VMULPD(r, r, r2)
	VMULPD(r2, r2, r4)
	pair := func(i int) reg.VecVirtual {
		p := v.reg()
		VMULPD(c.get(expNames[i+1]), r, p)
		VADDPD(c.get(expNames[i]), p, p)
		return p
	}
	join := func(low, high, power reg.VecVirtual) {
		VMULPD(power, high, high)
		VADDPD(high, low, low)
	}
	p03, p23 := pair(0), pair(2)
	join(p03, p23, r2)
	p47, p67 := pair(4), pair(6)
	join(p47, p67, r2)
	join(p03, p47, r4)
	p89 := pair(8)
	VMULPD(r4, r4, r4)
	join(p03, p89, r4)
	join(r, p03, r2)
	VADDPD(c.get("one"), r, r)
	y := v.scale(c, r, kf)
	v.keepDoubles(live, y)
	return y
}

// scale returns y·2^k for whole numbers k.
func (v isa) scale(c *constants, y, k reg.VecVirtual) reg.VecVirtual {
	if v == avx512 {
		VSCALEFPD(k, y, y)
		return y
	}
	n, half := XMM(), XMM()
	VCVTPD2DQY(k, n)
	VPSRAD(Imm(1), n, half)
	VPSUBD(half, n, n)
	for _, part := range []reg.VecVirtual{half, n} {
		power := YMM()
		if v == avx { // The exponent is in the high half of a float64.
			zero, lo, hi := XMM(), XMM(), XMM()
			VPXOR(zero, zero, zero)
			VPADDD(c.get("bias32"), part, part)
			VPSLLD(Imm(20), part, part)
			VPUNPCKHDQ(part, zero, hi)
			VPUNPCKLDQ(part, zero, lo)
			join(lo, hi, power)
			VMULPD(power, y, y)
			continue
		}
		VPMOVSXDQ(part, power)
		VPADDQ(c.get("bias"), power, power)
		VPSLLQ(Imm(52), power, power)
		VMULPD(power, y, y)
	}
	return y
}

var logNames = [7]string{"logR0", "logR1", "logR2", "logR3", "logR4", "logR5", "logR6"}

// logConstants returns the constants of fmath.Log.
func (v isa) logConstants() *constants {
	c := v.constants()
	c.rare("minNormal", MinNormal)
	c.float("twoTo54", TwoTo54)
	c.rare("fiftyFour", 54)
	c.float("exponentBias", 1023)
	c.bits("sqrtHalfOffset", 1023<<52-SqrtHalfBits)
	c.float("twoTo52", 0x1p52)
	c.float("one", 1)
	c.float("two", 2)
	c.float("half", 0.5)
	c.float("ln2Hi", Ln2Hi)
	c.float("ln2Lo", Ln2Lo)
	for i, name := range logNames {
		c.float(name, LogR[i])
	}
	c.rare("largest", math.MaxFloat64)
	c.rare("negInf", math.Inf(-1))
	c.rare("nan", math.NaN())
	return c
}

// log returns the logarithm of x as fmath.Log does.
func (v isa) log(c *constants, x reg.VecVirtual) reg.VecVirtual {
	k, f := v.split(c, x)
	VSUBPD(c.get("one"), f, f)
	s, h, z := v.reg(), v.reg(), v.reg()
	VADDPD(c.get("two"), f, s)
	VDIVPD(s, f, s)
	VMULPD(f, f, h)
	VMULPD(c.get("half"), h, h)
	VMULPD(s, s, z)
	p := v.logPoly(c, z)
	VADDPD(h, p, p)
	VMULPD(s, p, p)
	t := v.reg()
	VMULPD(c.get("ln2Lo"), k, t)
	VADDPD(t, p, p)
	VSUBPD(p, h, h)
	VSUBPD(f, h, h)
	VMULPD(c.get("ln2Hi"), k, k)
	y := v.reg()
	VSUBPD(h, k, y)

	zero := v.zero()
	v.chooseDoubles(notLessOrEqual, c.get("largest"), x, x, y)
	v.chooseDoubles(lessThan, zero, x, c.reg("nan"), y)
	v.chooseDoubles(equal, zero, x, c.reg("negInf"), y)
	return y
}

// split returns k and m of fmath's frexp.
func (v isa) split(c *constants, x reg.VecVirtual) (k, m reg.VecVirtual) {
	m, bias, e := v.reg(), v.reg(), v.reg()
	VMULPD(c.get("twoTo54"), x, m)
	VMOVUPD(c.get("exponentBias"), bias)
	VADDPD(c.get("fiftyFour"), bias, bias)
	// Where x is normal (or zero or negative, replaced later), undo the scaling.
	v.chooseDoubles(notLess, c.get("minNormal"), x, x, m)
	v.chooseDoubles(notLess, c.get("minNormal"), x, c.reg("exponentBias"), bias)
	v.wholes(VPADDQ, c.get("sqrtHalfOffset"), m, e)
	v.wholes(VPSRLQ, Imm(52), e, e)
	k = v.reg()
	v.wholes(VPADDQ, c.get("twoTo52"), e, k) // The integer in the low bits of 2^52 + integer.
	VSUBPD(c.get("twoTo52"), k, k)
	VSUBPD(bias, k, k)
	v.wholes(VPSLLQ, Imm(52), e, e)
	v.wholes(VPSUBQ, e, m, m)
	v.wholes(VPADDQ, c.get("one"), m, m) // The bits of 1 are 1023<<52.
	return k, m
}

// logPoly returns z·R(z).
func (v isa) logPoly(c *constants, z reg.VecVirtual) reg.VecVirtual {
	w := v.reg()
	VMULPD(z, z, w)
	pair := func(i int) reg.VecVirtual {
		p := v.reg()
		VMULPD(c.get(logNames[i+1]), z, p)
		VADDPD(c.get(logNames[i]), p, p)
		return p
	}
	t := v.reg()
	p03, p23, p46 := pair(0), pair(2), pair(4)
	VMULPD(w, p23, p23)
	VADDPD(p23, p03, p03)
	VMULPD(c.get(logNames[6]), w, t)
	VADDPD(t, p46, p46)
	VMULPD(w, w, w)
	VMULPD(w, p46, p46)
	VADDPD(p46, p03, p03)
	VMULPD(z, p03, p03)
	return p03
}

// notLess is true also for NaN.
const notLess = 0x15

// chooseDoubles sets the lanes of float64 of r to s where x predicate y.
func (v isa) chooseDoubles(predicate uint8, y Op, x, s, r reg.Register) {
	m := v.compareDoubles(predicate, y, x)
	if v == avx512 {
		VMOVAPD(s, m.k, r)
	} else {
		VBLENDVPD(m.y, s, r, r)
	}
}

// compareDoubles returns a mask of the lanes of float64 where x predicate y.
func (v isa) compareDoubles(predicate uint8, y Op, x reg.Register) mask {
	if v == avx512 {
		k := K()
		VCMPPD(Imm(uint64(predicate)), y, x, k)
		return mask{k: k}
	}
	m := YMM()
	VCMPPD(Imm(uint64(predicate)), y, x, m)
	return mask{y: m}
}

// keepDoubles sets lanes of float64 outside the mask to +0.
func (v isa) keepDoubles(m mask, r reg.VecVirtual) {
	if v == avx512 {
		VMOVAPD_Z(r, m.k, r)
	} else {
		VANDPD(m.y, r, r)
	}
}
