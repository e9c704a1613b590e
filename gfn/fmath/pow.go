package fmath

import "math"

// Pow returns x**y, with the special cases of math.Pow. The logarithm is computed to
// about 65 bits as an unevaluated sum of two float64, which keeps the error of its
// product with y below one ulp of the result.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0):
		return powEdge(x, y)
	case x < 0:
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if isOdd(y) {
			return -powPositive(-x, y)
		}
		return powPositive(-x, y)
	}
	return powPositive(x, y)
}

// powPositive returns x^y for finite x > 0 and finite y.
func powPositive(x, y float64) float64 {
	hi, lo := logPair(x)
	switch p := float64(hi * y); {
	case p > ExpMax:
		return math.Inf(1)
	case p < ExpMin:
		return 0
	case math.Abs(p) < 0x1p-60:
		return 1
	}
	if math.Abs(y) < 0x1p-500 || math.Abs(y) > 0x1p500 {
		return Exp(float64(hi * y)) // Out of range of twoProd: the log is 0 or the power near 1.
	}
	p, e := twoProd(hi, y)
	e += float64(lo * y)
	k, r := reduce(p)
	return scale(1+expm1Poly(r+e), k)
}

// powEdge returns x^y if x is zero, or if x or y is infinite.
func powEdge(x, y float64) float64 {
	if math.IsInf(y, 0) {
		switch a := math.Abs(x); {
		case a == 1:
			return 1
		case (a > 1) == (y > 0):
			return math.Inf(1)
		}
		return 0
	}
	r := 0.0
	if (x == 0) == (y < 0) {
		r = math.Inf(1)
	}
	if isOdd(y) {
		return math.Copysign(r, x)
	}
	return r
}

// isOdd reports whether y is an odd integer.
func isOdd(y float64) bool {
	if math.Abs(y) >= 0x1p53 || y != math.Trunc(y) {
		return false
	}
	return int64(y)&1 == 1
}

// Constants as unevaluated sums.
const (
	ln2A, ln2B             = 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56
	twoThirdsA, twoThirdsB = 0x1.5555555555555p-1, 0x1.5555555555555p-55
)

// logPair returns hi + lo = log(x) to about 65 bits for a positive finite x.
// With x = 2^k·m and s = (m-1)/(m+1) it sums k·ln 2 + 2s + s·z·(2/3 + z·(…)),
// z = s², with the leading terms in pairs.
func logPair(x float64) (hi, lo float64) {
	k, m := frexp(x)
	f := m - 1
	dh, dl := twoSum(m, 1)
	sh := f / dh
	ph, pl := twoProd(sh, dh)
	sl := ((f - ph) - pl - float64(sh*dl)) / dh

	zh, zl := mulPair(sh, sl, sh, sl)
	tail := 0.0 // 2/5 + 2/7 z + … as a Taylor sum; z is below 0.0295.
	for n := 25.0; n >= 5; n -= 2 {
		tail = 2/n + float64(tail*zh)
	}
	qh, ql := twoSum(twoThirdsA, float64(tail*zh))
	ql += twoThirdsB
	qh, ql = mulPair(qh, ql, zh, zl)
	qh, ql = mulPair(qh, ql, sh, sl)

	kh, kl := mulPair(ln2A, ln2B, k, 0)
	hi, lo = twoSum(kh, 2*sh)
	lo += kl + float64(2*sl)
	hi, e := twoSum(hi, qh)
	lo += e + ql
	return twoSum(hi, lo)
}

// twoSum returns the rounded sum of a and b and its exact error (Knuth).
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// twoProd returns the rounded product of a and b and its exact error (Dekker);
// magnitudes must lie well inside the exponent range.
func twoProd(a, b float64) (p, e float64) {
	p = float64(a * b)
	ah, al := split(a)
	bh, bl := split(b)
	e = float64(ah*bh) - p
	e += float64(ah * bl)
	e += float64(al * bh)
	e += float64(al * bl)
	return p, e
}

// split returns a as a sum of two numbers of at most 26 bits (Veltkamp).
func split(a float64) (hi, lo float64) {
	t := float64(a * (1<<27 + 1))
	hi = t - (t - a)
	return hi, a - hi
}

// mulPair returns the product of two pairs to about 100 bits.
func mulPair(ah, al, bh, bl float64) (h, l float64) {
	p, e := twoProd(ah, bh)
	e += float64(ah*bl) + float64(al*bh)
	return twoSum(p, e)
}
