package exact

import (
	"math"
	"testing"

	"gfnbench/gfn/stream"
)

// TestTailIndex checks terms x = u^-k with u uniform, whose tail index is k. The estimate
// must be k to within its error, about (1+k)/√m for a tail of m terms (Zhang and Stephens
// 2009, Table 1), pulled towards ½ by the prior. The size of the logs must not matter.
func TestTailIndex(t *testing.T) {
	rng := stream.NewKey("tail").Stream("test", 0)
	for _, k := range []float64{0.1, 0.3, 0.5, 0.9, 1.5} {
		sum := 0.0
		const repeats, n = 20, 8192
		for range repeats {
			logs := make([]float64, n)
			for i := range logs {
				logs[i] = -k*math.Log(rng.Float64Open()) + 1000
			}
			sum += TailIndex(logs)
		}
		m := 3 * math.Sqrt(n)
		prior := 10 / (m + 10) * (0.5 - k)
		if got := sum / repeats; math.Abs(got-k-prior) > 4*(1+k)/math.Sqrt(m*repeats) {
			t.Errorf("tail index %v, want %v", got, k)
		}
	}
	if k := TailIndex(make([]float64, 24)); !math.IsNaN(k) {
		t.Errorf("of 24 terms: %v", k)
	}
}
