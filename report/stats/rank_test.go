package stats_test

import (
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func TestRanks(t *testing.T) {
	nearAll(t, "ties", stats.Ranks([]float64{3, 1, 3, -inf, inf, 3}), []float64{4, 2, 4, 1, 6, 4}, 0)
	nearAll(t, "none", stats.Ranks(nil), nil, 0)
	nearAll(t, "NaN", stats.Ranks([]float64{1, nan}), []float64{nan, nan}, 0)
	rapid.Check(t, func(t *rapid.T) {
		x := tiedSample(t, "x", 1, 12)
		for i, r := range stats.Ranks(x) {
			want := 0.5
			for _, v := range x {
				if v < x[i] {
					want++
				} else if v == x[i] {
					want += 0.5
				}
			}
			near(t, "rank", r, want, 0)
		}
	})
}

func TestRankComparison(t *testing.T) {
	// Three members, four seeds; lower is better. Seed 2 has two best members, and the
	// first member diverged on the last seed.
	scores := [][]float64{{1, 5, 1, inf}, {2, 4, 1, 2}, {3, 3, 2, 3}}
	nearAll(t, "mean ranks", must(stats.MeanRanks(scores, stats.LowerIsBetter)), []float64{(1 + 3 + 1.5 + 3) / 4, (2 + 2 + 1.5 + 1) / 4, (3 + 1 + 3 + 2) / 4.}, 1e-15)
	nearAll(t, "mean ranks, higher", must(stats.MeanRanks(scores, stats.HigherIsBetter)), []float64{(3 + 1 + 2.5 + 1) / 4, (2 + 2 + 2.5 + 3) / 4, (1 + 3 + 1 + 2) / 4.}, 1e-15)
	for name, bad := range map[string][][]float64{"none": nil, "no seeds": {{}}, "ragged": {{1, 2}, {1}}, "NaN": {{1}, {nan}}} {
		if _, err := stats.MeanRanks(bad, stats.LowerIsBetter); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
