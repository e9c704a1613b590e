package policy_test

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// plane is a standard normal target in two dimensions.
type plane struct{ env.Continuous }

func (plane) Dim() int                      { return 2 }
func (plane) LogReward(x []float64) float64 { return -(x[0]*x[0] + x[1]*x[1]) / 2 }

func newMixture(k int, zero bool) (*policy.Mixture, *network.RealMLP) {
	return newMixtureOn(3, k, zero)
}

func newMixtureOn(halfWidth float64, k int, zero bool) (*policy.Mixture, *network.RealMLP) {
	net := network.NewRealMLP(policy.MixtureInputs(2), network.MLPConfig{Hidden: []int{6}, Slope: 0.01,
		Outputs: policy.MixtureOutputs(k), ZeroOutput: zero}, stream.NewKey("mixture").Stream("init", 0))
	return policy.NewMixture(plane{}, net, k, halfWidth), net
}

// TestMixtureStart checks the documented start: equal weights, unit scales and means
// evenly spaced around 0.
func TestMixtureStart(t *testing.T) {
	for _, halfWidth := range []float64{3, 0.5, 0} {
		m, _ := newMixtureOn(halfWidth, 3, true)
		got := make([]float64, 1)
		m.LogDensity(got, []float64{0.5, -1}, 1)
		one := func(x float64) float64 {
			sum := 0.0
			for _, mean := range []float64{-halfWidth, 0, halfWidth} {
				sum += math.Exp(-(x-mean)*(x-mean)/2) / math.Sqrt(2*math.Pi) / 3
			}
			return math.Log(sum)
		}
		if want := one(0.5) + one(-1); math.Abs(got[0]-want) > 1e-12 {
			t.Errorf("half width %v: log density %v, want %v", halfWidth, got[0], want)
		}
	}
}

// TestMixtureDensityIntegratesToOne sums exp(log density) over a fine grid.
func TestMixtureDensityIntegratesToOne(t *testing.T) {
	m, _ := newMixture(4, false)
	const n, lo, hi = 400, -14.0, 14.0
	h := (hi - lo) / n
	points := make([]float64, 2*n*n)
	for i := range n {
		for j := range n {
			points[2*(i*n+j)], points[2*(i*n+j)+1] = lo+(float64(i)+0.5)*h, lo+(float64(j)+0.5)*h
		}
	}
	logs := make([]float64, n*n)
	m.LogDensity(logs, points, n*n)
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l) * h * h
	}
	if math.Abs(sum-1) > 1e-4 {
		t.Errorf("density integrates to %v", sum)
	}
}

func TestMixtureBatchAgreesWithDensity(t *testing.T) {
	m, _ := newMixture(4, false)
	b := m.Sample(stream.NewKey("mixture").Stream("sampling", 0), 64)
	points := []float64{}
	for n := range b.LogPF {
		points = append(points, m.Point(n)...)
	}
	logs := make([]float64, 64)
	m.Fork().LogDensity(logs, points, 64)
	for n := range logs {
		if math.Abs(logs[n]-b.LogPF[n]) > 1e-12 {
			t.Fatalf("point %d: log p_F %v while sampling, %v evaluated", n, b.LogPF[n], logs[n])
		}
	}
}

// TestMixtureGradientMatchesFiniteDifferences holds the sampled points fixed.
func TestMixtureGradientMatchesFiniteDifferences(t *testing.T) {
	m, net := newMixture(3, false)
	const n = 10
	rng := stream.NewKey("mixture").Stream("sampling", 1)
	m.Sample(rng, n)
	c := &objective.Coefficients{}
	points := []float64{}
	for i := range n {
		c.LogPF = append(c.LogPF, rng.Normal())
		points = append(points, m.Point(i)...)
	}
	m.Gradient(c)
	p := net.Params()
	logs := make([]float64, n)
	f := m.Fork()
	total := func() (sum float64) {
		f.LogDensity(logs, points, n)
		for i := range logs {
			sum += c.LogPF[i] * logs[i]
		}
		return sum
	}
	const h = 1.0 / 512
	for i := range p.Data {
		old := p.Data[i]
		p.Data[i] = old + h
		up := total()
		p.Data[i] = old - h
		down := total()
		p.Data[i] = old
		want := (up - down) / (2 * h)
		if math.Abs(float64(p.Grad[i])-want) > 5e-3*(1+math.Abs(want)) {
			t.Fatalf("gradient[%d] = %v, want %v", i, p.Grad[i], want)
		}
	}
}
