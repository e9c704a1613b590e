package kinds_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

func TestSequences(t *testing.T) {
	for _, p := range []param.Values{
		{"instance_seed": param.Of(1)}, // 299,593 sequences: too many to enumerate here
		{"elements": param.Of(8), "length": param.Of(4), "instance_seed": param.Of(2)},
		{"elements": param.Of(1), "length": param.Of(7), "instance_seed": param.Of(3)},
		{"elements": param.Of(2), "length": param.Of(1), "instance_seed": param.Of(4)},
		{"elements": param.Of(70), "length": param.Of(2), "instance_seed": param.Of(5)}, // masks of two words
		{"elements": param.Of(20), "length": param.Of(50), "instance_seed": param.Of(6)},
	} {
		envtest.Discrete(t, buildDiscrete(t, "sequences", p))
	}
}

func TestSequencesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := rapid.IntRange(1, 4).Draw(t, "elements"), rapid.IntRange(1, 4).Draw(t, "length")
		p := param.Values{
			"elements": param.Of(d),
			"length":   param.Of(n),
			"f":        param.Of(rapid.SliceOfN(rapid.Float64Range(-3, 3), d, d).Draw(t, "f")),
			"g":        param.Of(rapid.SliceOfN(rapid.Float64Range(-3, 3), n, n).Draw(t, "g")),
		}
		envtest.Discrete(t, buildDiscrete(t, "sequences", p), envtest.Walks(5), envtest.Samples(2000))
	})
}

// With f = 0 every sequence has reward 1, so Z counts them: 299,593 of up to 6
// tokens out of 8 (da Silva et al. 2024).
func TestSequencesCount(t *testing.T) {
	e := buildDiscrete(t, "sequences", param.Values{"f": param.Of(make([]float64, 8)), "g": param.Of([]float64{1, 2, 3, 4, 5, 6})})
	near(t, "log Z", e.LogZ(), math.Log(299_593), 1e-14)
	if n := e.Capabilities().Terminals; n != 299_593 {
		t.Errorf("%v terminal states", n)
	}
	if e.Words() != 1 {
		t.Errorf("a state takes %d words", e.Words())
	}
}

// Z = 1 + A_1 + A_1 A_2 with A_1 = 2 + 3 and A_2 = 2^2 + 3^2.
func TestSequencesByHand(t *testing.T) {
	e := buildDiscrete(t, "sequences", param.Values{
		"elements": param.Of(2), "length": param.Of(2),
		"f": param.Of([]float64{math.Log(2), math.Log(3)}),
		"g": param.Of([]float64{1, 2}),
	})
	near(t, "Z", math.Exp(e.LogZ()), 1+5+5*13, 1e-14)
	s := make([]uint64, e.Words())
	e.Reset(s)
	for i, want := range []string{"[]...", "[1]...", "[1,0]...", "[1,0]"} {
		if got := e.Format(s); got != want {
			t.Errorf("%s, expected %s", got, want)
		}
		if i < 3 {
			e.Step(s, []int{1, 0, 2}[i])
		}
	}
	near(t, "r", math.Exp(e.LogReward(s)), 3*4, 1e-14)
}

// f_scale and g_scale multiply what the seed draws, so log r by their product;
// with 0 every sequence has reward 1.
func TestSequencesScale(t *testing.T) {
	p := param.Values{"elements": param.Of(3), "length": param.Of(4), "instance_seed": param.Of(2)}
	plain := buildDiscrete(t, "sequences", p)
	p["f_scale"], p["g_scale"] = param.Of(2.0), param.Of(1.5)
	scaled := buildDiscrete(t, "sequences", p)
	envtest.Discrete(t, scaled)
	x := make([]uint64, plain.Words())
	rng := stream.NewKey("test").Stream("scale", 0)
	for range 50 {
		plain.(env.TargetSampler).SampleTarget(rng, x)
		near(t, plain.Format(x), scaled.LogReward(x), 3*plain.LogReward(x), 1e-13)
	}
	p["g_scale"] = param.Of(0.0)
	near(t, "log Z", build(t, "sequences", p).LogZ(), math.Log(1+3+9+27+81), 1e-14)
}

func TestSequencesErrors(t *testing.T) {
	paramError(t, "sequences", param.Values{"f": param.Of(make([]float64, 8)), "g": param.Of(make([]float64, 6)), "g_scale": param.Of(2.0)}, "g_scale")
	paramError(t, "sequences", param.Values{}, "instance_seed")
	paramError(t, "sequences", param.Values{"f": param.Of(make([]float64, 8))}, "instance_seed")
	paramError(t, "sequences", param.Values{"instance_seed": param.Of(1), "g": param.Of(make([]float64, 6))}, "g")
	paramError(t, "sequences", param.Values{"f": param.Of(make([]float64, 8)), "g": param.Of(make([]float64, 5))}, "g")
}
