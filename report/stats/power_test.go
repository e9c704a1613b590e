package stats_test

import (
	"math"
	"testing"

	"gfnbench/report/stats"
)

// phi returns the standard normal distribution function.
func phi(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// TestPowerInClosedForm: if only the extreme arrangement is significant, the power is the
// probability that all pairs agree, or that samples do not overlap.
func TestPowerInClosedForm(t *testing.T) {
	for _, delta := range []float64{0, .5, 1, 2} {
		near(t, "5 pairs", stats.SignedRankPower(5, .05).Of(delta), math.Pow(phi(delta), 5), .02)
		near(t, "10 pairs in a family of 28", stats.SignedRankPower(10, .05/28).Of(delta), math.Pow(phi(delta), 10), .02)
		// P(min x > max y) of 3 and 3 by quadrature: ∫ 3φ(y)Φ(y)²(1 - Φ(y - δ))³ dy.
		const step = 1e-3
		apart := 0.0
		for y := -8.0; y < 8+delta; y += step {
			apart += step * 3 * math.Exp(-y*y/2) / math.Sqrt(2*math.Pi) * phi(y) * phi(y) * math.Pow(1-phi(y-delta), 3)
		}
		near(t, "3 and 3", stats.MannWhitneyPower(3, 3, .05).Of(delta), apart, .02)
	}
}

func TestPower(t *testing.T) {
	// Without a difference the power is the exact level: 3/64 for 6 pairs, 2/70 for 4 and
	// 4 values (U ≥ 15).
	near(t, "level of 6 pairs", stats.SignedRankPower(6, .05).Of(0), 3./64, .012)
	near(t, "level of 4 and 4", stats.MannWhitneyPower(4, 4, .05).Of(0), 2./70, .012)
	// Efficiency 3/π of the t test, which has 0.8 at 0.3 sd with 70.1 pairs (one-sided).
	if got := stats.PairsForPower(.3, .8, .05); got < 70 || got > 77 {
		t.Errorf("%d pairs find 0.3 sd", got)
	}
	if got := stats.PairsForPower(.1, .8, .05); got != 648 {
		t.Errorf("%d pairs find 0.1 sd, (1.6449 + 0.8416)²/0.01·π/3 is 647.4", got)
	}
	if got := stats.PairsForPower(9, .8, .05); got != stats.PairsNeeded(.05, stats.Greater) {
		t.Errorf("%d pairs find a huge difference: as many as can be significant at all", got)
	}
	// A detectable difference is found with the stated probability.
	for n, alpha := range map[int]float64{8: .05, 20: .01} {
		power := stats.SignedRankPower(n, alpha)
		near(t, "detectable", power.Of(power.Detectable(.8)), .8, 1e-3)
	}
	for name, hopeless := range map[string]*stats.Power{"4 pairs": stats.SignedRankPower(4, .05), "2 and 3": stats.MannWhitneyPower(2, 3, .05), "none": stats.SignedRankPower(0, .05)} {
		if hopeless.Of(99) != 0 || !math.IsInf(hopeless.Detectable(.8), 1) {
			t.Errorf("%s can be significant", name)
		}
	}
	for _, bad := range []float64{0, -1, nan} {
		if stats.PairsForPower(bad, .8, .05) != 0 {
			t.Errorf("pairs for a difference of %v", bad)
		}
	}
	if a, b := stats.SignedRankPower(12, .05), stats.SignedRankPower(12, .05); a.Of(.7) != b.Of(.7) {
		t.Error("the power does not repeat")
	}
}
