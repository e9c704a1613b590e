package stats_test

import (
	"fmt"
	"math"

	"gfnbench/report/stats"
)

// L1 errors of two objectives on the same ten seeds.
var (
	divergence = []float64{.031, .028, .035, .030, .027, .033, .029, .034, .026, .032}
	balance    = []float64{.071, .064, .069, .078, .066, .074, .070, .065, .073, .068}
)

// The interquartile mean over seeds with its interval.
func ExampleIQMInterval() {
	in, err := stats.IQMInterval(divergence, stats.Logarithmic, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f [%.4f, %.4f]\n", in.Estimate, in.Low, in.High)
	// Output: 0.0305 [0.0276, 0.0337]
}

// No interval of a median from five seeds reaches 95%, and none from three is
// worth giving.
func ExampleMedianInterval() {
	for _, n := range []int{5, 3} {
		in, err := stats.MedianInterval(divergence[:n], 0.95)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f [%.3f, %.3f] %v\n", in.Estimate, in.Low, in.High, in.Warnings)
	}
	// Output:
	// 0.030 [0.027, 0.035] [too few seeds: the range of 5 seeds covers the median in 93.75%, not 95%]
	// 0.031 [NaN, NaN] [too few seeds: no interval: the range of 3 seeds covers the median in 75% only]
}

// How much better is one objective than another on the same seeds? The interval agrees
// with the p beside it.
func ExamplePairedShift() {
	differences := make([]float64, len(balance))
	for i := range balance {
		differences[i] = divergence[i] - balance[i]
	}
	shift, err := stats.PairedShift(differences, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := shift.Interval(0.025, 0.025)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f [%.4f, %.4f], p = %.4f\n", in.Estimate, in.Low, in.High, shift.P(stats.TwoSided))
	// Output: -0.0390 [-0.0435, -0.0355], p = 0.0020
}

// How large a difference do ten seeds find in four of five cases, alone and as one of 28
// comparisons, and how many seeds find one standard deviation?
func ExampleSignedRankPower() {
	for _, family := range []float64{1, 28} {
		power := stats.SignedRankPower(10, 0.05/family)
		fmt.Printf("one sd is found with probability %.2f, %.1f sd with 0.8; one sd needs %d seeds\n",
			power.Of(1), power.Detectable(0.8), stats.PairsForPower(1, 0.8, 0.05/family))
	}
	// Output:
	// one sd is found with probability 0.86, 0.9 sd with 0.8; one sd needs 9 seeds
	// one sd is found with probability 0.18, 2.0 sd with 0.8; one sd needs 19 seeds
}

// A mean that one bad seed does not move: the middle half of the values.
func ExampleIQM() {
	scores := []float64{.031, .028, .035, .030, .027, .033, .029, .9}
	fmt.Printf("mean %.3f, IQM %.3f\n", stats.Mean(scores), stats.IQM(scores))
	// Output: mean 0.139, IQM 0.031
}

// Is one objective better than another on the same seeds, whatever the size of
// the differences? A run that diverged counts as infinitely bad.
func ExampleSignedRank() {
	differences := []float64{-.04, -.036, -.034, -.048, math.Inf(-1), .002}
	test, err := stats.SignedRank(differences, stats.Less)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("W+ = %v, p = %.4f, at least %.4f with %d pairs\n", test.Statistic, test.P, test.MinP, test.N)
	// Output: W+ = 1, p = 0.0312, at least 0.0156 with 6 pairs
}

// How many seeds does a paired comparison need to show anything at all, alone and as one
// of eight that Holm's method adjusts?
func ExamplePairsNeeded() {
	fmt.Println(stats.PairsNeeded(0.05, stats.TwoSided), stats.PairsNeeded(0.05/8, stats.TwoSided))
	// Output: 6 9
}

// A diverged run is entered as infinitely bad, not left out.
func ExampleMannWhitney() {
	diverged := append([]float64{}, balance...)
	diverged[0] = inf
	test, err := stats.MannWhitney(divergence, diverged, stats.TwoSided)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("U = %g, p = %.2g, exact: %v\n", test.Statistic, test.P, test.Exact)
	// Output: U = 0, p = 1.1e-05, exact: true
}

func ExampleHolm() {
	adjusted, err := stats.Holm([]float64{0.010, 0.040, 0.030})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", adjusted)
	// Output: [0.03 0.06 0.06]
}

// Steps to an L1 of 0.1 in five runs of 1000 steps, one of which never got there.
func ExampleKaplanMeier() {
	steps := []float64{0, 250, 500, 750, 1000}
	runs := [][]float64{
		{1.2, .30, .08, .05, .04},
		{1.2, .09, .07, .05, .05},
		{1.2, .40, .20, .09, .07},
		{1.2, .60, .50, .40, .30},
		{1.2, .35, .10, .06, .05},
	}
	var durations []stats.Duration
	for _, values := range runs {
		d, err := stats.FirstCrossing(steps, values, 0.1, stats.LowerIsBetter, 1000)
		if err != nil {
			fmt.Println(err)
			return
		}
		durations = append(durations, d)
	}
	km, err := stats.KaplanMeier(durations)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, err := km.RestrictedMean(1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("restricted mean %.0f ± %.0f steps, censored %d of %d\n", mean.Mean, mean.StdErr, km.Censored, km.N)
	// Output: restricted mean 600 ± 114 steps, censored 1 of 5
}

func ExampleProfile() {
	tasks := [][]float64{divergence, balance}
	fmt.Println(stats.Profile(tasks, []float64{.03, .05, .07, .08}, stats.LowerIsBetter))
	// Output: [0.2 0.5 0.75 1]
}
