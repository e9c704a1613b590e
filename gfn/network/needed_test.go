package network_test

import (
	"slices"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// TestNeed: leaving out outputs changes neither the others nor the gradient, however the
// tape is cut into forward passes.
func TestNeed(t *testing.T) {
	made, err := kinds.Lookup("bitseq").New(param.Values{
		"length": param.Of(48), "word": param.Of(4), "beta": param.Of(1.0), "mode_count": param.Of(2), "instance_seed": param.Of(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	e := made.(env.Discrete)
	for _, passes := range [][]int{{1}, {300}, {1, 20, 30, 100, 5}, {1, 128, 127, 129, 40}} {
		for _, extra := range []int{0, 1, 23} { // outputs that are not actions
			for _, threads := range []int{1, 2} {
				c := network.MLPConfig{Hidden: []int{40, 70}, Slope: 0.01, Outputs: e.Actions() + extra}
				var whole, sparing stream.Stream
				x := needed{t, e, network.NewMLP(e, c, &whole), network.NewMLP(e, c, &sparing), stream.Stream{}}
				x.sparing.Params().SetThreads(threads)
				var dout []float32
				for i, n := range passes {
					dout = append(dout, x.forward(n, (7*i+4)%11)...)
				}
				x.whole.Backward(dout)
				x.sparing.Backward(dout)
				if !slices.Equal(x.whole.Params().Grad, x.sparing.Params().Grad) {
					t.Errorf("passes %v, %d more outputs, %d threads: gradients differ", passes, extra, threads)
				}
			}
		}
	}
}

// needed compares a network that computes everything with one that leaves out what is not
// needed.
type needed struct {
	t              *testing.T
	env            env.Discrete
	whole, sparing *network.MLP
	rng            stream.Stream
}

// forward runs both on n states after some random steps and returns random gradients of
// their outputs, 0 where not needed.
func (x *needed) forward(n, steps int) []float32 {
	words, maskWords := x.env.Words(), env.MaskWords(x.env.Actions())
	states, masks := make([]uint64, n*words), make([]uint64, n*maskWords)
	for r := range n {
		s, mask := states[r*words:(r+1)*words], masks[r*maskWords:(r+1)*maskWords]
		x.env.Reset(s)
		for range steps {
			x.env.Mask(s, mask)
			for a := x.rng.IntN(x.env.Actions()); ; a = x.rng.IntN(x.env.Actions()) {
				if mask[a>>6]>>(a&63)&1 != 0 {
					x.env.Step(s, a)
					break
				}
			}
		}
		x.env.Mask(s, mask)
	}
	want := x.whole.Forward(states, n)
	x.sparing.Need(masks, maskWords, x.env.Actions())
	got := x.sparing.Forward(states, n)
	dout := make([]float32, len(got))
	width := x.whole.Outputs()
	for i := range got {
		r, a := i/width, i%width
		if a < x.env.Actions() && masks[r*maskWords+a>>6]>>(a&63)&1 == 0 {
			continue
		}
		dout[i] = float32(x.rng.Normal())
		if got[i] != want[i] {
			x.t.Fatalf("output %d of row %d is %v, want %v", a, r, got[i], want[i])
		}
	}
	return dout
}
