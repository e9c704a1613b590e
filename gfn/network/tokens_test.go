package network_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// sequencesOf3 returns the sequences of up to four out of three tokens.
func sequencesOf3(t *testing.T) env.Sequential {
	t.Helper()
	e, err := kinds.Lookup("sequences").Make(param.Values{"elements": param.Of(3), "length": param.Of(4), "instance_seed": param.Of(1)})
	if err != nil {
		t.Fatal(err)
	}
	return e.(env.Sequential)
}

// drawSequences returns the codes of n sequences, with their tokens.
func drawSequences(e env.Sequential, n int, s *stream.Stream) (states []uint64, tokens [][]int) {
	for r := range n {
		state := make([]uint64, e.Words())
		e.Reset(state)
		list := []int{}
		for range r % (e.Positions() + 1) {
			list = append(list, s.IntN(e.Tokens()))
			e.Step(state, list[len(list)-1])
		}
		states, tokens = append(states, state...), append(tokens, list)
	}
	return states, tokens
}

// TestTokenMLPGradientMatchesFiniteDifferences writes out the ids and the
// padding, and compares with the reference on these numbers.
func TestTokenMLPGradientMatchesFiniteDifferences(t *testing.T) {
	e := sequencesOf3(t)
	const n = 10
	for _, pad := range []float64{3, -1, 0} {
		s := stream.NewKey("tokens").Stream("test", uint64(pad+1))
		m := network.NewTokenMLP(e, pad, network.MLPConfig{Hidden: []int{9, 7}, Slope: 0.01, Outputs: 4}, s)
		states, tokens := drawSequences(e, n, s)
		var inputs [][]float64
		for _, list := range tokens {
			x := []float64{pad, pad, pad, pad}
			for i, id := range list {
				x[i] = float64(id)
			}
			inputs = append(inputs, x)
		}
		// Two calls of Forward must make one tape.
		out := append([]float32(nil), m.Forward(states[:4*e.Words()], 4)...)
		out = append(out, m.Forward(states[4*e.Words():], n-4)...)
		dout := make([]float32, 4*n)
		for i := range dout {
			dout[i] = float32(s.Normal())
		}
		m.Backward(dout)

		ref := reference{[]int{4, 9, 7, 4}, float64(float32(0.01))}
		var want []float64
		f := func(p []float64) (sum float64) {
			want = want[:0]
			for r, x := range inputs {
				for j, y := range ref.forward(p, x) {
					sum += y * float64(dout[4*r+j])
					want = append(want, y)
				}
			}
			return sum
		}
		p := widen(m.Params().Data)
		compare(t, "gradient", m.Params().Grad, centralDifferences(f, p), 2e-5)
		f(p)
		compare(t, "output", out, want, 2e-6)
		compare(t, "fork's output", m.Fork().Forward(states, n), want, 2e-6)
		m.Reset()
		compare(t, "output after Reset", m.Forward(states, n), want, 2e-6)
	}
}
