package claims

import (
	"math"

	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// An effect is what a test estimates. Its two ends belong to tests of two null
// values, which are equal unless there is a margin on both sides.
type effect struct {
	low, high  *stats.Effect
	offset     float64 // added to the estimate and both ends
	lowIsClaim bool    // the low end belongs to the claim, the high end to its opposite
	both       bool    // both ends belong to the claim
}

// size fills in the test's p and effect. x and y are the values of a and b, and
// d their differences.
func (t *Test) size(c *suites.Claim, direction stats.Direction, x, y, d []float64) error {
	better := direction == stats.HigherIsBetter // a is better where d is large
	t.Estimand = "a - b"
	switch c.Test {
	case "beaten":
		return t.oneSided(d, 0, !better)
	case "no-worse":
		margin := c.Margin
		if better {
			margin = -margin
		}
		return t.oneSided(d, margin, better)
	case "ratio":
		t.Estimand = "b / a"
		return t.ratio(x, y, c.AtLeast)
	case "equal":
		return t.equal(d, c.Margin)
	case "value":
		t.Estimand, t.effect.offset = "a", c.Value
		return t.equal(d, c.Tolerance)
	}
	return t.oneSided(d, 0, better)
}

// oneSided tests exactly, by signed ranks, whether the differences are above null, or
// below it, and also tests the opposite.
func (t *Test) oneSided(d []float64, null float64, above bool) error {
	e, err := stats.PairedShift(d, null)
	if err != nil {
		return err
	}
	t.take(e, above)
	return nil
}

// ratio tests whether y is at least atLeast times x. A ratio needs positive and finite
// values; if some are not, it is tested but not estimated.
func (t *Test) ratio(x, y []float64, atLeast float64) error {
	if e, err := stats.PairedRatio(y, x, atLeast); err == nil {
		t.take(e, true)
		return nil
	}
	d := make([]float64, len(x))
	for i := range x {
		d[i] = report.Difference(y[i], float64(atLeast*x[i]))
	}
	e, err := stats.PairedShift(d, 0)
	if err != nil {
		return err
	}
	t.P, t.Against = e.Greater, e.Less
	return nil
}

// take sets p of the claim and of its opposite from an effect.
func (t *Test) take(e *stats.Effect, above bool) {
	t.effect.low, t.effect.high, t.effect.lowIsClaim = e, e, above
	if t.P, t.Against = e.Greater, e.Less; !above {
		t.P, t.Against = e.Less, e.Greater
	}
}

// equal tests equivalence within the margin: p is the larger of two one-sided
// exact tests. The opposite is that the centre lies beyond one end or the other,
// so its p is twice the smaller one.
func (t *Test) equal(d []float64, margin float64) error {
	low, err := stats.PairedShift(d, -margin)
	if err != nil {
		return err
	}
	high, err := stats.PairedShift(d, margin)
	if err != nil {
		return err
	}
	t.effect.low, t.effect.high, t.effect.both = low, high, true
	t.P, t.Against = max(low.Greater, high.Less), min(1, 2*min(high.Greater, low.Less))
	return nil
}

// interval fills in the estimate with the ends that the adjusted tests reject. The
// claim's end is adjusted in a family of the first size, the opposite's in one of
// the second.
func (t *Test) interval(family, others int) {
	if t.effect.low == nil || !t.ran {
		return
	}
	claim, opposite := report.TestLevel(t.P, t.Adjusted, family), report.TestLevel(t.Against, t.AdjustedAgainst, others)
	low, high := claim, opposite
	switch {
	case t.effect.both:
		high = claim
	case !t.effect.lowIsClaim:
		low, high = opposite, claim
	}
	below, err1 := t.effect.low.Interval(low, high)
	above, err2 := t.effect.high.Interval(low, high)
	if err1 != nil || err2 != nil {
		return // every level comes from a test
	}
	t.Estimate = below.Estimate + t.effect.offset
	t.Low, t.High = below.Low+t.effect.offset, above.High+t.effect.offset
	if math.IsInf(t.Estimate, 0) {
		t.Estimate = math.NaN()
	}
	if math.IsInf(t.Low, -1) && math.IsInf(t.High, 1) || !below.Given() || !above.Given() {
		t.Low, t.High = math.NaN(), math.NaN()
	}
}
