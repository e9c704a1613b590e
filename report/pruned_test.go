package report_test

import (
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/results"
)

// TestTimesWithoutPruned checks that a run that halving ended early does not count in a
// time to a threshold and does not shorten what the others are compared on, whether or not it had reached the
// threshold.
func TestTimesWithoutPruned(t *testing.T) {
	threshold := 0.5
	for name, x := range map[string]struct {
		others, pruned []float64
		want           float64
	}{
		"reached": {[]float64{1, 0.9, 0.4, 0.3}, []float64{1, 0.4}, 20},
		"never":   {[]float64{1, 0.9, 0.8, 0.7}, []float64{1, 0.9}, 30},
	} {
		s := one(t, "steps-to", "mean", &threshold, func(seed int, r *results.Run) {
			reporttest.Curve(r, x.others...)
			if seed == 3 {
				reporttest.Curve(r, x.pruned...)
				r.Status = results.Pruned
			}
		})
		if s.N != 3 || s.Absent["pruned"] != 1 || s.Stat.Longest != 30 || s.Estimate != x.want {
			t.Errorf("%s: n %d, absent %v, longest %v, mean %v; want 3, one pruned, 30, %v", name, s.N, s.Absent, s.Stat.Longest, s.Estimate, x.want)
		}
	}
}
