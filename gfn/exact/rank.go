package exact

import (
	"math"
	"slices"
)

// RankCorrelation returns Spearman's correlation of x and y, which is Pearson's
// correlation of their mid-ranks. The standard error is that of n independent pairs,
// √(1.06/(n-3)) (1-ρ²) (Fieller, Hartley and Pearson: Tests for rank correlation
// coefficients I. Biometrika 44, 1957). Both are NaN if x or y is constant.
func RankCorrelation(x, y []float64) Estimate {
	a, b := midRanks(x), midRanks(y)
	mean := float64(float64(len(x)+1) / 2) // rounded, not fused
	var xx, yy, xy float64
	for i := range a {
		p, q := a[i]-mean, b[i]-mean
		xx += float64(p * p)
		yy += float64(q * q)
		xy += float64(p * q)
	}
	r := xy / math.Sqrt(float64(xx*yy))
	return Estimate{r, float64((1 - float64(r*r)) * math.Sqrt(1.06/float64(len(x)-3)))}
}

// midRanks returns ranks from 1; equal values get the mean of their ranks.
func midRanks(x []float64) []float64 {
	order, ranks := make([]int, len(x)), make([]float64, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case x[i] < x[j]:
			return -1
		case x[i] > x[j]:
			return 1
		}
		return i - j
	})
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return ranks
}
