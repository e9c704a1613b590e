package stats_test

import (
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
)

func BenchmarkMannWhitney50(b *testing.B) {
	s := stream.NewKey("bench").Stream("samples", 0)
	x, y := make([]float64, 50), make([]float64, 50)
	for i := range x {
		x[i], y[i] = s.Float64(), s.Float64()
	}
	for b.Loop() {
		if _, err := stats.MannWhitney(x, y, stats.TwoSided); err != nil {
			b.Fatal(err)
		}
	}
}
