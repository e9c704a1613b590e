package fmath

import "math"

// LogR holds the coefficients of R, lowest degree first, in
// log((1+s)/(1-s)) = 2s + s·z·R(z), z = s², for |s| ≤ (√2-1)/(√2+1). They are
// the minimax (Remez) polynomial of degree 6; its error is below 0.02 ulp of
// 2s.
var LogR = [7]float64{
	0x1.555555555558fp-1, 0x1.9999999980d1dp-2, 0x1.249249413b39ap-2,
	0x1.c71c528a10aa0p-3, 0x1.7466274caa3c5p-3, 0x1.39a3e5683fd6fp-3,
	0x1.2ef13e5e81f9fp-3,
}

const (
	// SqrtHalfBits are the bits of √½, the lower end of the range [√½, √2) of
	// the reduced argument of Log.
	SqrtHalfBits = 0x3fe6a09e667f3bcd

	// MinNormal is the smallest positive normal float64.
	MinNormal = 0x1p-1022

	// TwoTo54 is 2^54, which scales subnormal numbers into the normal range.
	TwoTo54 = 0x1p54
)

// Log returns the natural logarithm of x: -Inf for 0, NaN for x < 0.
//
// Algorithm: x = 2^k·m with m in [√½, √2), from the bits of x (a subnormal x is
// first multiplied by 2^54); f = m - 1, exactly; s = f/(2+f); z = s²;
// h = f²/2; the result is
// k·Ln2Hi - ((h - (s·(h + z·R(z)) + k·Ln2Lo)) - f), which holds because
// log(1+f) = f - s·f + s·z·R(z) and s·f = h - s·h.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	k, m := frexp(x)
	f := m - 1
	s := f / (2 + f)
	h := float64(0.5 * float64(f*f))
	t := float64(s*(h+logPoly(float64(s*s)))) + float64(k*Ln2Lo)
	return float64(k*Ln2Hi) - ((h - t) - f)
}

// frexp splits a positive finite x into x = 2^k·m with m in [√½, √2).
func frexp(x float64) (k, m float64) {
	bias := 1023.0
	if x < MinNormal {
		x *= TwoTo54
		bias += 54
	}
	b := math.Float64bits(x)
	e := (b - SqrtHalfBits + 1023<<52) >> 52
	return float64(int64(e)) - bias, math.Float64frombits(b - e<<52 + 1023<<52)
}

// logPoly returns z·R(z).
func logPoly(z float64) float64 {
	w := float64(z * z)
	w2 := float64(w * w)
	p01 := LogR[0] + float64(LogR[1]*z)
	p23 := LogR[2] + float64(LogR[3]*z)
	p45 := LogR[4] + float64(LogR[5]*z)
	p03 := p01 + float64(p23*w)
	p46 := p45 + float64(LogR[6]*w)
	return float64(z * (p03 + float64(p46*w2)))
}

// Log1p returns log(1+x), and is accurate also near zero: -Inf for -1, NaN below. With u
// = 1+x rounded and c the rounding error, it is log(u) + c/u.
func Log1p(x float64) float64 {
	u := 1 + x
	switch {
	case u == 1 || x != x || math.IsInf(x, 1):
		return x
	case u <= 0 || u > 0x1p60:
		return Log(u)
	}
	d := u - 1
	c := (1 - (u - d)) + (x - d)
	return Log(u) + c/u
}
