package fmath

import "math"

// Constants of the argument reduction x = k·ln 2 + r, |r| ≤ ln(2)/2. Ln2Hi has
// 32 significant bits, so k·Ln2Hi is exact for every k that occurs.
const (
	Log2E = 0x1.71547652b82fep+0
	Ln2Hi = 0x1.62e42feep-1
	Ln2Lo = 0x1.a39ef35793c76p-33

	// Adding Shifter to a small number leaves the number, rounded to the nearest integer,
	// in the low bits of the sum.
	Shifter = 0x1.8p52

	// ExpMax and ExpMin bound the arguments of Exp. At and beyond them the result is +Inf
	// or 0.
	ExpMax = 710.0
	ExpMin = -746.0
)

// ExpQ holds the coefficients of Q, lowest degree first, in
// exp(r) = 1 + r + r²·Q(r) for |r| ≤ ln(2)/2. They are the minimax (Remez)
// polynomial of degree 9; its error in exp(r) is below 0.04 ulp.
var ExpQ = [10]float64{
	0x1.000000000000bp-1, 0x1.5555555555561p-3,
	0x1.55555555503e0p-5, 0x1.111111110d7b9p-7,
	0x1.6c16c18501210p-10, 0x1.a01a01ba74247p-13,
	0x1.a0199811953c8p-16, 0x1.71dde0a2cd562p-19,
	0x1.28af145ce7330p-22, 0x1.af845833e80c4p-26,
}

// Exp returns e**x. Overflow gives +Inf, underflow a subnormal number or 0.
//
// Algorithm: below ExpMin the result is 0, and x is clamped to ExpMax. k is x·log2(e)
// rounded to the nearest integer by adding and subtracting Shifter; r = (x - k·Ln2Hi) -
// k·Ln2Lo; q = Q(r) by Estrin's scheme; y = 1 + (r + r²·q). The result is y·2^k, scaled
// in two exact steps so that only the last can round.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < ExpMin:
		return 0
	}
	k, r := reduce(min(x, ExpMax))
	return scale(1+expm1Poly(r), k)
}

// reduce returns k and r with x = k·ln 2 + r.
func reduce(x float64) (k int, r float64) {
	t := float64(x*Log2E) + Shifter
	kf := t - Shifter
	r = (x - float64(kf*Ln2Hi)) - float64(kf*Ln2Lo)
	return int(int32(math.Float64bits(t))), r
}

// expm1Poly returns r + r²·Q(r), which is exp(r) - 1, for |r| ≤ ln(2)/2.
func expm1Poly(r float64) float64 {
	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	r8 := float64(r4 * r4)
	p01 := ExpQ[0] + float64(ExpQ[1]*r)
	p23 := ExpQ[2] + float64(ExpQ[3]*r)
	p45 := ExpQ[4] + float64(ExpQ[5]*r)
	p67 := ExpQ[6] + float64(ExpQ[7]*r)
	p89 := ExpQ[8] + float64(ExpQ[9]*r)
	p03 := p01 + float64(p23*r2)
	p47 := p45 + float64(p67*r2)
	p07 := p03 + float64(p47*r4)
	q := p07 + float64(p89*r8)
	return r + float64(r2*q)
}

// scale returns y·2^k for -1080 ≤ k ≤ 1030 and y near 1.
func scale(y float64, k int) float64 {
	half := k >> 1
	return float64(float64(y*pow2(half)) * pow2(k-half))
}

// pow2 returns 2^k for -1022 ≤ k ≤ 1023.
func pow2(k int) float64 {
	return math.Float64frombits(uint64(k+1023) << 52)
}

// Expm1 returns e**x - 1, and is accurate also near zero.
func Expm1(x float64) float64 {
	switch {
	case x != x || x == 0 || math.IsInf(x, 1):
		return x
	case x > ExpMax:
		return math.Inf(1)
	case x < -40: // exp(-40) is below half an ulp of 1.
		return -1
	}
	k, r := reduce(x)
	p := expm1Poly(r)
	switch {
	case k == 0:
		return p
	case k > 56: // The 1 is below half an ulp.
		return scale(1+p, k)
	}
	s := pow2(k)
	return float64(s*p) + (s - 1)
}
