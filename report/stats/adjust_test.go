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
	// statsmodels 0.15.0: multipletests(p, method="holm").
	holm := []float64{.0015, .0056, .0247, .114, .2211, .278, .278, .278, .3213, 1, 1, 1, 1, 1, 1}
	nearAll(t, "Holm", must(stats.Holm(infarction)), holm, 1e-14)

	// By hand, out of order and with ties.
	nearAll(t, "Holm", must(stats.Holm([]float64{.04, .01, .03, .01})), []float64{.06, .04, .06, .04}, 1e-15)
	nearAll(t, "none", must(stats.Holm(nil)), nil, 0)
	nearAll(t, "one", must(stats.Holm([]float64{.03})), []float64{.03}, 0)
	for _, bad := range []float64{nan, -1e-9, 1.1, inf} {
		if _, err := stats.Holm([]float64{.5, bad}); !errors.Is(err, stats.ErrRange) {
			t.Errorf("p = %v: %v", bad, err)
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
		holm := must(stats.Holm(p))
		for i := range p {
			if holm[i] < p[i] || holm[i] > 1 {
				t.Fatalf("p %v, adjusted %v", p[i], holm[i])
			}
			for j := range p {
				if p[i] < p[j] && holm[i] > holm[j] || p[i] == p[j] && holm[i] != holm[j] {
					t.Fatalf("order of %v and %v is lost", p[i], p[j])
				}
			}
			// The adjusted p is the smallest level at which the method in its first form,
			// a sequence of rejections, rejects.
			near(t, "Holm", holm[i], smallestLevel(p, i), 1e-9)
		}
	})
}

// smallestLevel bisects for the level at which hypothesis i is first rejected. With p
// ascending, everything is rejected before the first p above its threshold, the level
// divided by the number of hypotheses that are left.
func smallestLevel(p []float64, i int) float64 {
	sorted := slices.Sorted(slices.Values(p))
	rejects := func(alpha float64) bool {
		last := -1.0
		for r, v := range sorted {
			if v > alpha/float64(len(p)-r) {
				break
			}
			last = v
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
