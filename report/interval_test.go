package report

import (
	"math"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/report/stats"
)

// TestIntervalsWithinRange: no interval reaches beyond what its metric can be, and an
// interval of what has no bounds is Student's t.
func TestIntervalsWithinRange(t *testing.T) {
	wide := []float64{0.02, 0.9, 0.98} // its interval is wider than any of the ranges
	for _, m := range metric.All() {
		least, greatest := m.Range()
		for _, sign := range []float64{1, -1} {
			values := make([]float64, len(wide))
			for i, v := range wide {
				if values[i] = v; m.Info().Most > 0 {
					values[i] *= m.Info().Most
				}
				if m.Info().Signed {
					values[i] *= sign
				}
			}
			s := Stat{Metric: m, Name: "final"}
			in, err := s.MeanInterval(values)
			if err != nil || !(least <= in.Low && in.Low < in.Estimate && in.Estimate < in.High && in.High <= greatest) {
				t.Errorf("%v: [%v, %v] about %v, %v; the metric is within [%v, %v]", m, in.Low, in.High, in.Estimate, err, least, greatest)
			}
			free, err := stats.MeanInterval(values, s.Scale(), in.Coverage)
			if math.IsInf(greatest, 1) && (err != nil || in.High != free.High || in.Low != free.Low) {
				t.Errorf("%v: [%v, %v], want [%v, %v], %v", m, in.Low, in.High, free.Low, free.High, err)
			} else if m.Info().Most > 0 && free.High <= greatest && free.Low >= least {
				t.Errorf("%v: [%v, %v] tests no cut", m, free.Low, free.High)
			}
		}
	}
}
