package stats

import "math"

// ExactSignedRank is the largest number of non-zero differences for which
// [SignedRank] uses the exact distribution.
const ExactSignedRank = 200

// SignedRank applies Wilcoxon's signed-rank test to the paired differences d (first
// minus second). Its null hypothesis is that they are symmetric about zero. The
// statistic is W+, the sum of the ranks of |d| over the positive differences; ties
// have mid-ranks. Zeros are ranked with the rest, and then their ranks are left out
// (Pratt 1959), so shrinking every difference can never make p smaller.
//
// The null distribution is W+ over all 2^k equally likely signs of the k non-zero
// differences, with the ranks as they are. It is exact for k ≤ [ExactSignedRank],
// by dynamic programming over doubled ranks; beyond that it is the normal
// approximation with tie and continuity corrections. The two-sided p is twice the
// smaller one-sided p, at most 1. If all differences are zero, p = 1.
//
// Infinities are ordered. It returns an error if d is empty or has a NaN, which Inf
// - Inf is.
func SignedRank(d []float64, alternative Alternative) (Test, error) {
	return signedRank(d, alternative, new(nullMass))
}

func signedRank(d []float64, alternative Alternative, known *nullMass) (Test, error) {
	if err := checkSample("differences", d); err != nil {
		return Test{}, err
	}
	ranks, positive := signedRanks(d)
	sum, total := 0, 0
	squares := 0.0
	for i, r := range ranks {
		total += r
		squares += float64(r) * float64(r)
		if positive[i] {
			sum += r
		}
	}
	k := len(ranks)
	t := Test{Statistic: float64(sum) / 2, N: len(d), Exact: k <= ExactSignedRank}
	var null tails
	if t.Exact {
		null = tailsOf(known.of(ranks, func() []float64 { return signMass(ranks, total) }), sum)
	} else {
		null = normalTails(float64(sum), float64(total)/2, math.Sqrt(squares)/2, 2, math.Ldexp(1, -k))
	}
	t.P, t.MinP = null.p(alternative)
	t.Warnings = zeroWarning(k, len(d))
	return t.finish(), nil
}

// signedRanks returns the doubled ranks of |d| and the signs of the non-zero
// differences.
func signedRanks(d []float64) (ranks []int, positive []bool) {
	magnitude := make([]float64, len(d))
	for i, v := range d {
		magnitude[i] = math.Abs(v)
	}
	all, _ := doubledRanks(magnitude)
	for i, v := range d {
		if v != 0 {
			ranks = append(ranks, all[i])
			positive = append(positive, v > 0)
		}
	}
	return ranks, positive
}

// signMass returns the probability of each sum of a random half of the ranks,
// if each is taken or left with probability 1/2; total is the sum of all.
func signMass(ranks []int, total int) []float64 {
	mass := make([]float64, total+1)
	mass[0] = 1
	reach := 0
	for _, r := range ranks {
		reach += r
		for s := reach; s >= 0; s-- {
			if s >= r {
				mass[s] += mass[s-r]
			}
			mass[s] /= 2
		}
	}
	return mass
}

// zeroWarning says that only k of n differences are not zero.
func zeroWarning(k, n int) []Warning {
	if k == n {
		return nil
	}
	return []Warning{warn(ZeroDifferences, "%d of %d paired differences are zero", n-k, n)}
}
