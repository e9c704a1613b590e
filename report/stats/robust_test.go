package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

// TestNothingPanics gives every function samples of any length, with NaN,
// infinities and values near the limits of float64: what comes back is an error
// or a result whose p, if there is one, is a probability.
func TestNothingPanics(t *testing.T) {
	number := rapid.SampledFrom([]float64{0, 1, 1, 2, 3, -1, -2, nan, inf, -inf, math.MaxFloat64, -math.MaxFloat64, 5e-324, 0.1})
	rapid.Check(t, func(t *rapid.T) {
		// Draw the arguments.
		sample := func(name string) []float64 { return rapid.SliceOfN(number, 0, 5).Draw(t, name) }
		x, y, one := sample("x"), sample("y"), number.Draw(t, "one")
		alternative := alternatives.Draw(t, "alternative")
		direction := rapid.SampledFrom([]stats.Direction{stats.LowerIsBetter, stats.HigherIsBetter}).Draw(t, "direction")
		times := func(x []float64) (d []stats.Duration) {
			for i, v := range x {
				d = append(d, stats.Duration{Time: v, Observed: i%2 == 0})
			}
			return d
		}
		check := func(name string, test stats.Test, err error) {
			if err != nil {
				return
			}
			if !(test.P > 0 && test.P <= 1 && test.MinP >= 0 && test.MinP <= 1) {
				t.Fatalf("%s: %+v", name, test)
			}
		}
		// Tests.
		test, err := stats.MannWhitney(x, y, alternative)
		check("MannWhitney", test, err)
		test, err = stats.SignedRank(x, alternative)
		check("SignedRank", test, err)

		// Summaries.
		if km, err := stats.KaplanMeier(times(x)); err == nil {
			km.At(one)
			_, _ = km.RestrictedMean(one)
		}
		for _, f := range []func([]float64) float64{stats.Mean, stats.SD, stats.Median, stats.IQM} {
			f(x)
		}
		stats.Quantile(x, one)
		stats.TrimmedMean(x, one)
		stats.OptimalityGap(x, one, direction)
		stats.Profile([][]float64{x, y}, y, direction)
		tasks := [][]float64{x, y}
		_, _ = stats.ProbabilityOfImprovement(tasks, tasks, direction)
		_, _ = stats.MeanRanks(tasks, direction)
		_, _ = stats.AUC(x, y)
		_, _ = stats.OnGrid(x, x, y)
		_, _ = stats.FirstCrossing(x, x, one, direction, 5)
		_, _ = stats.Holm(x)
		// Intervals.
		coverage := rapid.SampledFrom([]float64{0, .5, .95, 1, nan}).Draw(t, "coverage")
		scale := rapid.SampledFrom([]stats.Scale{stats.Linear, stats.Logarithmic}).Draw(t, "scale")
		for _, cut := range []float64{0, .25, one} {
			in, err := stats.TrimmedMeanInterval(x, cut, scale, coverage)
			if err == nil && in.Given() && !(in.Low <= in.High) && slices.Max(x) < math.MaxFloat64 && slices.Min(x) > -math.MaxFloat64 {
				t.Fatalf("%v: %+v", x, in)
			}
		}
		_, _ = stats.MedianInterval(x, coverage)
		_, _ = stats.RestrictedMeanInterval(times(x), one, coverage)
		for _, f := range []func() (*stats.Effect, error){
			func() (*stats.Effect, error) { return stats.PairedShift(x, one) },
			func() (*stats.Effect, error) { return stats.PairedRatio(x, y, one) },
			func() (*stats.Effect, error) { return stats.UnpairedShift(x, y, one) },
		} {
			if effect, err := f(); err == nil {
				_, _ = effect.Interval(coverage/2, 0.1)
			}
		}
	})
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		stats.TwoSided.String():                                       "two-sided",
		stats.Less.String():                                           "less",
		stats.Greater.String():                                        "greater",
		stats.LowerIsBetter.String():                                  "lower is better",
		stats.HigherIsBetter.String():                                 "higher is better",
		stats.WarningKind(99).String():                                "warning 99",
		stats.Warning{Kind: stats.Undefined, Text: "no T"}.String():   "undefined: no T",
		stats.Warning{Kind: stats.NoVariation, Text: "flat"}.String(): "no variation: flat",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
