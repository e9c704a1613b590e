package ising

import (
	"math"

	"gfnbench/gfn/fmath"
)

// kaufmanApplies reports whether kaufmanLogZ is valid. If neighbours repel and the side
// is even, reversing every other spin makes them attract, with the same log Z.
func kaufmanApplies(side int, strength float64) bool {
	return strength >= 0 || side%2 == 0
}

// kaufmanLogZ returns the log partition function of an N × N torus whose bonds have
// strength K = beta J (Kaufman 1949, Eq. 103):
//
//	Z = ½ (2 sinh 2K)^(N²/2) (Π 2cosh(½Nγ_{2r+1}) + Π 2sinh(½Nγ_{2r+1})
//	                        + Π 2cosh(½Nγ_{2r}) ± Π 2sinh(½Nγ_{2r})),
//
// where cosh γ_k = cosh 2K coth 2K - cos(πk/N), γ_0 = 2K + log tanh K, and the products
// run over r = 0..N-1. The sign of the last one comes from γ_0.
func kaufmanLogZ(side int, strength float64) float64 {
	k := math.Abs(strength)
	n := float64(side)
	if k == 0 {
		return float64(n * n * math.Ln2)
	}
	// The products, as logs, relative to exp(½N Σ|γ|). Only sinh of γ_0 can be negative.
	var logs [4]float64
	sign := 1.0
	for i := range 2 * side {
		gamma := kaufmanGamma(i, side, k)
		if gamma < 0 {
			sign = -1
		}
		half := float64(n * math.Abs(gamma) / 2)
		decay := fmath.Exp(-2 * half)
		parity := 2 * (1 - i%2)
		logs[parity] += half + fmath.Log1p(decay)
		logs[parity+1] += half + fmath.Log1p(-decay)
	}
	top := max(logs[0], logs[2])
	sum := 0.0
	for j, l := range logs {
		term := fmath.Exp(l - top)
		if j == 3 {
			term *= sign
		}
		sum += float64(term)
	}
	logSinh := float64(2*k) + fmath.Log1p(-fmath.Exp(-4*k)) // log(2 sinh 2K)
	return float64(n*n/2*logSinh) + top + fmath.Log(sum) - math.Ln2
}

// kaufmanGamma returns γ_i. Only γ_0 can be negative.
func kaufmanGamma(i, side int, k float64) float64 {
	e := fmath.Exp(-2 * k)
	if i == 0 {
		return float64(2*k) + fmath.Log((1-e)/(1+e))
	}
	f := float64(e * e)
	cosh := (1/e + e) / 2
	coth := (1 + f) / (1 - f)
	// cosh γ - 1 without cancellation: cosh 2K coth 2K >= 2, and 1 - cos is
	// 2 sin².
	s := sine(math.Pi * float64(min(i, 2*side-i)) / float64(2*side))
	excess := float64(cosh*coth) - 2 + float64(2*s*s)
	return fmath.Log1p(excess + math.Sqrt(float64(excess*(excess+2))))
}

// sine sums Taylor's series to full precision on [0, π/2].
func sine(x float64) float64 {
	sum, term := x, x
	for k := 2.0; k <= 24; k += 2 {
		term = float64(-term * x * x / (k * (k + 1)))
		sum += term
	}
	return sum
}
