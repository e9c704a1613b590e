package report_test

import (
	"math"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestLevelOverInstances simulates two arms that are equal over the population of
// instances but differ by a standard deviation of 1 on each, with 0.5 more from seeds.
// Over eight instances with three seeds each, the one-sided test at 0.05 rejects at its
// exact level, the share of the 2^8 sign patterns with so large a W. The same test over
// all seeds, taken as 24 pairs, rejects three times as often, because seeds of one
// instance say nothing about another.
func TestLevelOverInstances(t *testing.T) {
	const sets, instances, seeds = 4000, 8, 3
	rng := stream.NewKey("population").Stream("values", 0)
	row := func(instance, seed int) *report.Row {
		return &report.Row{Run: &results.Run{Cell: results.Cell{Seed: int64(seed), Params: []results.Param{{Name: param.Instance, Value: param.Of(instance)}}}}}
	}
	var rows []*report.Row
	for k := range instances {
		for s := range seeds {
			rows = append(rows, row(k, s))
		}
	}
	over, pooled := 0, 0
	for range sets {
		var a, b []report.Score
		var d []float64
		for k := range instances {
			effect := rng.Normal()
			for s := range seeds {
				x, y := effect+0.5*rng.Normal(), 0.0
				a = append(a, report.Score{Row: rows[seeds*k+s], Value: x})
				b = append(b, report.Score{Row: rows[seeds*k+s], Value: y})
				d = append(d, x-y)
			}
		}
		var means []float64
		for _, p := range report.PairUnits(a, b, suites.OverInstances) {
			means = append(means, p[0]-p[1])
		}
		if report.SignedRank(means, stats.Greater) <= stats.Level {
			over++
		}
		if report.SignedRank(d, stats.Greater) <= stats.Level {
			pooled++
		}
	}
	// P(W ≥ 31) for eight ranks: 10 of 256 subsets of distinct ranks sum to at most 36 -
	// 31 = 5 (0, 1, 2, 3, 1+2, 4, 1+3, 5, 1+4, 2+3).
	level := 10. / 256
	if share := float64(over) / sets; math.Abs(share-level) > 3*math.Sqrt(level*(1-level)/sets) {
		t.Errorf("over instances %v are rejected, want %v", share, level)
	}
	if share := float64(pooled) / sets; share < 2*stats.Level {
		t.Errorf("seeds of all instances as one sample reject %v only", share)
	}
}
