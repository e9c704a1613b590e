package stats_test

import (
	"errors"
	"testing"

	"gfnbench/report/stats"
)

// Darwin's differences in height of 15 pairs of maize, in eighths of an inch
// (Fisher, The Design of Experiments, 1935, §17).
var maize = []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}

// published is a test with a known result.
type published struct {
	name         string
	got          stats.Test
	statistic, p float64
}

func (p published) check(t *testing.T, exact bool) {
	t.Helper()
	near(t, p.name+": statistic", p.got.Statistic, p.statistic, 1e-13)
	tolerance := 1e-10
	if exact {
		tolerance = 1e-13
	}
	near(t, p.name+": p", p.got.P, p.p, tolerance)
	if p.got.Exact != exact || stats.Warned(p.got.Warnings, stats.Approximate) == exact {
		t.Errorf("%s: exact is %v, warnings %v", p.name, p.got.Exact, p.got.Warnings)
	}
}

func TestPublishedPairedTests(t *testing.T) {
	// Hollander & Wolfe 1973, p. 29 (R's example of wilcox.test): depression scores.
	first := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	second := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	depression := make([]float64, len(first))
	for i := range first {
		depression[i] = first[i] - second[i]
	}
	zeros := []float64{0, 0, 1, -1, 2, 3, -2, 4, 5, 5}
	tests := []published{
		// R: wilcox.test(d) prints V = 96, p-value = 0.04126; exactly 1352/2^15.
		{"maize, signed rank", must(stats.SignedRank(maize, stats.TwoSided)), 96, 1352. / 32768},
		{"maize, greater", must(stats.SignedRank(maize, stats.Greater)), 96, 676. / 32768},
		// R: V = 40, p-value = 0.01953.
		{"depression", must(stats.SignedRank(depression, stats.Greater)), 40, 0.01953125},
		// scipy 1.17.1: wilcoxon(d, "pratt", method=PermutationMethod(inf)), all 2^10 signs.
		{"Pratt", must(stats.SignedRank(zeros, stats.TwoSided)), 43, 0.09375},
		{"Pratt, greater", must(stats.SignedRank(zeros, stats.Greater)), 43, 0.046875},
	}
	for _, test := range tests {
		test.check(t, true)
	}
}

func TestPublishedTwoSampleTests(t *testing.T) {
	// Hollander & Wolfe 1973, p. 69 (R's example of wilcox.test): permeability.
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	tiedX, tiedY := []float64{1, 2, 2, 3, 5, 5}, []float64{2, 3, 4, 5, 6, 6, 7}
	tests := []published{
		// R: W = 35, p-value = 0.1272; all from scipy 1.17.1 mannwhitneyu(method="exact").
		{"permeability, greater", must(stats.MannWhitney(x, y, stats.Greater)), 35, 0.1272061272061272},
		{"permeability, less", must(stats.MannWhitney(x, y, stats.Less)), 35, 0.8967698967698967},
		{"permeability", must(stats.MannWhitney(x, y, stats.TwoSided)), 35, 0.2544122544122544},
		// scipy 1.17.1: permutation_test of the sum of mid-ranks, all 1716 splits.
		{"ties, less", must(stats.MannWhitney(tiedX, tiedY, stats.Less)), 9.5, 0.054778554778554776},
		{"ties, greater", must(stats.MannWhitney(tiedX, tiedY, stats.Greater)), 9.5, 0.9627039627039627},
		{"ties", must(stats.MannWhitney(tiedX, tiedY, stats.TwoSided)), 9.5, 0.10955710955710955},
		// By hand: x holds the three largest and one of the six ones, 6 splits of C(9,4).
		{"mostly tied", must(stats.MannWhitney([]float64{2, 1, 3, 5}, []float64{1, 1, 1, 1, 1}, stats.TwoSided)), 17.5, 12. / 126},
		{"all equal", must(stats.MannWhitney([]float64{1, 1}, []float64{1, 1, 1}, stats.TwoSided)), 3, 1},
		{"infinitely bad", must(stats.MannWhitney([]float64{inf, inf, 3}, []float64{1, 2}, stats.Greater)), 6, 0.1},
	}
	for _, test := range tests {
		test.check(t, true)
	}
}

