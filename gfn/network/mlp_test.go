package network_test

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// reference is the MLP in float64 on dense inputs, written independently of the package.
// Finite differences of its output check the float32 gradients.
type reference struct {
	sizes []int
	slope float64
}

func (m reference) forward(p, x []float64) []float64 {
	at := 0
	for l := 0; l+1 < len(m.sizes); l++ {
		in, out := m.sizes[l], m.sizes[l+1]
		y := append([]float64(nil), p[at+in*out:at+(in+1)*out]...)
		for i := range in {
			for j := range out {
				y[j] += x[i] * p[at+i*out+j]
			}
		}
		if l+2 < len(m.sizes) {
			for j := range y {
				if y[j] < 0 {
					y[j] *= m.slope
				}
			}
		}
		at += (in + 1) * out
		x = y
	}
	return x
}

// centralDifferences returns the gradient of f with respect to p.
func centralDifferences(f func(p []float64) float64, p []float64) []float64 {
	const h = 1e-6
	g := make([]float64, len(p))
	for i := range p {
		old := p[i]
		p[i] = old + h
		up := f(p)
		p[i] = old - h
		g[i] = (up - f(p)) / (2 * h)
		p[i] = old
	}
	return g
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = float64(x[i])
	}
	return y
}

func compare(t *testing.T, name string, got []float32, want []float64, tol float64) {
	t.Helper()
	for i := range want {
		if d := math.Abs(float64(got[i]) - want[i]); !(d <= tol*(1+math.Abs(want[i]))) {
			t.Fatalf("%s[%d] = %v, want %v", name, i, got[i], want[i])
		}
	}
}

func TestMLPGradientMatchesFiniteDifferences(t *testing.T) {
	kind := kinds.Lookup("hypergrid")
	e, err := kind.Make(param.Values{"dim": param.Of(3), "height": param.Of(4)})
	if err != nil {
		t.Fatal(err)
	}
	d := e.(env.Discrete)
	for _, hidden := range [][]int{{}, {5}, {7, 6}, {33, 17, 9}} {
		for _, activation := range []string{"relu", "leaky-relu"} {
			slope, _ := network.Slope(activation)
			heads := network.Heads{Actions: d.Actions(), Flow: true, Backward: d.BackwardActions()}
			s := stream.NewKey("mlp", activation).Stream("test", uint64(len(hidden)))
			m := network.NewMLP(d, network.MLPConfig{Hidden: hidden, Slope: slope, Outputs: heads.Width()}, s)

			var states []uint64
			var inputs [][]float64
			for r := range 9 {
				state := make([]uint64, d.Words())
				d.Reset(state)
				for range r % 5 {
					mask := make([]uint64, env.MaskWords(d.Actions()))
					d.Mask(state, mask)
					if a := s.IntN(3); mask[0]>>a&1 != 0 {
						d.Step(state, a)
					}
				}
				x := make([]float64, d.Features())
				for _, i := range d.AppendFeatures(nil, state) {
					x[i] = 1
				}
				states, inputs = append(states, state...), append(inputs, x)
			}
			// Two calls of Forward must make one tape.
			first := m.Forward(states[:4*d.Words()], 4)
			out := append(append([]float32(nil), first...), m.Forward(states[4*d.Words():], 5)...)
			dout := make([]float32, len(out))
			for i := range dout {
				dout[i] = float32(s.Normal())
			}
			m.Backward(dout)

			ref := reference{append(append([]int{d.Features()}, hidden...), heads.Width()), float64(slope)}
			f := func(p []float64) (sum float64) {
				for r, x := range inputs {
					for j, y := range ref.forward(p, x) {
						sum += y * float64(dout[r*heads.Width()+j])
					}
				}
				return sum
			}
			p := widen(m.Params().Data)
			var want []float64
			for _, x := range inputs {
				want = append(want, ref.forward(p, x)...)
			}
			compare(t, "output", out, want, 2e-6)
			compare(t, "gradient", m.Params().Grad, centralDifferences(f, p), 2e-5)

			fork := m.Fork()
			compare(t, "fork's output", fork.Forward(states, 9), want, 2e-6)
		}
	}
}

func TestRealMLPGradientMatchesFiniteDifferences(t *testing.T) {
	s := stream.NewKey("realmlp").Stream("test", 0)
	m := network.NewRealMLP(3, network.MLPConfig{Hidden: []int{8, 7}, Slope: 0.01, Outputs: 5}, s)
	const n = 6
	in, dout := make([]float32, 3*n), make([]float32, 5*n)
	for i := range in {
		in[i] = float32(s.Normal())
	}
	for i := range dout {
		dout[i] = float32(s.Normal())
	}
	m.Forward(in, n)
	m.Backward(dout)
	ref := reference{[]int{3, 8, 7, 5}, float64(float32(0.01))}
	f := func(p []float64) (sum float64) {
		for r := range n {
			for j, y := range ref.forward(p, widen(in[3*r:3*r+3])) {
				sum += y * float64(dout[5*r+j])
			}
		}
		return sum
	}
	compare(t, "gradient", m.Params().Grad, centralDifferences(f, widen(m.Params().Data)), 2e-5)
}

func TestZeroOutputStartsUniform(t *testing.T) {
	e, _ := kinds.Lookup("hypergrid").Make(param.Values{"dim": param.Of(2), "height": param.Of(4)})
	d := e.(env.Discrete)
	s := stream.NewKey("zero").Stream("test", 0)
	m := network.NewMLP(d, network.MLPConfig{Hidden: []int{8}, Outputs: d.Actions(), ZeroOutput: true}, s)
	for i, y := range m.Forward(make([]uint64, d.Words()), 1) {
		if y != 0 {
			t.Errorf("logit %d starts at %v, want 0", i, y)
		}
	}
}
