package stats

import (
	"fmt"
	"slices"
)

// Holm returns the p-values of one family adjusted by Holm's step-down method
// (Holm 1979), in the order given: with the p ascending, the running maximum of
// (m-i)·p(i), i from 0, at most 1. Rejecting what is ≤ alpha bounds the chance
// of any false rejection by alpha, whatever the dependence. Equal p stay equal.
// An error if a p is NaN or outside [0, 1]; no p gives none.
func Holm(p []float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	worst := 0.0
	for i, o := range order {
		worst = max(worst, min(1, float64(len(p)-i)*p[o]))
		adjusted[o] = worst
	}
	return adjusted, nil
}

// BenjaminiHochberg returns the p-values of one family adjusted by the step-up
// method of Benjamini & Hochberg (1995), in the order given: with the p
// ascending, the running minimum from the largest down of m·p(i)/i, i from 1.
// Rejecting what is ≤ q bounds the expected share of false rejections by q for
// independent or positively dependent tests. Errors as for [Holm].
func BenjaminiHochberg(p []float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	best := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		best = min(best, p[order[i]]*(float64(len(p))/float64(i+1))) // a factor ≥ 1 never rounds below p
		adjusted[order[i]] = best
	}
	return adjusted, nil
}

// ascending returns the indices of p in ascending order of p, and refuses
// values that are no probabilities.
func ascending(p []float64) ([]int, error) {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("p[%d] = %v: %w: a p-value lies in [0, 1]; leave out tests that were not run", i, v, ErrRange)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	return order, nil
}
