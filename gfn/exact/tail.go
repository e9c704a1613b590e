package exact

import (
	"math"
	"slices"

	"gfnbench/gfn/fmath"
)

// LargestTail is the largest tail index for which the mean of the terms is worth
// estimating. Above it the mean of any feasible number of terms is far from its
// expectation, and from 1 on there is no expectation (Vehtari et al., see TailIndex).
const LargestTail = 0.7

// minTail is the smallest number of terms in a tail.
const minTail = 5

// TailIndex estimates how heavy the upper tail of positive terms is, given their logs. It
// returns the shape k of the generalised Pareto distribution that fits the largest of
// them; E x^p is finite for p < 1/k. It returns NaN for fewer than 21 terms.
//
// References:
//
//	Zhang and Stephens: A new and efficient estimation method for the generalized
//	Pareto distribution. Technometrics 51, 2009 (the fit).
//	Vehtari et al.: Pareto smoothed importance sampling. Journal of Machine Learning
//	Research 25, 2024 (the length of the tail, a prior of 10 terms at ½, and 0.7).
func TailIndex(logs []float64) float64 {
	n := float64(len(logs))
	m := int(math.Ceil(min(n/5, 3*math.Sqrt(n))))
	if m < minTail {
		return math.NaN()
	}
	sorted := slices.Clone(logs)
	slices.Sort(sorted)
	top := sorted[len(sorted)-1]
	cut := fmath.Exp(sorted[len(sorted)-m-1] - top)
	tail := make([]float64, m)
	for i, x := range sorted[len(sorted)-m:] {
		tail[i] = fmath.Exp(x-top) - cut
	}
	if !(tail[m-1] > 0) || math.IsInf(top, 0) {
		return math.NaN() // all equal, or none finite
	}
	return (float64(paretoShape(tail)*float64(m)) + 5) / float64(m+10)
}

// paretoShape fits ascending excesses, of which the largest is positive.
func paretoShape(x []float64) float64 {
	n, prior := len(x), 3.0
	grid := 30 + int(math.Sqrt(float64(n)))
	quartile := x[int(float64(float64(n)/4)+0.5)-1]
	if quartile <= 0 {
		return math.Inf(1) // a few terms are immeasurably larger than all others
	}
	shape := func(theta float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += fmath.Log(1 - float64(theta*v))
		}
		return sum / float64(n)
	}
	thetas, profile := make([]float64, grid), make([]float64, grid)
	for j := range thetas {
		thetas[j] = 1/x[n-1] + (1-math.Sqrt(float64(grid)/(float64(j)+0.5)))/(prior*quartile)
		k := shape(thetas[j])
		profile[j] = float64(float64(n) * (fmath.Log(-thetas[j]/k) - k - 1))
	}
	top, weight, mean := slices.Max(profile), 0.0, 0.0
	for j, l := range profile {
		w := fmath.Exp(l - top)
		weight += w
		mean += float64(w * thetas[j])
	}
	return shape(mean / weight)
}
