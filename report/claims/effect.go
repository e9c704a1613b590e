package claims

import (
	"math"

	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// An effect is what a test estimates. Its two ends belong to tests of two null values,
// which are equal unless the claim has a margin on both sides.
type effect struct {
	low, high  *stats.Effect
	offset     float64 // added to the estimate and both ends
	lowIsClaim bool    // the low end belongs to the claim, the high end to its opposite
	both       bool    // both ends belong to the claim
}

// samples are the values of both sides, either in pairs of seeds, with their differences,
// or as two samples if another program trained one side.
type samples struct {
	x, y, d  []float64
	unpaired bool
}

// shift returns how far x lies from y, tested against a null value.
func (s *samples) shift(null float64) (*stats.Effect, error) {
	if s.unpaired {
		return stats.UnpairedShift(s.x, s.y, null)
	}
	return stats.PairedShift(s.d, null)
}

// spread returns the standard deviation of the differences or, for two samples, the one
// that they share.
func (s *samples) spread() float64 {
	if s.unpaired {
		return math.Hypot(spread(s.x), spread(s.y)) / math.Sqrt2
	}
	return spread(s.d)
}

// size fills in the test's p and effect.
func (t *Test) size(c *suites.Claim, direction stats.Direction, s *samples) error {
	better := direction == stats.HigherIsBetter // a is better if d is large
	t.Estimand = "a - b"
	if c.Effect.Given() {
		if err := t.tie(s); err != nil {
			return err
		}
	}
	switch c.Test {
	case "beaten":
		better = !better
	case "no-worse":
		margin := t.Size
		if better {
			margin = -margin
		}
		return t.oneSided(s, margin, better)
	case "ratio":
		t.Estimand = "b / a"
		return t.ratio(s, c.AtLeast)
	case "equal":
		return t.equal(s, t.Size)
	case "value":
		t.Estimand, t.effect.offset = "a", c.Value
		return t.equal(s, t.Size)
	}
	return t.oneSided(s, 0, better)
}

// tie fills in the p of a difference below the smallest that counts: the larger p of two
// one-sided exact tests.
func (t *Test) tie(s *samples) error {
	low, err := s.shift(-t.Size)
	if err != nil {
		return err
	}
	high, err := s.shift(t.Size)
	if err != nil {
		return err
	}
	t.tied = effect{low: low, high: high, both: true}
	t.TieP = max(low.Greater, high.Less)
	return nil
}

// oneSided tests exactly whether the differences are above null, or below it, and also
// tests the opposite.
func (t *Test) oneSided(s *samples, null float64, above bool) error {
	e, err := s.shift(null)
	if err != nil {
		return err
	}
	t.take(e, above)
	return nil
}

// ratio tests whether y is at least atLeast times x. A ratio needs positive and finite
// values; if some are not, it is tested but not estimated.
func (t *Test) ratio(s *samples, atLeast float64) error {
	if e, err := stats.PairedRatio(s.y, s.x, atLeast); err == nil && !s.unpaired {
		t.take(e, true)
		return nil
	}
	e, err := s.multiple(atLeast).shift(0)
	if err != nil {
		return err
	}
	t.P, t.Against = e.Greater, e.Less
	return nil
}

// multiple returns y as x, and so many times x as y: what a ratio is tested on.
func (s *samples) multiple(atLeast float64) *samples {
	times := make([]float64, len(s.x))
	for i, x := range s.x {
		times[i] = float64(atLeast * x)
	}
	of := &samples{x: s.y, y: times, unpaired: s.unpaired}
	if !s.unpaired {
		for i, y := range s.y {
			of.d = append(of.d, report.Difference(y, times[i]))
		}
	}
	return of
}

// take sets the p of the claim and of its opposite from an effect.
func (t *Test) take(e *stats.Effect, above bool) {
	t.effect.low, t.effect.high, t.effect.lowIsClaim = e, e, above
	if t.P, t.Against = e.Greater, e.Less; !above {
		t.P, t.Against = e.Less, e.Greater
	}
}

// equal tests equivalence within the margin: p is the larger of two one-sided
// exact tests. The opposite is that the centre lies beyond one end or the other,
// so its p is twice the smaller one.
func (t *Test) equal(s *samples, margin float64) error {
	low, err := s.shift(-margin)
	if err != nil {
		return err
	}
	high, err := s.shift(margin)
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
	low, high, of := claim, opposite, t.effect
	switch {
	case t.Verdict == Tie:
		of = t.tied
		low = report.TestLevel(t.TieP, t.AdjustedTie, family)
		high = low
	case of.both:
		high = claim
	case !of.lowIsClaim:
		low, high = opposite, claim
	}
	below, err1 := of.low.Interval(low, high)
	above, err2 := of.high.Interval(low, high)
	if err1 != nil || err2 != nil {
		return // every level comes from a test
	}
	t.Estimate = below.Estimate + of.offset
	t.Low, t.High = below.Low+of.offset, above.High+of.offset
	if math.IsInf(t.Estimate, 0) {
		t.Estimate = math.NaN()
	}
	if math.IsInf(t.Low, -1) && math.IsInf(t.High, 1) || !below.Given() || !above.Given() {
		t.Low, t.High = math.NaN(), math.NaN()
	}
}
