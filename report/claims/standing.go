package claims

import (
	"math"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// Name says what the test compares, for readers.
func (t *Test) Name() string {
	if t.Reading != "" {
		return t.label + " (" + t.Reading + ")"
	}
	return t.label
}

// Standing returns how far the estimate lies on the side of the claim, in standard
// deviations of the units' differences, with the interval that decides the test. A test of
// equality or of a value has no side: it is how far a lies from b, or from the value, and
// margin is the distance that counts as equal; else margin is 0. It is not ok for a ratio, or
// where there is no estimate or no spread.
func (t *Test) Standing(c *suites.Claim) (in stats.Interval, margin float64, ok bool) {
	if !t.ran || c.Test == "ratio" || t.effect.low == nil || math.IsNaN(t.Estimate) || !(t.SD > 0) {
		return in, 0, false
	}
	null, sign := t.effect.low.Null+t.effect.offset, 1.0
	switch {
	case t.effect.both:
		null, margin = t.effect.offset, t.Size/t.SD
	case !t.effect.lowIsClaim:
		sign = -1
	}
	at := func(x float64) float64 { return sign * (x - null) / t.SD }
	in = stats.Interval{Estimate: at(t.Estimate), Low: at(t.Low), High: at(t.High)}
	if sign < 0 {
		in.Low, in.High = in.High, in.Low
	}
	return in, margin, true
}
