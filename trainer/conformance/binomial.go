package conformance

import "gonum.org/v1/gonum/mathext"

// ErrorRate bounds the probability that a check of samples fails a correct trainer. Each
// count is tested against its binomial distribution by the exact two-sided test, and the
// rate is divided by the number of counts (Bonferroni).
const ErrorRate = 1e-7

// binomial returns the exact two-sided p-value of k successes in n trials of probability
// p: twice the smaller tail, at most 1. The tails are regularised incomplete beta
// functions (Abramowitz and Stegun 26.5.24).
func binomial(k, n int, p float64) float64 {
	switch {
	case n == 0 || p <= 0 && k == 0 || p >= 1 && k == n:
		return 1
	case p <= 0 || p >= 1:
		return 0
	}
	below, above := 1.0, 1.0 // P(X <= k), P(X >= k)
	if k < n {
		below = mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
	}
	if k > 0 {
		above = mathext.RegIncBeta(float64(k), float64(n-k+1), p)
	}
	return min(1, 2*min(below, above))
}
