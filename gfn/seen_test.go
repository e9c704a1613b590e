package gfn

import (
	"testing"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
)

// Rewards that are equal by definition count the same, whatever their last bits.
func TestModesOfTiedRewards(t *testing.T) {
	// Of the 121 sequences, 64 have a reward at or above the median, according to an
	// enumeration in NumPy with ties at a relative 1e-12. Two of them differ from the
	// median in the last bit, because they add the same terms in another order.
	in, err := NewInstance("sequences", param.Values{
		"elements": param.Of(3), "length": param.Of(4), "f": param.Of([]float64{0.3, -1.2, 0.8}), "g": param.Of([]float64{1.1, -0.4, 0.5, 2.0}),
	})
	if err != nil {
		t.Fatal(err)
	}
	g, err := in.Graph(1000)
	if err != nil {
		t.Fatal(err)
	}
	tau, err := in.LogTau(Modes{Quantile: 0.5}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	s := newSeen(1, 1, tau)
	for i, logR := range g.LogRewards() {
		s.add([]uint64{uint64(i)}, logR)
	}
	if got := s.modes.Len(); got != 64 {
		t.Errorf("%d modes at the median, want 64", got)
	}

	// 0.1 + 0.7 is 0.7999999999999999 in floating point, a mode of threshold 0.8.
	r0, r1 := 0.1, 0.7
	s = newSeen(1, 1, fmath.Log(0.8))
	s.add([]uint64{0}, fmath.Log(r0+r1))
	s.add([]uint64{1}, fmath.Log(0.8)-1e-6)
	if got := s.modes.Len(); got != 1 {
		t.Errorf("%d modes at the threshold, want 1", got)
	}
}
