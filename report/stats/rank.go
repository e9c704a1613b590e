package stats

import (
	"cmp"
	"math"
	"slices"
)

// Ranks returns the mid-ranks of x, 1 for the smallest; tied values share the
// mean of their ranks. Infinities are ordered. If x has a NaN, all ranks are
// NaN.
func Ranks(x []float64) []float64 {
	r := make([]float64, len(x))
	doubled, _ := doubledRanks(x)
	for i := range r {
		r[i] = float64(doubled[i]) / 2
		if doubled[i] == 0 {
			r[i] = math.NaN()
		}
	}
	return r
}

// doubledRanks returns twice the mid-ranks of x, which are integers, and the
// sizes of the groups of equal values in ascending order. The ranks are all
// zero if x has a NaN.
func doubledRanks(x []float64) (ranks, groups []int) {
	n := len(x)
	ranks = make([]int, n)
	if slices.ContainsFunc(x, math.IsNaN) {
		return ranks, nil
	}
	order := ascending(x)
	for i := 0; i < n; {
		j := i
		for j < n && x[order[j]] == x[order[i]] {
			j++
		}
		for _, o := range order[i:j] {
			ranks[o] = i + 1 + j // twice the mean of i+1 … j
		}
		groups = append(groups, j-i)
		i = j
	}
	return ranks, groups
}

// ascending returns the indices of x in ascending order of their values, equal
// values in the order given. x has no NaN.
func ascending(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	return order
}

// tieSum returns Σ(t³ - t) over the groups of equal values, the tie correction
// of rank variances.
func tieSum(groups []int) float64 {
	sum := 0.0
	for _, g := range groups {
		t := float64(g)
		sum += t*t*t - t
	}
	return sum
}

// RankByColumn ranks the members of a comparison for every seed. scores and the
// result are member × seed; rank 1 is the best, and ties get mid-ranks. It
// returns an error if the members differ in their number of seeds, or if a
// score is NaN; enter a diverged run as an infinitely bad score.
func RankByColumn(scores [][]float64, d Direction) ([][]float64, error) {
	if err := checkTable(scores); err != nil {
		return nil, err
	}
	ranks := make([][]float64, len(scores))
	for i := range ranks {
		ranks[i] = make([]float64, len(scores[0]))
	}
	column := make([]float64, len(scores))
	for s := range scores[0] {
		for i := range scores {
			column[i] = scores[i][s]
			if d == HigherIsBetter {
				column[i] = -column[i]
			}
		}
		for i, r := range Ranks(column) {
			ranks[i][s] = r
		}
	}
	return ranks, nil
}

// MeanRanks returns each member's rank averaged over seeds. scores is member ×
// seed, and rank 1 is best. Errors are as for [RankByColumn].
func MeanRanks(scores [][]float64, d Direction) ([]float64, error) {
	ranks, err := RankByColumn(scores, d)
	if err != nil {
		return nil, err
	}
	means := make([]float64, len(ranks))
	for i, r := range ranks {
		means[i] = Mean(r)
	}
	return means, nil
}
