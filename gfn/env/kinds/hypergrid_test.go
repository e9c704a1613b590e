package kinds_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

func TestHypergrid(t *testing.T) {
	for _, p := range []param.Values{
		{},
		{"dim": param.Of(1), "height": param.Of(2)},
		{"dim": param.Of(2), "height": param.Of(12)},
		{"dim": param.Of(3), "height": param.Of(8), "r1": param.Of(0.0), "r2": param.Of(7.0)},
		{"dim": param.Of(4), "height": param.Of(5), "r2": param.Of(0.0)},
		{"dim": param.Of(2), "height": param.Of(16), "r0": param.Of(5.0), "r1": param.Of(0.0), "r2": param.Of(0.0)},
		{"dim": param.Of(9), "height": param.Of(200)}, // 8 bits a coordinate, two words
		{"dim": param.Of(70), "height": param.Of(4)},  // masks of two words
		{"dim": param.Of(10), "height": param.Of(2)},  // 1 bit a coordinate
	} {
		envtest.Discrete(t, buildDiscrete(t, "hypergrid", p))
	}
}

func TestHypergridProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := param.Values{
			"dim":    param.Of(rapid.IntRange(1, 4).Draw(t, "dim")),
			"height": param.Of(rapid.IntRange(2, 7).Draw(t, "height")),
			"r0":     param.Of(rapid.Float64Range(1e-3, 1).Draw(t, "r0")),
			"r1":     param.Of(rapid.Float64Range(0, 3).Draw(t, "r1")),
			"r2":     param.Of(rapid.Float64Range(0, 3).Draw(t, "r2")),
		}
		envtest.Discrete(t, buildDiscrete(t, "hypergrid", p), envtest.States(1000), envtest.Walks(5), envtest.Samples(2000))
	})
}

// Z by hand. For H = 12, u = |2i-11| is 11, 9, 7, 5, 3, 1 and back: outer for u > 5.5, 6
// values; band for 6.6 < u < 8.8, the 2 with u = 7. So Z = 0.001*144 + 0.5*36 + 2*4. For
// H = 9, u = 8, 6, 4, 2, 0: outer for u > 4, 4 values; band for 4.8 < u < 6.4, 2. Z =
// 0.081 + 8 + 8.
func TestHypergridLogZ(t *testing.T) {
	for _, c := range []struct {
		p param.Values
		z float64
	}{
		{param.Values{"height": param.Of(12)}, 26.144},                                 // da Silva et al. 2024, H = 12
		{param.Values{"height": param.Of(9)}, 16.081},                                  // da Silva et al. 2024, H = 9
		{param.Values{"height": param.Of(12), "r0": param.Of(0.1)}, 14.4 + 18 + 8},     // linear in r0
		{param.Values{"dim": param.Of(1), "height": param.Of(2)}, 2*1e-3 + 2*0.5},      // both ends outer, none in the band
		{param.Values{"dim": param.Of(3), "height": param.Of(12)}, 1.728 + 108 + 16},   // 0.001*12^3 + 0.5*6^3 + 2*2^3
		{param.Values{"dim": param.Of(4), "height": param.Of(8)}, 4.096 + 128 + 32},    // u = 7, 5, 3, 1: outer 4, band 4.2 < u < 5.6: 2
		{param.Values{"dim": param.Of(2), "height": param.Of(16)}, 0.256 + 32 + 8},     // u = 15, 13, 11, 9: outer 8, band 9 < u < 12: u = 11, 2
		{param.Values{"dim": param.Of(2), "height": param.Of(11)}, 0.121 + 0.5*36 + 0}, // u = 10, 8, 6: outer 6, band 6 < u < 8: none
	} {
		e := build(t, "hypergrid", c.p)
		near(t, "Z", math.Exp(e.LogZ()), c.z, 1e-12)
	}
}

// The bands are open intervals, which floating point gets wrong: for H = 11 cell 1 has
// |1/10 - 1/2| = 0.4 and cell 2 has 0.3, on the edge and therefore outside.
func TestHypergridEdges(t *testing.T) {
	for _, c := range []struct {
		height int
		band   []int // cells of the one-dimensional grid with reward r0 + r1 + r2
	}{
		{11, nil},
		{16, []int{2, 13}},
		{21, []int{3, 17}},
		{12, []int{2, 9}},
		{9, []int{1, 7}},
	} {
		e := buildDiscrete(t, "hypergrid", param.Values{"dim": param.Of(1), "height": param.Of(c.height)})
		s := make([]uint64, e.Words())
		for x := range c.height {
			e.Reset(s)
			for range x {
				e.Step(s, 0)
			}
			e.Step(s, 1)
			want := 1e-3
			if u := 2*x - (c.height - 1); 2*u > c.height-1 || -2*u > c.height-1 {
				want += 0.5
			}
			for _, b := range c.band {
				if b == x {
					want += 2
				}
			}
			near(t, e.Format(s), math.Exp(e.LogReward(s)), want, 1e-14)
		}
	}
}

func TestHypergridFormat(t *testing.T) {
	e := buildDiscrete(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(12)})
	s := make([]uint64, e.Words())
	e.Reset(s)
	for _, a := range []int{1, 0, 1, 1, 1} {
		e.Step(s, a)
	}
	if got := e.Format(s); got != "(1,4)..." {
		t.Error(got)
	}
	e.Step(s, 2)
	if got := e.Format(s); got != "(1,4)" {
		t.Error(got)
	}
}

func TestHypergridErrors(t *testing.T) {
	paramError(t, "hypergrid", param.Values{"r0": param.Of(0.0)}, "r0")
	paramError(t, "hypergrid", param.Values{"height": param.Of(1)}, "height")
	paramError(t, "hypergrid", param.Values{"dim": param.Of(0)}, "dim")
	paramError(t, "hypergrid", param.Values{"r2": param.Of(-1.0)}, "r2")
}
