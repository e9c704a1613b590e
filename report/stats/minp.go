package stats

import "math"

// PairedMinP returns the smallest p that n pairs without ties or zeros can reach in [SignedRank],
// when all pairs agree in sign: 2^-n one-sided, twice that two-sided, at most 1.
func PairedMinP(n int, alternative Alternative) float64 {
	if n <= 0 {
		return 1
	}
	return sided(math.Ldexp(1, -n), alternative)
}

// TwoSampleMinP returns the smallest p that samples of n and m values without ties can reach in
// [MannWhitney], when the samples do not overlap: 1/C(n+m, n) one-sided, twice that two-sided, at
// most 1.
func TwoSampleMinP(n, m int, alternative Alternative) float64 {
	if n <= 0 || m <= 0 {
		return 1
	}
	return sided(splitsMinP(n, m), alternative)
}

// PairsNeeded returns the smallest number of pairs whose [PairedMinP] is at
// most alpha: 5 one-sided and 6 two-sided for 0.05. For the first step of
// Holm's method, divide alpha by the number of comparisons. It is 0 if alpha is
// not positive.
func PairsNeeded(alpha float64, alternative Alternative) int {
	if !(alpha > 0) {
		return 0
	}
	n := 1
	for PairedMinP(n, alternative) > alpha {
		n++
	}
	return n
}

// splitsMinP returns the probability of one particular split of n + m values.
func splitsMinP(n, m int) float64 { return 1 / binomial(n+m, n) }

// sided doubles a one-sided probability for two-sided alternatives.
func sided(p float64, alternative Alternative) float64 {
	if alternative == TwoSided {
		p *= 2
	}
	return min(p, 1)
}
