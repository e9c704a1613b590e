package network_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// checkLearned compares a network's outputs and gradient with a reference, which gets all
// parameters and the number of a row, and with its finite differences.
func checkLearned(t *testing.T, m network.Model, words int, states []uint64, n int, ref func(p []float64, row int) []float64, s *stream.Stream) {
	t.Helper()
	// Two calls of Forward must make one tape.
	out := append([]float32(nil), m.Forward(states[:3*words], 3)...)
	out = append(out, m.Forward(states[3*words:], n-3)...)
	width := m.Outputs()
	dout := make([]float32, width*n)
	for i := range dout {
		dout[i] = float32(s.Normal())
	}
	m.Backward(dout)
	p := widen(m.Params().Data)
	var want []float64
	for r := range n {
		want = append(want, ref(p, r)...)
	}
	compare(t, "output", out, want, 5e-6)
	compare(t, "gradient", m.Params().Grad, centralDifferences(func(p []float64) (sum float64) {
		for r := range n {
			for j, y := range ref(p, r) {
				sum += y * float64(dout[r*width+j])
			}
		}
		return sum
	}, p), 5e-5)
	compare(t, "fork's output", m.Fork().Forward(states, n), want, 5e-6)
	m.Reset()
	compare(t, "output after Reset", m.Forward(states, n), want, 5e-6)
}

func TestDeepSetGradientMatchesFiniteDifferences(t *testing.T) {
	made, err := kinds.Lookup("sets").Make(param.Values{"elements": param.Of(6), "size": param.Of(4), "instance_seed": param.Of(1)})
	if err != nil {
		t.Fatal(err)
	}
	e := made.(env.Discrete)
	const n = 9
	for _, hidden := range [][]int{{7, 5}, {4}, {}} {
		s := stream.NewKey("deep set").Stream("test", uint64(len(hidden)))
		m := network.NewDeepSet(e, network.MLPConfig{Hidden: hidden, Slope: 0.01, Outputs: 6}, s)
		states, members := make([]uint64, n), make([][]int, n)
		for r := range n {
			for _, i := range []int{0, 2, 3, 5}[:r%5] {
				states[r] |= 1 << ((i + r) % 6)
				members[r] = append(members[r], (i+r)%6)
			}
		}
		width := 6
		if len(hidden) > 0 {
			width = hidden[0]
		}
		slope := float64(float32(0.01))
		phi, rho := reference{[]int{6, width, width}, slope}, reference{append(append([]int{width}, hidden...), 6), slope}
		size := 6*width + width + width*width + width
		checkLearned(t, m, e.Words(), states, n, func(p []float64, row int) []float64 {
			sum := make([]float64, width)
			for _, i := range members[row] {
				one := make([]float64, 6)
				one[i] = 1
				for j, y := range phi.forward(p[:size], one) {
					sum[j] += y
				}
			}
			return rho.forward(p[size:], sum)
		}, s)
	}
}

func TestEmbeddingMLPGradientMatchesFiniteDifferences(t *testing.T) {
	e := sequencesOf3(t)
	const n, width = 10, 3
	s := stream.NewKey("embedding").Stream("test", 0)
	m := network.NewEmbeddingMLP(e, width, network.MLPConfig{Hidden: []int{8, 6}, Slope: 0.01, Outputs: 4}, s)
	states, tokens := drawSequences(e, n, s)
	mlp := reference{[]int{4 * width, 8, 6, 4}, float64(float32(0.01))}
	checkLearned(t, m, e.Words(), states, n, func(p []float64, row int) []float64 {
		var x []float64
		for i := range 4 {
			id := 3 // padding
			if i < len(tokens[row]) {
				id = tokens[row][i]
			}
			x = append(x, p[id*width:(id+1)*width]...)
		}
		return mlp.forward(p[4*width:], x)
	}, s)
}
