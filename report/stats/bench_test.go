package stats_test

import (
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
)

// One learning curve of 100 points and 10 seeds.
func BenchmarkCurves(b *testing.B) {
	s := stream.NewKey("bench").Stream("curves", 0)
	curves := [][][]float64{make([][]float64, 10)}
	for i := range curves[0] {
		curves[0][i] = make([]float64, 100)
		for p := range curves[0][i] {
			curves[0][i][p] = s.Float64()
		}
	}
	for name, f := range map[string]func([]float64) float64{"mean": stats.Mean, "iqm": stats.IQM} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := (stats.Bootstrap{}).Curves(curves, stats.Pooled(f)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

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
