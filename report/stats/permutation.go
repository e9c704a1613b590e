package stats

import (
	"math"
	"slices"
)

// ExactPermutation is the largest n + m for which [Permutation] and [LogRank]
// count every split of the pooled data.
const ExactPermutation = 30

// Permutation tests the difference of the means of two independent samples by
// permutation (Pitman 1937). The statistic is mean(x) - mean(y).
//
// The null distribution is that of the difference over all C(n+m, n) equally
// likely splits of the pooled data: counted exactly for
// n + m ≤ [ExactPermutation]; beyond, the normal approximation with the same
// variance. Differences closer than 1e-12 of the spread count as equal. The
// two-sided p is twice the smaller one-sided p, at most 1.
//
// An error if a sample is empty or has a NaN or an infinity.
func Permutation(x, y []float64, alternative Alternative) (Test, error) {
	if err := checkFinite("x", x); err != nil {
		return Test{}, err
	}
	if err := checkFinite("y", y); err != nil {
		return Test{}, err
	}
	pooled := append(append(make([]float64, 0, len(x)+len(y)), x...), y...)
	null, exact := splitTails(pooled, len(x))
	t := Test{Statistic: Mean(x) - Mean(y), N: len(x), M: len(y), Exact: exact}
	t.P, t.MinP = null.p(alternative)
	return t.finish(), nil
}

// splitTails returns the tails, over all choices of n of the pooled values, of
// the sum of the chosen, at the sum of the first n; and whether it is exact.
func splitTails(pooled []float64, n int) (null tails, exact bool) {
	z, spread := centred(pooled)
	if spread == 0 {
		return tails{1, 1, 1, 1}, true
	}
	sum := 0.0
	for _, v := range z[:n] {
		sum += v
	}
	N := len(z)
	if N > ExactPermutation {
		squares := 0.0
		for _, v := range z {
			squares += float64(v * v)
		}
		variance := squares * float64(n) * float64(N-n) / (float64(N) * float64(N-1))
		return normalTails(sum, 0, math.Sqrt(variance), 0, splitsMinP(n, N-n)), false
	}
	slack := float64(tieTolerance * spread)
	a, b := subsetSums(z[:N/2]), subsetSums(z[N/2:])
	atMost := func(limit float64) float64 {
		count := 0
		for k := range a {
			if r := n - k; r >= 0 && r < len(b) {
				count += pairsAtMost(a[k], b[r], limit)
			}
		}
		return float64(count)
	}
	slices.Sort(z)
	least, most := 0.0, 0.0
	for i := range n {
		least += z[i]
		most += z[N-1-i]
	}
	all := binomial(N, n)
	return tails{
		lower:    atMost(sum+slack) / all,
		upper:    (all - atMost(sum-float64(slack*tieEdge))) / all,
		smallest: atMost(least+slack) / all,
		greatest: (all - atMost(most-float64(slack*tieEdge))) / all,
	}, true
}

// centred returns x minus its mean, scaled by a power of two, and the sum of
// the magnitudes of the result.
func centred(x []float64) (z []float64, spread float64) {
	z = scaled(x)
	mean := Mean(z)
	for i := range z {
		z[i] -= mean
		spread += math.Abs(z[i])
	}
	return z, spread
}

// subsetSums returns, for each k, the sums of all choices of k of the values,
// ascending.
func subsetSums(values []float64) [][]float64 {
	sums := make([][]float64, len(values)+1)
	sums[0] = []float64{0}
	for i, v := range values {
		for k := i + 1; k >= 1; k-- {
			for _, s := range sums[k-1] {
				sums[k] = append(sums[k], s+v)
			}
		}
	}
	for _, s := range sums {
		slices.Sort(s)
	}
	return sums
}
