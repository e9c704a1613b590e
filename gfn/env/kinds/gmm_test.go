package kinds_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

func TestGMM(t *testing.T) {
	for _, p := range []param.Values{
		{},
		{"dim": param.Of(1), "side": param.Of(4)},
		{"dim": param.Of(1), "means": param.Of([][]float64{{-2}, {5}}), "weights": param.Of([]float64{1, 3})},
		{"means": param.Of([][]float64{{0, 1}, {2, -1}, {4, 4}}), "weights": param.Of([]float64{0.2, 5, 1}), "variance": param.Of(0.7)},
		{"dim": param.Of(3), "side": param.Of(2)},
		{"dim": param.Of(10), "means": param.Of([][]float64{make([]float64, 10)})},
	} {
		envtest.Continuous(t, build(t, "gmm", p).(env.Continuous), envtest.Cells(400))
	}
}

func TestGMMProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim, n := rapid.IntRange(1, 3).Draw(t, "dim"), rapid.IntRange(1, 4).Draw(t, "components")
		values := rapid.SliceOfN(rapid.Float64Range(-3, 3), dim, dim)
		e := build(t, "gmm", param.Values{
			"dim":      param.Of(dim),
			"means":    param.Of(rapid.SliceOfN(values, n, n).Draw(t, "means")),
			"weights":  param.Of(rapid.SliceOfN(rapid.Float64Range(0.5, 2), n, n).Draw(t, "weights")),
			"variance": param.Of(rapid.Float64Range(0.2, 4).Draw(t, "variance")),
		})
		err := envtest.CheckContinuous(e.(env.Continuous), envtest.Cells(80), envtest.Samples(2000))
		if err != nil {
			t.Fatalf("%v\ninstance %v", err, e.Instance())
		}
	})
}

// Entropies in nats, by quadrature. The value for the nine Gaussians is from da Silva et
// al. (2024); it is twice that of three Gaussians on a line. The value for the banana is
// the Gaussian's, log(2πe sqrt(1 - 0.81)), because the bend preserves area.
func TestContinuousEntropy(t *testing.T) {
	for _, c := range []struct {
		kind string
		want float64
	}{
		{"gmm", 2.3497},
		{"banana", 2.00751},
	} {
		e := build(t, c.kind, param.Values{}).(env.Continuous)
		if got := entropy(e, 1000); math.Abs(got-c.want) > 5e-5 {
			t.Errorf("%s: %v, expected %v", c.kind, got, c.want)
		}
	}
	exact := math.Log(2 * math.Pi * math.E * math.Sqrt(0.19))
	near(t, "banana", entropy(build(t, "banana", param.Values{}).(env.Continuous), 1000), exact, 1e-4)
}

// entropy returns -∫ p log p over the box, by the midpoint rule.
func entropy(e env.Continuous, n int) float64 {
	lo, hi := e.Box()
	sum := 0.0
	for i := range n {
		for j := range n {
			l := e.LogReward([]float64{
				lo[0] + (hi[0]-lo[0])*(float64(i)+0.5)/float64(n),
				lo[1] + (hi[1]-lo[1])*(float64(j)+0.5)/float64(n),
			})
			sum -= l * math.Exp(l)
		}
	}
	return sum * (hi[0] - lo[0]) * (hi[1] - lo[1]) / float64(n*n)
}

// The nine means are (i, j), 0 <= i, j <= 2; at (1, 1) the density is
// Σ_ij exp(-((i-1)² + (j-1)²)/0.2)/(9 · 0.2π).
func TestGMMGrid(t *testing.T) {
	e := build(t, "gmm", param.Values{}).(env.Continuous)
	means := e.Instance()[0].Values
	for k, m := range means {
		if want := float64([2]int{k / 6, k / 2 % 3}[k%2]); m != want {
			t.Errorf("mean %v: coordinate %d is %v, expected %v", means, k, m, want)
		}
	}
	want := 0.0
	for i := -1.0; i <= 1; i++ {
		for j := -1.0; j <= 1; j++ {
			want += math.Exp(-(i*i + j*j) / 0.2)
		}
	}
	near(t, "density", math.Exp(e.LogReward([]float64{1, 1})), want/(9*0.2*math.Pi), 1e-14)
}

func TestGMMErrors(t *testing.T) {
	paramError(t, "gmm", param.Values{"means": param.Of([][]float64{{1, 2, 3}})}, "means")
	paramError(t, "gmm", param.Values{"means": param.Of([][]float64{})}, "means")
	paramError(t, "gmm", param.Values{"means": param.Of([][]float64{{1, 2}}), "side": param.Of(2)}, "side")
	paramError(t, "gmm", param.Values{"dim": param.Of(200)}, "side")
	paramError(t, "gmm", param.Values{"weights": param.Of([]float64{1})}, "weights")
	paramError(t, "gmm", param.Values{"dim": param.Of(1), "side": param.Of(2), "weights": param.Of([]float64{1, 0})}, "weights")
}
