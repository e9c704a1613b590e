package network_test

import (
	"math"
	"testing"

	"gfnbench/gfn/network"
)

// TestAdamFirstSteps checks two steps by hand. With PyTorch's defaults the bias
// corrections make the first update lr·g/(|g|+eps) whatever g's scale, and the second
// lr·m̂/(√v̂+eps) with m̂ = (0.09 g1 + 0.1 g2)/0.19 and v̂ = (0.000999 g1² + 0.001
// g2²)/0.001999 (Kingma and Ba 2015, Algorithm 1).
func TestAdamFirstSteps(t *testing.T) {
	c := network.AdamConfig{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	p := network.NewParams(3)
	a := network.NewAdam(3, c)
	x := network.NewScalar(0)
	g1, g2 := []float32{2, -0.5, 0}, []float32{1, 4, 0}
	copy(p.Grad, g1)
	a.Step(p, 0.1)
	x.Step(2, 0.1, c)
	for i, want := range []float64{-0.1, 0.1, 0} {
		if math.Abs(float64(p.Data[i])-want) > 1e-7 {
			t.Errorf("first step: p[%d] = %v, want %v", i, p.Data[i], want)
		}
	}
	copy(p.Grad, g2)
	a.Step(p, 0.1)
	x.Step(1, 0.1, c)
	for i, first := range []float64{-0.1, 0.1, 0} {
		m := (0.09*float64(g1[i]) + 0.1*float64(g2[i])) / 0.19
		v := (0.000999*float64(g1[i]*g1[i]) + 0.001*float64(g2[i]*g2[i])) / 0.001999
		want := first - 0.1*m/(math.Sqrt(v)+1e-8)
		if math.Abs(float64(p.Data[i])-want) > 1e-6 {
			t.Errorf("second step: p[%d] = %v, want %v", i, p.Data[i], want)
		}
	}
	if math.Abs(x.Value-float64(p.Data[0])) > 1e-6 {
		t.Errorf("the scalar's Adam gives %v, the vector's %v", x.Value, p.Data[0])
	}
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		s    network.Schedule
		t    int
		want float64
	}{
		{network.Schedule{Kind: "constant", Steps: 10}, 7, 1},
		{network.Schedule{Kind: "polynomial", Power: 1, Steps: 10}, 3, 0.7},
		{network.Schedule{Kind: "polynomial", Power: 2, Steps: 10}, 3, 0.49},
		{network.Schedule{Kind: "cosine", Steps: 9}, 3, (1 + math.Cos(math.Pi/3)) / 2},
		{network.Schedule{Kind: "cosine", Steps: 9}, 0, 1},
		{network.Schedule{Kind: "cosine", Steps: 9}, 9, 0},
	} {
		if got := c.s.Factor(c.t); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%+v at %d: %v, want %v", c.s, c.t, got, c.want)
		}
	}
}
