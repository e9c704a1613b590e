package fmath

import "math"

// Stirling's series: lgamma(x) = (x-½)·log x - x + ½·log 2π + Σ c[n]/x^(2n+1),
// with c[n] = B(2n+2)/((2n+2)(2n+1)), B the Bernoulli numbers (Abramowitz and
// Stegun 1964, 6.1.41).
var stirling = [...]float64{
	1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156,
}

const (
	halfLogTwoPi = 0.918938533204672741780329736405617639861397473637783

	// stirlingMin is the smallest x at which seven terms of the series are accurate to
	// 1e-16.
	stirlingMin = 12
)

// Lgamma returns log Γ(x) for x > 0: +Inf for 0 and NaN below. Small arguments
// are raised by the recurrence Γ(x+1) = x·Γ(x).
func Lgamma(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(1)
	case x == 1 || x == 2:
		return 0
	case x < 0x1p-60: // The next term of the series, -0.577·x, is below the last bit.
		return -Log(x)
	case x > 0x1p1014: // Also where single terms below would overflow.
		return float64(x * (Log(x) - 1))
	}
	product := 1.0
	for x < stirlingMin {
		product = float64(product * x)
		x++
	}
	inv := 1 / x
	inv2 := float64(inv * inv)
	sum := 0.0
	for i := len(stirling) - 1; i >= 0; i-- {
		sum = float64(sum*inv2) + stirling[i]
	}
	l := (float64((x-0.5)*Log(x)) - x) + (halfLogTwoPi + float64(sum*inv))
	if product == 1 {
		return l
	}
	return l - Log(product)
}
