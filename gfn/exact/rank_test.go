package exact

import (
	"math"
	"testing"
)

// The first value, with a tie, is from the documentation of scipy.stats.spearmanr. The
// second is the worked example in Wikipedia's article on the coefficient (IQ and hours of
// television).
func TestRankCorrelation(t *testing.T) {
	for _, tt := range []struct {
		x, y []float64
		want float64
	}{
		{[]float64{1, 2, 3, 4, 5}, []float64{5, 6, 7, 8, 7}, 0.8207826816681233},
		{[]float64{106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, []float64{7, 27, 2, 50, 28, 29, 20, 12, 6, 17}, -0.17575757575757575},
		{[]float64{1, 2, 3, 4}, []float64{-1, -2, -3, -4}, -1},
		{[]float64{math.Inf(-1), 0, 1, 2}, []float64{0, 1, 2, 3}, 1},
	} {
		if got := RankCorrelation(tt.x, tt.y); math.Abs(got.Mean-tt.want) > 1e-12 {
			t.Errorf("%v and %v: %v, want %v", tt.x, tt.y, got.Mean, tt.want)
		}
	}
	if got := RankCorrelation([]float64{1, 1, 1, 1}, []float64{1, 2, 3, 4}); !math.IsNaN(got.Mean) {
		t.Errorf("of a constant: %v", got)
	}
}
