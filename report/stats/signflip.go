package stats

import (
	"math"
	"slices"
)

// ExactSignFlip is the largest number of non-zero differences for which
// [SignFlip] counts every assignment of signs.
const ExactSignFlip = 30

// SignFlip applies Fisher's permutation test to the mean of the paired differences
// d (first minus second). Its null hypothesis is that they are symmetric about
// zero (Fisher, The Design of Experiments, 1935, §21). The statistic is the mean
// difference.
//
// The null distribution is the mean over all 2^k equally likely signs of the k
// non-zero differences. It is counted exactly for k ≤ [ExactSignFlip], as pairs of
// half-sums; beyond that it is the normal approximation with the same variance.
// Means closer than 1e-12 of the mean magnitude count as equal, because rounding
// would otherwise break ties. The two-sided p is twice the smaller one-sided p, at
// most 1. If all differences are zero, p = 1.
//
// It returns an error if d is empty or has a NaN or an infinity.
func SignFlip(d []float64, alternative Alternative) (Test, error) {
	if err := checkFinite("differences", d); err != nil {
		return Test{}, err
	}
	flip := nonZeroScaled(d)
	k := len(flip)
	t := Test{Statistic: Mean(d), N: len(d), Exact: k <= ExactSignFlip}
	var null tails
	if t.Exact {
		null = signFlipTails(flip)
	} else {
		sum, squares := 0.0, 0.0
		for _, v := range flip {
			sum += v
			squares += float64(v * v)
		}
		null = normalTails(sum, 0, math.Sqrt(squares), 0, math.Ldexp(1, -k))
	}
	t.P, t.MinP = null.p(alternative)
	t.Warnings = zeroWarning(k, len(d))
	return t.finish(), nil
}

// nonZeroScaled returns the non-zero values of d, scaled by a power of two.
func nonZeroScaled(d []float64) []float64 {
	return slices.DeleteFunc(scaled(d), func(v float64) bool { return v == 0 })
}

// scaled returns x times the power of two that brings the largest magnitude
// into [1/2, 1), so sums of any finite data stay finite and nothing is rounded.
func scaled(x []float64) []float64 {
	largest := 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	_, exponent := math.Frexp(largest)
	s := make([]float64, len(x))
	for i, v := range x {
		s[i] = math.Ldexp(v, -exponent)
	}
	return s
}

// signFlipTails returns the tails at Σd of Σ±d over all signs.
func signFlipTails(d []float64) tails {
	if len(d) == 0 {
		return tails{1, 1, 1, 1}
	}
	half := len(d) / 2
	a, b := signSums(d[:half]), signSums(d[half:])
	sum, magnitude := 0.0, 0.0
	for _, v := range d {
		sum += v
		magnitude += math.Abs(v)
	}
	slack := float64(tieTolerance * magnitude)
	all := float64(len(a)) * float64(len(b))
	return tails{
		lower:    float64(pairsAtMost(a, b, sum+slack)) / all,
		upper:    (all - float64(pairsAtMost(a, b, sum-float64(slack*tieEdge)))) / all,
		smallest: 1 / all,
		greatest: 1 / all,
	}
}

// Sums that differ by no more than tieTolerance of their scale are equal; "just
// below" a sum means tieEdge of that tolerance below it.
const (
	tieTolerance = 1e-12
	tieEdge      = 1 + 1e-3
)

// signSums returns Σ±d for all signs, ascending.
func signSums(d []float64) []float64 {
	sums := make([]float64, 1, 1<<len(d))
	for _, v := range d {
		for i := range sums {
			sums = append(sums, sums[i]-v)
			sums[i] += v
		}
	}
	slices.Sort(sums)
	return sums
}

// pairsAtMost counts the pairs of a value of a and a value of b whose sum is at
// most limit. Both are ascending.
func pairsAtMost(a, b []float64, limit float64) int {
	count, j := 0, len(b)
	for _, v := range a {
		for j > 0 && v+b[j-1] > limit {
			j--
		}
		count += j
	}
	return count
}
