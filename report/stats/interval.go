package stats

import (
	"fmt"
	"math"
)

// An Interval is an estimate with a confidence interval.
type Interval struct {
	Estimate  float64   // the statistic of the data itself
	Low, High float64   // NaN if no interval is given; a warning says why
	Coverage  float64   // the level; for order statistics and ranks a lower bound
	Warnings  []Warning // what a reader must see
}

// FewestSeeds is the smallest number of values for which the interval of a mean
// is given. With fewer it would be at least 9 standard deviations wide on
// either side.
const FewestSeeds = 3

// Given reports whether there is an interval.
func (in Interval) Given() bool { return !math.IsNaN(in.Low) && !math.IsNaN(in.High) }

// Within returns the interval cut to a range that the estimated quantity cannot
// leave.
func (in Interval) Within(low, high float64) Interval {
	if in.Given() {
		in.Low, in.High = max(in.Low, low), min(in.High, high)
	}
	return in
}

// withheld returns an estimate without an interval, and the reason.
func withheld(estimate, coverage float64, kind WarningKind, format string, args ...any) Interval {
	return Interval{estimate, math.NaN(), math.NaN(), coverage, []Warning{warn(kind, "no interval: "+format, args...)}}
}

// checkCoverage rejects a coverage that is not between 0 and 1.
func checkCoverage(coverage float64) error {
	if !(coverage > 0 && coverage < 1) {
		return fmt.Errorf("coverage %v: %w: it must lie between 0 and 1", coverage, ErrRange)
	}
	return nil
}

// seedCount returns "1 seed" or "n seeds".
func seedCount(n int) string {
	if n == 1 {
		return "1 seed"
	}
	return fmt.Sprintf("%d seeds", n)
}
