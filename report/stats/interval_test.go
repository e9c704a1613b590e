package stats_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func TestPublishedIntervals(t *testing.T) {
	height := []float64{.31, .12, .43, .27, .19, .33, .28, .41, .22, .36}
	signed := make([]float64, len(height))
	for i, v := range height {
		signed[i] = v - .3
	}
	// Self-awareness of 19 couples, Dana 1990, in Wilcox, Introduction to Robust
	// Estimation and Hypothesis Testing.
	awareness := []float64{77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611}
	shifted := make([]float64, len(awareness))
	for i, v := range awareness {
		shifted[i] = v - 300
	}
	tests := []struct {
		name                string
		got                 stats.Interval
		estimate, low, high float64
	}{
		// scipy 1.17.1: t.interval(0.95, 9, mean, sem).
		{"mean", must(stats.MeanInterval(signed, stats.Linear, .95)), -.008, -0.07758559511586398, 0.061585595115864},
		// numpy 2.4.6 by the formulas, with scipy's t. The logarithms have variance
		// 0.15048; the coefficient of variation allows 0.15786.
		{"mean of positive values", must(stats.MeanInterval(height, stats.Logarithmic, .95)), .292, 0.23008457752096248, 0.38979523253627607},
		// The standard error 44.10 is that of scipy 1.17.1's ttest_ind(trim=.25).
		{"trimmed mean", must(stats.IQMInterval(shifted, stats.Linear, .95)), 276.90909090909093 - 300, -121.36149090752801, 75.17967272570988},
		{"trimmed mean of positive values", must(stats.IQMInterval(awareness, stats.Logarithmic, .95)), 276.90909090909093, 194.18384157694666, 394.87654588249944},
		// scipy 1.17.1 binom.cdf: of 10 values the second at each end, 97.85%; of 19 the fifth.
		{"median of 10", must(stats.MedianInterval(height, .95)), .295, .19, .41},
		{"median of 19", must(stats.MedianInterval(awareness, .95)), 262, 151, 428},
		{"median with failures", must(stats.MedianInterval([]float64{1, 2, 3, 4, 5, inf}, .95)), 3.5, 1, inf},
	}
	for _, test := range tests {
		near(t, test.name, test.got.Estimate, test.estimate, 1e-12)
		near(t, test.name+": low", test.got.Low, test.low, 1e-11)
		near(t, test.name+": high", test.got.High, test.high, 1e-11)
		if len(test.got.Warnings) > 0 {
			t.Errorf("%s: %v", test.name, test.got.Warnings)
		}
	}
	near(t, "level of 10", tests[4].got.Coverage, 0.978515625, 1e-14)
}

// TestWithheldIntervals: if no interval is given, a warning says why.
func TestWithheldIntervals(t *testing.T) {
	tests := []struct {
		name string
		got  stats.Interval
		want stats.WarningKind
	}{
		{"mean of two", must(stats.MeanInterval([]float64{1, 2}, stats.Logarithmic, .95)), stats.TooFewSeeds},
		{"equal values", must(stats.MeanInterval([]float64{3, 3, 3, 3}, stats.Logarithmic, .95)), stats.NoVariation},
		{"equal after trimming", must(stats.IQMInterval([]float64{1, 3, 3, 3, 9}, stats.Logarithmic, .95)), stats.NoVariation},
		{"infinite mean", must(stats.MeanInterval([]float64{1, 2, inf}, stats.Logarithmic, .95)), stats.Undefined},
		{"more failures than are trimmed", must(stats.IQMInterval([]float64{1, 2, 3, inf, inf}, stats.Logarithmic, .95)), stats.Undefined},
		{"median of four", must(stats.MedianInterval([]float64{1, 2, 3, 4}, .95)), stats.TooFewSeeds},
		{"nothing got there", must(stats.RestrictedMeanInterval(durations(-9, -9, -9), 9, .95)), stats.NoVariation},
		{"two durations", must(stats.RestrictedMeanInterval(durations(5, -9), 9, .95)), stats.TooFewSeeds},
		{"a third failed", must(must(stats.PairedShift([]float64{1, 2, 3, inf, inf, -inf, 4, 5, 6}, 0)).Interval(.025, .025)), stats.Undefined},
		{"three pairs", must(must(stats.PairedShift([]float64{1, 2, 3}, 0)).Interval(.025, .025)), stats.TooFewSeeds},
	}
	for _, test := range tests {
		if test.got.Given() || !stats.Warned(test.got.Warnings, test.want) {
			t.Errorf("%s: %+v", test.name, test.got)
		}
	}
	if one := must(stats.IQMInterval([]float64{1, 2, 3, 4, inf}, stats.Logarithmic, .95)); !one.Given() || one.Estimate != 3 {
		t.Errorf("one failure is trimmed: %+v", one)
	}
	_, none := stats.MeanInterval(nil, stats.Logarithmic, .95)
	_, bad := stats.MedianInterval([]float64{1, nan}, .95)
	_, coverage := stats.IQMInterval([]float64{1, 2}, stats.Logarithmic, 95)
	if !errors.Is(none, stats.ErrTooFew) || !errors.Is(bad, stats.ErrNaN) || !errors.Is(coverage, stats.ErrRange) {
		t.Errorf("%v, %v, %v", none, bad, coverage)
	}
}

// TestRestrictedMeanIntervalWithoutCensoring: the pseudo-values are the times,
// cut at the horizon.
func TestRestrictedMeanIntervalWithoutCensoring(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ints := rapid.SliceOfN(rapid.IntRange(1, 12), 3, 20).Draw(t, "times")
		horizon := float64(rapid.IntRange(1, 12).Draw(t, "horizon"))
		x, cut := make([]stats.Duration, len(ints)), make([]float64, len(ints))
		for i, v := range ints {
			x[i] = stats.Duration{Time: float64(v), Observed: true}
			cut[i] = min(float64(v), horizon)
		}
		got, want := must(stats.RestrictedMeanInterval(x, horizon, .95)), must(stats.MeanInterval(cut, stats.Logarithmic, .95)).Within(0, horizon)
		near(t, "mean", got.Estimate, want.Estimate, 1e-11)
		near(t, "low", got.Low, want.Low, 1e-9)
		near(t, "high", got.High, want.High, 1e-9)
	})
}

// TestIntervalsScaleAndNest: changing the unit changes the interval accordingly, and a
// larger coverage gives a wider one.
func TestIntervalsScaleAndNest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(.01, 9), 5, 20).Draw(t, "x")
		if rapid.Bool().Draw(t, "signed") {
			x[0] = -x[0]
		}
		scale := rapid.SampledFrom([]stats.Scale{stats.Linear, stats.Logarithmic}).Draw(t, "scale")
		f := rapid.SampledFrom([]func([]float64, float64) (stats.Interval, error){
			func(x []float64, c float64) (stats.Interval, error) { return stats.MeanInterval(x, scale, c) },
			func(x []float64, c float64) (stats.Interval, error) { return stats.IQMInterval(x, scale, c) },
			stats.MedianInterval,
		}).Draw(t, "summary")
		scaled := make([]float64, len(x))
		for i, v := range x {
			scaled[i] = 1000 * v
		}
		one, other, inner := must(f(x, .95)), must(f(scaled, .95)), must(f(x, .5))
		near(t, "low", other.Low, 1000*one.Low, 1e-9)
		near(t, "high", other.High, 1000*one.High, 1e-9)
		if one.Given() && !(one.Low <= inner.Low && inner.Low <= inner.High && inner.High <= one.High) {
			t.Fatalf("50%% %+v, 95%% %+v", inner, one)
		}
	})
}
