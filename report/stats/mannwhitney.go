package stats

import (
	"math"
	"slices"
)

// ExactMannWhitney is the largest n + m for which [MannWhitney] uses the exact
// distribution.
const ExactMannWhitney = 100

// MannWhitney tests whether values of x tend to be larger or smaller than
// values of y, for two independent samples (Mann & Whitney 1947; Lehmann,
// Nonparametrics, 1975, §1.4 for ties). The statistic is U of x, the number of
// pairs with x > y, with ties counting one half.
//
// The null distribution is the sum of mid-ranks over all C(n+m, n) equally
// likely splits of the pooled data, with its ties. It is exact for n + m ≤
// [ExactMannWhitney], by dynamic programming over doubled ranks; beyond that it
// is the normal approximation with tie and continuity corrections. The
// two-sided p is twice the smaller one-sided p, at most 1.
//
// Infinities are ordered. It returns an error if a sample is empty or has a
// NaN.
func MannWhitney(x, y []float64, alternative Alternative) (Test, error) {
	return mannWhitney(x, y, alternative, new(nullMass))
}

func mannWhitney(x, y []float64, alternative Alternative, known *nullMass) (Test, error) {
	if err := checkSample("x", x); err != nil {
		return Test{}, err
	}
	if err := checkSample("y", y); err != nil {
		return Test{}, err
	}
	n, m := len(x), len(y)
	ranks, groups := doubledRanks(append(append(make([]float64, 0, n+m), x...), y...))
	sum := 0
	for _, r := range ranks[:n] {
		sum += r
	}
	t := Test{Statistic: float64(sum-n*(n+1)) / 2, N: n, M: m, Exact: n+m <= ExactMannWhitney}
	var null tails
	if t.Exact {
		null = rankSumTails(ranks, n, sum, known)
	} else {
		N := float64(n + m)
		nm := float64(n) * float64(m)
		variance := nm / 12 * (N + 1 - tieSum(groups)/(N*(N-1)))
		null = normalTails(t.Statistic, nm/2, math.Sqrt(variance), 1, splitsMinP(n, m))
	}
	t.P, t.MinP = null.p(alternative)
	if len(groups) == 1 {
		t.Warnings = append(t.Warnings, warn(NoVariation, "all values are equal"))
	}
	return t.finish(), nil
}

// rankSumTails returns the tails at sum of the total of n of the ranks, if
// every choice of n is equally likely. It sums over the smaller of the two
// samples, because choosing the complement mirrors the distribution.
func rankSumTails(ranks []int, n, sum int, known *nullMass) tails {
	if !slices.ContainsFunc(ranks, func(r int) bool { return r%2 == 1 }) { // the case without ties
		ranks = slices.Clone(ranks)
		for i := range ranks {
			ranks[i] /= 2
		}
		sum /= 2
	}
	total := 0
	for _, r := range ranks {
		total += r
	}
	if m := len(ranks) - n; m < n {
		t := tailsOf(known.of(ranks, func() []float64 { return rankSumMass(ranks, m, total) }), total-sum)
		return tails{t.upper, t.lower, t.greatest, t.smallest}
	}
	return tailsOf(known.of(ranks, func() []float64 { return rankSumMass(ranks, n, total) }), sum)
}

// rankSumMass returns the probability of each total of n ranks chosen at random
// without replacement; total bounds it. Counts are exact integers below 2^53,
// and correctly rounded sums of positive numbers above.
func rankSumMass(ranks []int, n, total int) []float64 {
	ways := make([][]float64, n+1) // ways[k][s]: choices of k ranks that sum to s
	for k := range ways {
		ways[k] = make([]float64, total+1)
	}
	ways[0][0] = 1
	reach := 0
	for i, r := range ranks {
		reach += r
		for k := min(i+1, n); k >= 1; k-- {
			to, from := ways[k], ways[k-1]
			for s := reach; s >= r; s-- {
				to[s] += from[s-r]
			}
		}
	}
	all := binomial(len(ranks), n)
	for s := range ways[n] {
		ways[n][s] /= all
	}
	return ways[n]
}

// binomial returns C(n, k) as a float64, exact below 2^53.
func binomial(n, k int) float64 {
	k = min(k, n-k)
	c := 1.0
	for i := 1; i <= k; i++ {
		c = c * float64(n-k+i) / float64(i)
	}
	return c
}
