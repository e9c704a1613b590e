package stats_test

import (
	"os"
	"strconv"
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
)

// TestCoverageOfTheBootstrap measures what FewSeeds says about intervals from
// few seeds.
func TestCoverageOfTheBootstrap(t *testing.T) {
	if os.Getenv("GFNBENCH_SOAK") == "" {
		t.Skip("long; set GFNBENCH_SOAK=1")
	}
	const trials = 20000
	for n, want := range map[int]float64{3: 0.74, 5: 0.83, 10: 0.90} {
		key := stream.NewKey("coverage", strconv.Itoa(n))
		normal := key.Stream("data", 0)
		hits := 0
		x := make([]float64, n)
		for trial := range trials {
			for i := range x {
				x[i] = normal.Normal()
			}
			b := stats.Bootstrap{Key: key.Derive(strconv.Itoa(trial)), Resamples: 1000}
			if in := must(b.Sample(x, stats.Mean)); in.Low <= 0 && 0 <= in.High {
				hits++
			}
		}
		got := float64(hits) / trials
		t.Logf("%d seeds: %.3f", n, got)
		near(t, "coverage from "+strconv.Itoa(n)+" seeds", got, want, 0.01)
	}
}
