package stats_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func TestPublishedEffects(t *testing.T) {
	// Hollander & Wolfe 1973, pp. 29 and 69 (R's examples of wilcox.test).
	first := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	second := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	depression := make([]float64, len(first))
	for i := range first {
		depression[i] = first[i] - second[i]
	}
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	tests := []struct {
		name               string
		effect             *stats.Effect
		low, high          float64 // levels
		estimate, from, to float64
		greater            float64
	}{
		// R: wilcox.test(first, second, paired = TRUE, conf.int = TRUE): 0.46, 0.010 to
		// 0.786; the fifth smallest sums have mass 10/512, the sixth 14/512.
		{"depression", must(stats.PairedShift(depression, 0)), .025, .025, .46, .010, .786, 10. / 512},
		// alternative = "greater": 0.175 to infinity.
		{"depression, one-sided", must(stats.PairedShift(depression, 0)), .05, 1e-9, .46, .175, inf, 10. / 512},
		// R: wilcox.test(x, y, conf.int = TRUE): 0.305, -0.15 to 0.76.
		{"permeability", must(stats.UnpairedShift(x, y, 0)), .025, .025, .305, -.15, .76, 0.1272061272061272},
		// numpy 2.4.6: the median of the 45 ratios of sums, and the sixth at each end.
		{"ratio", must(stats.PairedRatio(first, second, 1)), .025, .025, 1.305389221556886, 1.0077519379844961, 1.853813559322034, 10. / 512},
	}
	for _, test := range tests {
		in := must(test.effect.Interval(test.low, test.high))
		near(t, test.name, in.Estimate, test.estimate, 1e-12)
		near(t, test.name+": low", in.Low, test.from, 1e-12)
		near(t, test.name+": high", in.High, test.to, 1e-12)
		near(t, test.name+": p", test.effect.P(stats.Greater), test.greater, 1e-13)
	}
}

// TestIntervalAndTestAgree: the interval excludes the null value if and only if the test
// rejects it, whatever ties, zeros and failures there are.
func TestIntervalAndTestAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := tiedSample(t, "d", 1, 14)
		for i := range d {
			if rapid.IntRange(0, 9).Draw(t, "failed") == 0 {
				d[i] = rapid.SampledFrom([]float64{inf, -inf}).Draw(t, "infinity")
			}
		}
		null := float64(rapid.IntRange(-4, 4).Draw(t, "null")) / 4
		level := rapid.SampledFrom([]float64{.005, .025, .05, .2}).Draw(t, "level")
		var effect *stats.Effect
		switch rapid.SampledFrom([]string{"paired", "unpaired", "ratio"}).Draw(t, "test") {
		case "paired":
			effect = must(stats.PairedShift(d, null))
		case "unpaired":
			effect = must(stats.UnpairedShift(d, tiedSample(t, "other", 1, 10), null))
		default:
			for i, v := range d {
				d[i] = max(-4, min(4, v)) + 5
			}
			x := tiedSample(t, "x", len(d), len(d))
			for i := range x {
				x[i] += 3
			}
			effect = must(stats.PairedRatio(d, x, null+1))
			null++
		}
		in := must(effect.Interval(level, level))
		above, below := effect.Greater <= level, effect.Less <= level
		switch {
		case stats.Warned(in.Warnings, stats.Undefined): // too many failed
		case !in.Given() && (above || below):
			t.Fatalf("p %v and %v beside no interval", effect.Greater, effect.Less)
		case !in.Given():
		case above && !(null <= in.Low), !above && !(in.Low <= null):
			t.Fatalf("p %v at level %v beside %+v, null %v", effect.Greater, level, in, null)
		case below && !(in.High <= null), !below && !(null <= in.High):
			t.Fatalf("p %v at level %v beside %+v, null %v", effect.Less, level, in, null)
		}
	})
}

// TestShiftsMoveWithTheData: moving all values moves estimate and interval.
func TestShiftsMoveWithTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := tiedSample(t, "x", 6, 14)
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = v + 64
		}
		for _, null := range []float64{0, 1} { // the tested value does not matter
			one, other := must(must(stats.PairedShift(x, null)).Interval(.025, .025)), must(must(stats.PairedShift(moved, 60)).Interval(.025, .025))
			near(t, "estimate", other.Estimate, one.Estimate+64, 1e-12)
			near(t, "low", other.Low, one.Low+64, 1e-9)
			near(t, "high", other.High, one.High+64, 1e-9)
		}
	})
}

func TestEffectErrors(t *testing.T) {
	_, none := stats.PairedShift(nil, 0)
	_, null := stats.PairedShift([]float64{1}, inf)
	_, lengths := stats.PairedRatio([]float64{1}, []float64{1, 2}, 1)
	_, zero := stats.PairedRatio([]float64{1}, []float64{0}, 1)
	_, failed := stats.PairedRatio([]float64{inf}, []float64{1}, 1)
	_, empty := stats.UnpairedShift([]float64{1}, nil, 0)
	_, level := must(stats.PairedShift([]float64{1}, 0)).Interval(0, .05)
	for i, want := range []error{stats.ErrTooFew, stats.ErrRange, stats.ErrLength, stats.ErrRange, stats.ErrInfinite, stats.ErrTooFew, stats.ErrRange} {
		if err := []error{none, null, lengths, zero, failed, empty, level}[i]; !errors.Is(err, want) {
			t.Errorf("%d: %v, want %v", i, err, want)
		}
	}
	// A failure on one side of every pair leaves no finite shift.
	bad := must(stats.PairedShift([]float64{inf, inf, inf, inf, inf, inf}, 0))
	if in := must(bad.Interval(.025, .025)); in.Given() || !math.IsInf(bad.Estimate, 1) || bad.Greater != 1./64 {
		t.Errorf("all failed: %+v", in)
	}
}
