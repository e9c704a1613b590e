package stats

import (
	"math"
	"slices"
)

// A BestOf is the best of k settings drawn from those that were tried.
type BestOf struct {
	K         int     // settings drawn
	Mean      float64 // expected score of the best of them
	Low, High float64 // range that holds the best in 95% of draws
}

// BestOfK returns the expected score of the best of k = 1, 2, ..., n settings, drawn
// independently and with replacement from n that were tried (Dodge et al. 2019, equation
// 8). With the scores sorted from the worst, the best of k is the i-th with probability
// (i/n)^k - ((i-1)/n)^k. A NaN is a setting without a score and counts as the worst of
// those that have one. If none has a score, BestOfK returns nil.
func BestOfK(scores []float64, better Direction) []BestOf {
	order := slices.DeleteFunc(slices.Clone(scores), math.IsNaN)
	if len(order) == 0 {
		return nil
	}
	slices.Sort(order)
	if better == LowerIsBetter {
		slices.Reverse(order)
	}
	n := len(scores)
	order = append(slices.Repeat(order[:1], n-len(order)), order...)
	list := make([]BestOf, n)
	for k := 1; k <= n; k++ {
		at := func(i int) float64 { return math.Pow(float64(i)/float64(n), float64(k)) }
		quantile := func(q float64) float64 {
			i := 1
			for i < n && at(i) < q {
				i++
			}
			return order[i-1]
		}
		b := BestOf{K: k, Low: quantile(Level / 2), High: quantile(1 - Level/2)}
		if better == LowerIsBetter {
			b.Low, b.High = b.High, b.Low
		}
		for i := 1; i <= n; i++ {
			b.Mean += float64((at(i) - at(i-1)) * order[i-1])
		}
		list[k-1] = b
	}
	return list
}

// Epsilon2 returns the share of the variance of values that lies between their groups, ε²
// (Kelley 1935). It is the share from the one-way analysis of variance, corrected for
// what groups take up by chance, and at least 0. It is NaN if there are too few values or
// groups, or if all values are equal.
func Epsilon2(values []float64, groups []int) float64 {
	n := len(values)
	sums, counts := make(map[int]float64), make(map[int]int)
	var order []int
	for i, g := range groups {
		if counts[g] == 0 {
			order = append(order, g)
		}
		sums[g] += values[i]
		counts[g]++
	}
	k := len(order)
	if k < 2 || n <= k {
		return math.NaN()
	}
	mean, total, within := Mean(values), 0.0, 0.0
	for i, v := range values {
		d, w := v-mean, v-sums[groups[i]]/float64(counts[groups[i]])
		total += float64(d * d)
		within += float64(w * w)
	}
	if total == 0 {
		return math.NaN()
	}
	return max(0, 1-within/float64(n-k)*float64(n-1)/total)
}
