package network

import (
	"math"

	"gfnbench/gfn/stream"
)

// initLinear draws a linear layer's weights and bias as PyTorch's nn.Linear does: both
// uniform on ±1/√fanIn, the weights first.
func initLinear(w, b []float32, fanIn int, s *stream.Stream) {
	bound := 1 / math.Sqrt(float64(fanIn))
	for i := range w {
		w[i] = uniform(s, bound)
	}
	for i := range b {
		b[i] = uniform(s, bound)
	}
}

func uniform(s *stream.Stream, bound float64) float32 {
	u := float64(2*s.Float64()) - 1
	return float32(bound * u)
}
