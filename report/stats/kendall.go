package stats

import (
	"fmt"
	"math"
)

// ExactKendall is the largest number of ranked things for which [Kendall] goes
// through all their orders.
const ExactKendall = 9

// Kendall returns Kendall's tau-b of the pairs (x[i], y[i]) as the statistic:
// (concordant - discordant)/√((n0 - n1)(n0 - n2)), with n0 all pairs and n1 and
// n2 those tied in x and in y (Kendall, Rank Correlation Methods, 1948). It is
// NaN, with p = 1, if all of x or all of y are equal.
//
// P is the permutation p of concordant - discordant over all n! orders of y,
// ties as they are: exact for n ≤ [ExactKendall], beyond by the normal
// approximation with tie and continuity corrections. Greater means agreement.
// The two-sided p is twice the smaller tail, at most 1.
//
// An error if the lengths differ, there are fewer than two pairs, or a NaN.
func Kendall(x, y []float64, alternative Alternative) (Test, error) {
	if err := checkPairs(x, y); err != nil {
		return Test{}, err
	}
	if err := checkSample("x", x); err != nil {
		return Test{}, err
	}
	if err := checkSample("y", y); err != nil {
		return Test{}, err
	}
	n := len(x)
	if n < 2 {
		return Test{}, fmt.Errorf("pairs: %w: an order needs 2", ErrTooFew)
	}
	signX, signY := comparisons(x), comparisons(y)
	order := identity([]int{n})[0]
	score := agreement(signX, signY, order)
	_, groupsX := doubledRanks(x)
	_, groupsY := doubledRanks(y)
	pairs := float64(n * (n - 1) / 2)
	t := Test{N: n, Exact: n <= ExactKendall}
	t.Statistic = float64(score) / math.Sqrt((pairs-tiedPairs(groupsX))*(pairs-tiedPairs(groupsY)))
	null := tails{1, 1, 1, 1}
	switch {
	case math.IsNaN(t.Statistic):
		t.Warnings = append(t.Warnings, warn(NoVariation, "all values of a sample are equal"))
	case t.Exact:
		null = tailsOf(agreementMass(signX, signY, order), score+n*(n-1)/2)
	default:
		lgamma, _ := math.Lgamma(float64(n + 1))
		null = normalTails(float64(score), 0, math.Sqrt(kendallVariance(n, groupsX, groupsY)), 2, math.Exp(-lgamma))
	}
	t.P, t.MinP = null.p(alternative)
	return t.finish(), nil
}

// comparisons returns the sign of x[i] - x[j] for all i, j.
func comparisons(x []float64) [][]int {
	sign := make([][]int, len(x))
	for i := range x {
		sign[i] = make([]int, len(x))
		for j := range x {
			switch {
			case x[i] > x[j]:
				sign[i][j] = 1
			case x[i] < x[j]:
				sign[i][j] = -1
			}
		}
	}
	return sign
}

// agreement returns concordant minus discordant pairs with y in an order.
func agreement(signX, signY [][]int, order []int) int {
	score := 0
	for i := range order {
		for j := range i {
			score += signX[i][j] * signY[order[i]][order[j]]
		}
	}
	return score
}

// agreementMass returns the distribution of agreement plus n(n-1)/2 over all
// orders (Heap's algorithm); order is left permuted.
func agreementMass(signX, signY [][]int, order []int) []float64 {
	n := len(order)
	pairs := n * (n - 1) / 2
	count := make([]float64, 2*pairs+1)
	all := 0.0
	var permute func(k int)
	permute = func(k int) {
		if k <= 1 {
			count[agreement(signX, signY, order)+pairs]++
			all++
			return
		}
		for i := range k {
			permute(k - 1)
			if i == k-1 {
				break
			}
			j := 0
			if k%2 == 0 {
				j = i
			}
			order[j], order[k-1] = order[k-1], order[j]
		}
	}
	permute(n)
	for i := range count {
		count[i] /= all
	}
	return count
}

// tiedPairs counts the pairs within groups of equal values.
func tiedPairs(groups []int) float64 {
	pairs := 0
	for _, g := range groups {
		pairs += g * (g - 1) / 2
	}
	return float64(pairs)
}

// kendallVariance is the null variance of concordant - discordant with ties
// (Kendall 1948, ch. 4).
func kendallVariance(n int, groupsX, groupsY []int) float64 {
	sums := func(groups []int) (v, two, three float64) {
		for _, g := range groups {
			t := float64(g)
			v += t * (t - 1) * (2*t + 5)
			two += t * (t - 1)
			three += t * (t - 1) * (t - 2)
		}
		return v, two, three
	}
	m := float64(n)
	vx, twoX, threeX := sums(groupsX)
	vy, twoY, threeY := sums(groupsY)
	return (m*(m-1)*(2*m+5)-vx-vy)/18 + threeX*threeY/(9*m*(m-1)*(m-2)) + twoX*twoY/(2*m*(m-1))
}