func TestLargeSamplesUseTheNormalApproximation(t *testing.T) {
	x, y := make([]float64, 60), make([]float64, 70)
	for i := range x {
		x[i] = float64(i / 3)
	}
	for i := range y {
		y[i] = float64(i/3) + 2
	}
	d := make([]float64, 230)
	for i := range d {
		d[i] = float64(i*37%101-45) / 4
	}
	tests := []published{
		// scipy 1.17.1: mannwhitneyu(method="asymptotic").
		{"Mann-Whitney", must(stats.MannWhitney(x, y, stats.TwoSided)), 1458, 0.0027122902739243173},
		{"Mann-Whitney, less", must(stats.MannWhitney(x, y, stats.Less)), 1458, 0.0013561451369621586},
		// scipy 1.17.1: wilcoxon(method="asymptotic", correction=True); its statistic is W-.
		{"Pratt", must(stats.SignedRank(d, stats.TwoSided)), 26565 - 3 - 10866.5, 0.01686202956978182},
	}
	equal := make([]float64, 60)
	if flat := must(stats.MannWhitney(equal, equal, stats.TwoSided)); flat.P != 1 {
		t.Errorf("120 equal values: %+v", flat)
	}
	for _, test := range tests {
		test.check(t, false)
	}
}

func TestSmallestReachableP(t *testing.T) {
	tests := []struct {
		name      string
		got, want float64
	}{
		{"3 pairs", stats.PairedMinP(3, stats.TwoSided), 0.25},
		{"3 pairs, one-sided", stats.PairedMinP(3, stats.Less), 0.125},
		{"10 pairs", stats.PairedMinP(10, stats.TwoSided), 1. / 512},
		{"no pairs", stats.PairedMinP(0, stats.Greater), 1},
		{"3 and 3", stats.TwoSampleMinP(3, 3, stats.TwoSided), 0.1},
		{"4 and 4", stats.TwoSampleMinP(4, 4, stats.Greater), 1. / 70},
		{"1 and 1", stats.TwoSampleMinP(1, 1, stats.TwoSided), 1},
		{"none and 4", stats.TwoSampleMinP(0, 4, stats.TwoSided), 1},
		{"pairs for 0.05", float64(stats.PairsNeeded(0.05, stats.TwoSided)), 6},
		{"pairs for 0.05, one-sided", float64(stats.PairsNeeded(0.05, stats.Greater)), 5},
		{"pairs for 0.05/8", float64(stats.PairsNeeded(0.05/8, stats.Greater)), 8},
		{"pairs for nothing", float64(stats.PairsNeeded(0, stats.Greater)), 0},
		{"pairs for p ≤ 1", float64(stats.PairsNeeded(1, stats.Greater)), 1},
	}
	for _, test := range tests {
		near(t, test.name, test.got, test.want, 1e-15)
	}
	// The best data reach exactly these.
	three := must(stats.SignedRank([]float64{1, 2, 3}, stats.TwoSided))
	if three.P != 0.25 || three.MinP != 0.25 || !three.Underpowered(0.05) || !stats.Warned(three.Warnings, stats.TooFewSeeds) {
		t.Errorf("three agreeing pairs: %+v", three)
	}
	six := must(stats.SignedRank([]float64{1, 2, 3, 4, 5, 6}, stats.TwoSided))
	if six.P != 1./32 || six.MinP != 1./32 || six.Underpowered(0.05) || len(six.Warnings) != 0 {
		t.Errorf("six agreeing pairs: %+v", six)
	}
	// Ties cost power: six pairs, one of them zero, are five.
	if tied := must(stats.SignedRank([]float64{1, 2, 3, 4, 5, 0}, stats.TwoSided)); tied.MinP != 1./16 || !stats.Warned(tied.Warnings, stats.ZeroDifferences) {
		t.Errorf("six pairs with a zero: %+v", tied)
	}
}

func TestDegenerateTests(t *testing.T) {
	type test func(x []float64) (stats.Test, error)
	paired := map[string]test{
		"SignedRank":  func(x []float64) (stats.Test, error) { return stats.SignedRank(x, stats.TwoSided) },
		"MannWhitney": func(x []float64) (stats.Test, error) { return stats.MannWhitney(x, x, stats.TwoSided) },
	}
	for name, f := range paired {
		if _, err := f(nil); !errors.Is(err, stats.ErrTooFew) {
			t.Errorf("%s of nothing: %v", name, err)
		}
		if _, err := f([]float64{1, nan}); !errors.Is(err, stats.ErrNaN) {
			t.Errorf("%s of NaN: %v", name, err)
		}
		for _, x := range [][]float64{{0}, {0, 0, 0}} {
			if got, err := f(x); err != nil || got.P != 1 || got.MinP != 1 {
				t.Errorf("%s of %v: %+v, %v", name, x, got, err)
			}
		}
		if got, err := f([]float64{1, inf, -1}); err != nil {
			t.Errorf("%s of an infinity: %+v, %v", name, got, err)
		}
	}
}
