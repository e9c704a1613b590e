package stats_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

// The 15 p-values of Benjamini & Hochberg 1995.
var infarction = []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0}

func TestAdjust(t *testing.T) {
	// statsmodels 0.15.0: multipletests(p, method="fdr_bh") and method="holm".
	bh := []float64{.0015, .003, .0095, .035625, .0603, .06385714285714286, .06385714285714286, .0645, .0765, .486, .5811818181818182, .714875, .7532307692307693, .8132142857142857, 1}
	holm := []float64{.0015, .0056, .0247, .114, .2211, .278, .278, .278, .3213, 1, 1, 1, 1, 1, 1}
	nearAll(t, "Benjamini-Hochberg", must(stats.BenjaminiHochberg(infarction)), bh, 1e-14)
	nearAll(t, "Holm", must(stats.Holm(infarction)), holm, 1e-14)

	// The paper: at 0.05 four are rejected, those with the four smallest p.
	rejected := 0
	for _, p := range must(stats.BenjaminiHochberg(infarction)) {
		if p <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejected at 0.05, the paper rejects 4", rejected)
	}

	// By hand, out of order and with ties.
	nearAll(t, "Holm", must(stats.Holm([]float64{.04, .01, .03, .01})), []float64{.06, .04, .06, .04}, 1e-15)
	nearAll(t, "Benjamini-Hochberg", must(stats.BenjaminiHochberg([]float64{.04, .01, .03, .01})), []float64{.04, .02, .04, .02}, 1e-15)
	for _, f := range []func([]float64) ([]float64, error){stats.Holm, stats.BenjaminiHochberg} {
		nearAll(t, "none", must(f(nil)), nil, 0)
		nearAll(t, "one", must(f([]float64{.03})), []float64{.03}, 0)
		for _, bad := range []float64{nan, -1e-9, 1.1, inf} {
			if _, err := f([]float64{.5, bad}); !errors.Is(err, stats.ErrRange) {
				t.Errorf("p = %v: %v", bad, err)
			}
		}
	}
}

func TestAdjustedKeepOrderAndFollowTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.SliceOfN(rapid.IntRange(0, 20), 1, 12).Draw(t, "p")
		p := make([]float64, len(tenths))
		for i, v := range tenths {
			p[i] = float64(v) / 20
		}
		holm, bh := must(stats.Holm(p)), must(stats.BenjaminiHochberg(p))
		for i := range p {
			if holm[i] < bh[i]-1e-15 || bh[i] < p[i] || holm[i] > 1 {
				t.Fatalf("p %v, BH %v, Holm %v", p[i], bh[i], holm[i])
			}
			for j := range p {
				if p[i] < p[j] && (holm[i] > holm[j] || bh[i] > bh[j]) || p[i] == p[j] && (holm[i] != holm[j] || bh[i] != bh[j]) {
					t.Fatalf("order of %v and %v is lost", p[i], p[j])
				}
			}
			// The adjusted p is the smallest level at which the method in its first form,
			// a sequence of rejections, rejects.
			near(t, "Holm", holm[i], smallestLevel(p, i, func(alpha float64, rank, m int) float64 { return alpha / float64(m-rank+1) }, false), 1e-9)
			near(t, "BH", bh[i], smallestLevel(p, i, func(alpha float64, rank, m int) float64 { return alpha * float64(rank) / float64(m) }, true), 1e-9)
		}
	})
}

// smallestLevel bisects for the level at which hypothesis i is first rejected. With p
// ascending and a threshold for each rank, step-up rejects everything up to the last p at
// or below its threshold, and step-down everything before the first p above its
// threshold.
func smallestLevel(p []float64, i int, threshold func(alpha float64, rank, m int) float64, stepUp bool) float64 {
	sorted := slices.Sorted(slices.Values(p))
	rejects := func(alpha float64) bool {
		last := -1.0
		for r, v := range sorted {
			if v <= threshold(alpha, r+1, len(p)) {
				last = v
			} else if !stepUp {
				break
			}
		}
		return p[i] <= last
	}
	low, high := 0.0, 1.0
	if rejects(0) {
		return 0
	}
	for range 60 {
		if mid := (low + high) / 2; rejects(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
