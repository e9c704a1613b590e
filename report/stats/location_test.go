package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func TestQuantile(t *testing.T) {
	oneToTen := []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	tests := []struct {
		name string
		x, p []float64
		want []float64
	}{
		// R 4: quantile(1:10) prints 1.00 3.25 5.50 7.75 10.00 (type 7).
		{"R quantile(1:10)", oneToTen, []float64{0, .25, .5, .75, 1}, []float64{1, 3.25, 5.5, 7.75, 10}},
		// numpy 2.4.6 quantile, its default method "linear" (type 7).
		{"numpy", []float64{15, 20, 35, 40, 50}, []float64{.05, .3, .4, .5, 1}, []float64{16, 23, 29, 35, 50}},
		{"numpy, ties", []float64{3, 1, 4, 1, 5, 9, 2, 6}, []float64{.1, .25, .9}, []float64{1, 1.75, 6.9}},
		{"one value", []float64{7}, []float64{0, .3, 1}, []float64{7, 7, 7}},
		{"none", nil, []float64{.5}, []float64{nan}},
		{"NaN", []float64{1, nan, 2}, []float64{.5}, []float64{nan}},
		{"p out of range", []float64{1, 2}, []float64{-.1, 1.1, nan}, []float64{nan, nan, nan}},
		{"infinite", []float64{1, 2, inf}, []float64{0, .5, .75, 1}, []float64{1, 2, inf, inf}},
		{"all infinite", []float64{inf, inf}, []float64{.5}, []float64{inf}},
		{"both infinities", []float64{-inf, inf}, []float64{0, .5, 1}, []float64{-inf, nan, inf}},
	}
	for _, test := range tests {
		before := slices.Clone(test.x)
		for i, p := range test.p {
			near(t, test.name, stats.Quantile(test.x, p), test.want[i], 1e-15)
		}
		for i := range before {
			near(t, test.name+": input", test.x[i], before[i], 0)
		}
	}
}

func TestLocation(t *testing.T) {
	tests := []struct {
		name                 string
		x                    []float64
		mean, sd, median, iq float64
	}{
		// SD by hand, Σ(x - mean)² over n-1. IQM: scipy 1.17.1 stats.trim_mean(x, 0.25).
		{"ten", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 50}, 9.5, math.Sqrt(1882.5 / 9), 5.5, 5.5},
		{"eleven", []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}, 4, math.Sqrt(56. / 10), 4, 3.857142857142857},
		{"three: nothing is cut", []float64{3, 1, 2}, 2, 1, 2, 2},
		{"four: one each end", []float64{0, 1, 3, 100}, 26, math.Sqrt(7306. / 3), 2, 2},
		{"one", []float64{4}, 4, nan, 4, 4},
		{"none", nil, nan, nan, nan, nan},
		{"NaN", []float64{1, nan}, nan, nan, nan, nan},
		{"infinite worst of four", []float64{1, 2, 4, inf}, inf, nan, 3, 3},
	}
	for _, test := range tests {
		near(t, test.name+": Mean", stats.Mean(test.x), test.mean, 1e-14)
		near(t, test.name+": SD", stats.SD(test.x), test.sd, 1e-13)
		near(t, test.name+": Median", stats.Median(test.x), test.median, 1e-14)
		near(t, test.name+": IQM", stats.IQM(test.x), test.iq, 1e-14)
	}
	near(t, "cut of a half", stats.TrimmedMean([]float64{1, 2}, 0.5), nan, 0)
}

func TestEqualValuesHaveThatMeanAndNoSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e9, 1e9).Draw(t, "value")
		x := slices.Repeat([]float64{v}, rapid.IntRange(2, 40).Draw(t, "n"))
		if stats.Mean(x) != v || stats.SD(x) != 0 || stats.IQM(x) != v || stats.Median(x) != v {
			t.Fatalf("mean %v, sd %v, iqm %v, median %v", stats.Mean(x), stats.SD(x), stats.IQM(x), stats.Median(x))
		}
	})
}

func TestOrderDoesNotMatterAndSummariesScale(t *testing.T) {
	summaries := map[string]func([]float64) float64{"mean": stats.Mean, "median": stats.Median, "iqm": stats.IQM,
		"quantile": func(x []float64) float64 { return stats.Quantile(x, .8) }}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 30).Draw(t, "x")
		y := rapid.Permutation(x).Draw(t, "y")
		z := make([]float64, len(x))
		for i := range x {
			z[i] = 3*x[i] + 7
		}
		for name, f := range summaries {
			near(t, name+" permuted", f(y), f(x), 1e-13)
			near(t, name+" of 3x+7", f(z), 3*f(x)+7, 1e-12)
			if v := f(x); v < slices.Min(x)-1e-12 || v > slices.Max(x)+1e-12 {
				t.Fatalf("%s = %v lies outside the data", name, v)
			}
		}
	})
}

func TestProfileOptimalityGapAndImprovement(t *testing.T) {
	tasks := [][]float64{{0.1, 0.2, 0.3, 0.4}, {0.5, nan}}
	// By hand: strictly below each threshold, mean of the two tasks' shares.
	nearAll(t, "Profile", stats.Profile(tasks, []float64{0.1, 0.25, 0.5, 1}, stats.LowerIsBetter), []float64{0, .25, .5, .75}, 1e-15)
	nearAll(t, "Profile, higher", stats.Profile(tasks, []float64{0.1, 0.25}, stats.HigherIsBetter), []float64{(.75 + .5) / 2, .5}, 1e-15)
	nearAll(t, "Profile of nothing", stats.Profile(nil, []float64{1}, stats.LowerIsBetter), []float64{nan}, 0)

	near(t, "gap, higher", stats.OptimalityGap([]float64{0.5, 1.5, 0.9}, 1, stats.HigherIsBetter), 0.6/3, 1e-15)
	near(t, "gap, lower", stats.OptimalityGap([]float64{0.5, 1.5, 0.9}, 0.6, stats.LowerIsBetter), 1.2/3, 1e-15)
	near(t, "gap of none", stats.OptimalityGap(nil, 1, stats.LowerIsBetter), nan, 0)
	near(t, "gap of NaN", stats.OptimalityGap([]float64{1, nan}, 1, stats.LowerIsBetter), nan, 0)

	// By hand: task 1 has pairs (1,2) win, (1,1) tie, (3,2) loss, (3,1) loss: 1.5/4;
	// task 2 is won.
	p := must(stats.ProbabilityOfImprovement([][]float64{{1, 3}, {0}}, [][]float64{{2, 1}, {5}}, stats.LowerIsBetter))
	near(t, "improvement", p, (0.375+1)/2, 1e-15)
	for name, y := range map[string][][]float64{"tasks": {{1}}, "no runs": {{1}, {}}, "NaN": {{1}, {nan}}} {
		if _, err := stats.ProbabilityOfImprovement([][]float64{{1}, {2}}, y, stats.LowerIsBetter); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestExtremes: neither mean nor SD of values near the ends of the range of numbers is lost on
// the way: both scale with their values, exactly by powers of two.
func TestExtremes(t *testing.T) {
	x := []float64{1, 1.5, 1.75, 1.0625}
	for _, power := range []int{-1000, -520, 520, 1023} {
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = math.Ldexp(v, power)
		}
		near(t, "mean", math.Ldexp(stats.Mean(y), -power), stats.Mean(x), 1e-15)
		near(t, "SD", math.Ldexp(stats.SD(y), -power), stats.SD(x), 1e-15)
	}
}
