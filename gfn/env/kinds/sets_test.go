package kinds_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

func TestSets(t *testing.T) {
	for _, p := range []param.Values{
		{"instance_seed": param.Of(1)},
		{"elements": param.Of(16), "size": param.Of(8), "instance_seed": param.Of(2)},
		{"elements": param.Of(5), "size": param.Of(5), "instance_seed": param.Of(3)},
		{"elements": param.Of(1), "size": param.Of(1), "instance_seed": param.Of(4)},
		{"elements": param.Of(64), "size": param.Of(2), "instance_seed": param.Of(5)},
		{"elements": param.Of(130), "size": param.Of(40), "instance_seed": param.Of(6)},
		{"elements": param.Of(4), "size": param.Of(2), "f": param.Of([]float64{-300, 0, 300, 1})},
	} {
		envtest.Discrete(t, buildDiscrete(t, "sets", p))
	}
}

func TestSetsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "elements")
		p := param.Values{
			"elements": param.Of(n),
			"size":     param.Of(rapid.IntRange(1, n).Draw(t, "size")),
			"f":        param.Of(rapid.SliceOfN(rapid.Float64Range(-5, 5), n, n).Draw(t, "f")),
		}
		envtest.Discrete(t, buildDiscrete(t, "sets", p), envtest.Walks(5), envtest.Samples(2000))
	})
}

// Equal values f make Z = C(n, k) exp(k f), and every element is included with
// probability k/n.
func TestSetsEqualValues(t *testing.T) {
	f := make([]float64, 32)
	for i := range f {
		f[i] = 0.5
	}
	e := build(t, "sets", param.Values{"elements": param.Of(32), "size": param.Of(16), "f": param.Of(f)})
	near(t, "log Z", e.LogZ(), math.Log(601_080_390)+8, 1e-13) // C(32, 16)
	for i, p := range e.(env.Inclusive).Inclusion() {
		near(t, "inclusion", p, 0.5, 1e-12)
		if math.IsNaN(p) {
			t.Fatal(i)
		}
	}
}

// Two of three: Z = e_2(1, 2, 3) = 1*2 + 1*3 + 2*3 = 11.
func TestSetsByHand(t *testing.T) {
	e := build(t, "sets", param.Values{"elements": param.Of(3), "size": param.Of(2), "f": param.Of([]float64{0, math.Log(2), math.Log(3)})})
	near(t, "Z", math.Exp(e.LogZ()), 11, 1e-14)
	for i, want := range []float64{5. / 11, 8. / 11, 9. / 11} {
		near(t, "inclusion", e.(env.Inclusive).Inclusion()[i], want, 1e-14)
	}
}

// The size in da Silva et al. (2024): 32 elements, 16 of them in a set. With f uniform on
// (0, 1), log Z is 28.8 on average over instances, as the axes of two of their figures
// show.
func TestSetsOfThePaper(t *testing.T) {
	const instances = 200
	mean := 0.0
	for seed := range instances {
		e := build(t, "sets", param.Values{"instance_seed": param.Of(seed)})
		mean += e.LogZ() / instances
		if c := e.Capabilities(); c.Terminals != 601_080_390 || c.Enumerable.OK {
			t.Fatalf("%+v", c)
		}
	}
	if math.Abs(mean-28.8) > 0.5 {
		t.Errorf("log Z is %v on average", mean)
	}
}

func TestSetsInstance(t *testing.T) {
	a := build(t, "sets", param.Values{"instance_seed": param.Of(1)}).Instance()[0].Values
	b := build(t, "sets", param.Values{"f": param.Of(a)}).Instance()[0].Values
	c := build(t, "sets", param.Values{"instance_seed": param.Of(2)}).Instance()[0].Values
	for i := range a {
		if a[i] != b[i] || a[i] == c[i] || a[i] < 0 || a[i] >= 1 {
			t.Fatalf("f is %v, given literally %v, of another seed %v", a[i], b[i], c[i])
		}
	}
}

// f_scale multiplies what the seed draws; log Z and samples still agree with enumeration.
func TestSetsScale(t *testing.T) {
	p := param.Values{"elements": param.Of(8), "size": param.Of(3), "instance_seed": param.Of(4)}
	plain := build(t, "sets", p).Instance()[0].Values
	p["f_scale"] = param.Of(5.0)
	scaled := buildDiscrete(t, "sets", p)
	envtest.Discrete(t, scaled)
	for i, f := range scaled.Instance()[0].Values {
		near(t, "f", f, 5*plain[i], 1e-15)
	}
	p["f_scale"] = param.Of(0.0) // C(8, 3) sets of reward 1
	near(t, "log Z", build(t, "sets", p).LogZ(), math.Log(56), 1e-14)
}

func TestSetsFormat(t *testing.T) {
	e := buildDiscrete(t, "sets", param.Values{"elements": param.Of(8), "size": param.Of(3), "instance_seed": param.Of(1)})
	s := make([]uint64, e.Words())
	e.Reset(s)
	for i, want := range []string{"{}", "{7}", "{0,7}", "{0,3,7}"} {
		if got := e.Format(s); got != want {
			t.Errorf("%s, expected %s", got, want)
		}
		if i < 3 {
			e.Step(s, []int{7, 0, 3}[i])
		}
	}
}

func TestSetsErrors(t *testing.T) {
	paramError(t, "sets", param.Values{}, "instance_seed")
	paramError(t, "sets", param.Values{"instance_seed": param.Of(1), "f": param.Of(make([]float64, 32))}, "f")
	paramError(t, "sets", param.Values{"f": param.Of([]float64{1, 2})}, "f")
	paramError(t, "sets", param.Values{"f": param.Of(make([]float64, 32)), "f_scale": param.Of(1.0)}, "f_scale")
	paramError(t, "sets", param.Values{"elements": param.Of(2), "size": param.Of(2), "f": param.Of([]float64{1, math.Inf(1)})}, "f")
	paramError(t, "sets", param.Values{"elements": param.Of(3), "size": param.Of(4), "instance_seed": param.Of(1)}, "size")
}
