package kinds_test

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// flows enumerates the states and solves F(s) = Σ F(s')/parents(s') over the children,
// with F = r at terminal states: the flow of the optimal policy under the uniform
// backward policy.
func flows(e env.Discrete) (states *env.Index, flow []float64) {
	states = env.NewIndex(e.Words())
	s := make([]uint64, e.Words())
	e.Reset(s)
	states.Add(s)
	mask := make([]uint64, env.MaskWords(e.Actions()))
	children := func(i int, visit func(child []uint64)) {
		e.Mask(states.Code(i), mask)
		legal := slices.Clone(mask)
		for w, word := range legal {
			for ; word != 0; word &= word - 1 {
				child := slices.Clone(states.Code(i))
				e.Step(child, w*64+bits.TrailingZeros64(word))
				visit(child)
			}
		}
	}
	for i := 0; i < states.Len(); i++ {
		children(i, func(child []uint64) { states.Add(child) })
	}
	flow = make([]float64, states.Len())
	for i := states.Len() - 1; i >= 0; i-- {
		if e.Terminal(states.Code(i)) {
			flow[i] = math.Exp(e.LogReward(states.Code(i)))
		}
		children(i, func(child []uint64) {
			flow[i] += flow[states.Find(child)] / float64(e.Parents(child))
		})
	}
	return states, flow
}

// In sets F(s) = r(s) e_{N-|s|}(exp f outside s)/C(N, |s|), where e is the elementary
// symmetric polynomial, computed here by its definition as a sum over subsets.
func TestSetsFlow(t *testing.T) {
	const n, size = 7, 4
	f := []float64{0.3, -1, 2, 0.7, 0, 1.1, -0.4}
	e := buildDiscrete(t, "sets", param.Values{"elements": param.Of(n), "size": param.Of(size), "f": param.Of(f)})
	states, flow := flows(e)
	product := func(subset uint) float64 {
		p := 1.0
		for ; subset != 0; subset &= subset - 1 {
			p *= math.Exp(f[bits.TrailingZeros(subset)])
		}
		return p
	}
	for i := range states.Len() {
		s := uint(states.Code(i)[0])
		held := bits.OnesCount(s)
		want := 0.0
		for more := range uint(1 << n) {
			if more&s == 0 && bits.OnesCount(more) == size-held {
				want += product(more)
			}
		}
		want *= product(s) / []float64{1, 4, 6, 4, 1}[held] // C(4, |s|)
		near(t, e.Format(states.Code(i)), flow[i], want, 1e-12)
	}
	near(t, "log F(s0)", math.Log(flow[0]), e.LogZ(), 1e-13)
}

// In sequences F(s) = r(s) V_n with V_n = 1 + A_{n+1} V_{n+1} and V_N = 1, so the optimal
// policy stops with probability 1/V_n.
func TestSequencesFlow(t *testing.T) {
	f, g := []float64{0.5, -1, 1.5}, []float64{1, -0.6, 0.2, 2}
	e := buildDiscrete(t, "sequences", param.Values{"elements": param.Of(3), "length": param.Of(4), "f": param.Of(f), "g": param.Of(g)})
	v := []float64{0, 0, 0, 0, 1}
	for n := 3; n >= 0; n-- {
		a := 0.0
		for _, x := range f {
			a += math.Exp(x * g[n])
		}
		v[n] = 1 + a*v[n+1]
	}
	states, flow := flows(e)
	for i := range states.Len() {
		s := slices.Clone(states.Code(i))
		if e.Terminal(s) {
			continue
		}
		n := len(e.AppendFeatures(nil, s))
		e.Step(s, 3)
		near(t, "stop at "+e.Format(s), flow[states.Find(s)]/flow[i], 1/v[n], 1e-12)
	}
	near(t, "log F(s0)", math.Log(flow[0]), e.LogZ(), 1e-13)
}
