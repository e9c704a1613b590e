package kinds_test

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

func TestBanana(t *testing.T) {
	for _, c := range []float64{0.9, 0, -0.5} {
		envtest.Continuous(t, build(t, "banana", param.Values{"correlation": param.Of(c)}).(env.Continuous))
	}
}

// At the top of the banana, (0, -1), u = v = 0; at (1, -1), u = v = 1, where the
// exponent is -(u² - 1.8uv + v²)/(2 · 0.19) = -0.2/0.38.
func TestBananaByHand(t *testing.T) {
	e := build(t, "banana", param.Values{}).(env.Continuous)
	top := 1 / (2 * math.Pi * math.Sqrt(0.19))
	near(t, "density", math.Exp(e.LogReward([]float64{0, -1})), top, 1e-14)
	near(t, "density", math.Exp(e.LogReward([]float64{1, -1})), top*math.Exp(-0.2/0.38), 1e-14)
}

func TestBananaErrors(t *testing.T) {
	paramError(t, "banana", param.Values{"correlation": param.Of(1.0)}, "correlation")
}
