package stats_test

import (
	"errors"
	"math"
	"testing"

	"gfnbench/report/stats"

	"pgregory.net/rapid"
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
	// Three members, four seeds; lower is better. Seed 2 has two bests, the last
	// seed's first member diverged.
	scores := [][]float64{{1, 5, 1, inf}, {2, 4, 1, 2}, {3, 3, 2, 3}}
	nearAll(t, "mean ranks", must(stats.MeanRanks(scores, stats.LowerIsBetter)), []float64{(1 + 3 + 1.5 + 3) / 4, (2 + 2 + 1.5 + 1) / 4, (3 + 1 + 3 + 2) / 4.}, 1e-15)
	nearAll(t, "best", must(stats.BestShare(scores, stats.LowerIsBetter)), []float64{1.5 / 4, 1.5 / 4, .25}, 1e-15)
	nearAll(t, "best, higher", must(stats.BestShare(scores, stats.HigherIsBetter)), []float64{.5, 0, .5}, 1e-15)
	for name, bad := range map[string][][]float64{"none": nil, "no seeds": {{}}, "ragged": {{1, 2}, {1}}, "NaN": {{1}, {nan}}} {
		_, ranks := stats.MeanRanks(bad, stats.LowerIsBetter)
		_, best := stats.BestShare(bad, stats.LowerIsBetter)
		_, page := stats.Page(bad, stats.LowerIsBetter)
		if ranks == nil || best == nil || page == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestKendall(t *testing.T) {
	// Hollander & Wolfe 1973, p. 187 (R's example of cor.test): lightness and
	// quality of tuna. R: T = 26, p-value = 0.1194, tau 0.4444444.
	lightness := []float64{44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1}
	quality := []float64{2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8}
	both := must(stats.Kendall(lightness, quality, stats.TwoSided))
	near(t, "tau", both.Statistic, 4./9, 1e-15)
	near(t, "p", both.P, 0.11943893298059964, 1e-12) // scipy 1.17.1 kendalltau, exact
	near(t, "p, greater", must(stats.Kendall(lightness, quality, stats.Greater)).P, 0.05971946649029982, 1e-12)

	// scipy 1.17.1 kendalltau, tau-b with ties; p by going through all 120 orders.
	ties := must(stats.Kendall([]float64{1, 2, 2, 3, 4}, []float64{1, 3, 2, 2, 5}, stats.Greater))
	near(t, "tau-b", ties.Statistic, 2./3, 1e-15)
	near(t, "p", ties.P, 0.1, 1e-15)

	// scipy 1.17.1 kendalltau(method="asymptotic") gives 0.000173309 without
	// continuity correction for tau = 6/7 and S = 54; with it z shrinks by 53/54.
	x, y := []float64{1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9}, []float64{2, 1, 3, 3, 4, 4, 6, 5, 8, 7, 9, 9}
	large := must(stats.Kendall(x, y, stats.TwoSided))
	near(t, "tau-b", large.Statistic, 6./7, 1e-15)
	near(t, "p", large.P, math.Erfc(math.Erfinv(1-0.00017330935111078575)*53/54), 1e-9)
	if large.Exact {
		t.Error("twelve pairs are not enumerated")
	}

	if flat := must(stats.Kendall([]float64{1, 1}, []float64{1, 2}, stats.TwoSided)); !math.IsNaN(flat.Statistic) || flat.P != 1 {
		t.Errorf("no order: %+v", flat)
	}
	for name, pair := range map[string][2][]float64{"lengths": {{1, 2}, {1}}, "one": {{1}, {1}}, "none": {}, "NaN": {{1, 2}, {nan, 1}}} {
		if _, err := stats.Kendall(pair[0], pair[1], stats.TwoSided); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPage(t *testing.T) {
	// scipy 1.17.1: page_trend_test(rows, method="exact"), rows being seeds.
	rows := [][]float64{{4, 1, 3, 5, 9}, {2, 6, 7, 8, 10}, {3, 2, 5, 4, 8}, {1, 2, 4, 3, 7}}
	page := must(stats.Page(transposed(rows), stats.LowerIsBetter))
	near(t, "L", page.Statistic, 214, 0)
	near(t, "p", page.P, 5.319733796296296e-05, 1e-15)
	near(t, "smallest p", page.MinP, math.Pow(120, -4), 1e-20)

	// The example of scipy's documentation, students' ratings of three classes, has
	// ties: L = 133.5. scipy's exact p, 0.00182, is that without ties.
	ratings := [][]float64{{3, 4, 3}, {2, 2, 4}, {3, 3, 5}, {1, 3, 2}, {2, 3, 2}, {2, 4, 5}, {1, 2, 4}, {3, 4, 4}, {2, 4, 5}, {1, 3, 4}}
	tied := must(stats.Page(transposed(ratings), stats.LowerIsBetter))
	near(t, "L", tied.Statistic, 133.5, 0)
	if !tied.Exact || tied.P > 0.00182 {
		t.Errorf("ratings: %+v", tied)
	}

	// 40 seeds are past the exact distribution: (L - mean)/sd by hand for three
	// members always in order, 14 each against a mean of 12 and a variance of 2.
	long := [][]float64{make([]float64, 40), make([]float64, 40), make([]float64, 40)}
	for s := range 40 {
		long[0][s], long[2][s] = 1, -1
	}
	normal := must(stats.Page(long, stats.HigherIsBetter))
	near(t, "p", normal.P/(math.Erfc(79.5/math.Sqrt(80)/math.Sqrt2)/2), 1, 1e-9)
	if _, err := stats.Page([][]float64{{1, 2}}, stats.LowerIsBetter); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("one member: %v", err)
	}
}

func transposed(rows [][]float64) [][]float64 {
	columns := make([][]float64, len(rows[0]))
	for _, row := range rows {
		for j, v := range row {
			columns[j] = append(columns[j], v)
		}
	}
	return columns
}
