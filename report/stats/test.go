package stats

import (
	"fmt"
	"math"
	"slices"
)

// Alternative is the alternative hypothesis of a test.
type Alternative int

// The alternatives. Less and Greater say which way the first sample, or the
// paired difference first minus second, deviates.
const (
	TwoSided Alternative = iota
	Less
	Greater
)

// String returns "two-sided", "less" or "greater".
func (a Alternative) String() string {
	switch a {
	case Less:
		return "less"
	case Greater:
		return "greater"
	}
	return "two-sided"
}

// A Test is the result of a hypothesis test.
type Test struct {
	Statistic float64 // the function says which one
	P         float64 // p-value, in (0, 1]

	// MinP is the smallest p that a rearrangement of this very data could have,
	// given its ties and zeros. If MinP > alpha the test could not have been
	// significant: it is underpowered, not negative.
	MinP float64

	N, M     int       // sample sizes; pairs have M = 0
	Exact    bool      // P is from the exact permutation distribution
	Warnings []Warning // what a reader must see
}

// Underpowered reports whether no arrangement of data like this could have
// reached p ≤ alpha.
func (t Test) Underpowered(alpha float64) bool { return !(t.MinP <= alpha) }

// finish adds the warnings that apply to every test.
func (t Test) finish() Test {
	if t.Underpowered(Level) {
		size := fmt.Sprintf("%d pairs", t.N)
		if t.M > 0 {
			size = fmt.Sprintf("%d and %d values", t.N, t.M)
		}
		t.Warnings = append(t.Warnings, warn(TooFewSeeds, "with %s the smallest possible p is %.3g", size, t.MinP))
	}
	if !t.Exact {
		t.Warnings = append(t.Warnings, warn(Approximate, "p from an asymptotic approximation"))
	}
	return t
}

// tails are the masses of a null distribution at and beyond the observed
// statistic, and at its two extreme values.
type tails struct {
	lower, upper       float64 // P(S ≤ s), P(S ≥ s)
	smallest, greatest float64 // P(S = min S), P(S = max S)
}

// p returns the p-value of the alternative, and the smallest one reachable. The
// two-sided p is twice the smaller tail, at most 1.
func (t tails) p(alternative Alternative) (p, minP float64) {
	switch alternative {
	case Less:
		return min(t.lower, 1), min(t.smallest, 1)
	case Greater:
		return min(t.upper, 1), min(t.greatest, 1)
	}
	return min(2*min(t.lower, t.upper), 1), min(2*min(t.smallest, t.greatest), 1)
}

// nullMass caches the null distribution of the last ranks, because the search for an
// interval asks for the same ranks again and again in different orders.
type nullMass struct {
	ranks []int // ascending
	mass  []float64
}

// of returns the distribution for the ranks, in any order.
func (k *nullMass) of(ranks []int, mass func() []float64) []float64 {
	ascending := slices.Sorted(slices.Values(ranks))
	if k.mass == nil || !slices.Equal(ascending, k.ranks) {
		k.ranks, k.mass = ascending, mass()
	}
	return k.mass
}

// tailsOf sums a distribution over 0, 1, 2, … around the value s.
func tailsOf(mass []float64, s int) tails {
	var t tails
	for i, m := range mass {
		if m == 0 {
			continue
		}
		if t.smallest == 0 {
			t.smallest = m
		}
		t.greatest = m
		if i <= s {
			t.lower += m
		}
		if i >= s {
			t.upper += m
		}
	}
	return t
}

// normalTails returns the tails of a normal distribution with continuity
// correction step/2, for a statistic on a lattice with that step. The caller
// gives the extreme masses, which the normal distribution does not have.
func normalTails(s, mean, sd, step, extreme float64) tails {
	if sd == 0 {
		return tails{1, 1, 1, 1}
	}
	return tails{
		lower:    normalCDF((s + step/2 - mean) / sd),
		upper:    normalCDF(-(s - step/2 - mean) / sd),
		smallest: extreme,
		greatest: extreme,
	}
}

// normalCDF returns the standard normal distribution function, accurate in the
// lower tail.
func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }
