package stats

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// An Effect estimates how far two samples, or the two sides of pairs, lie apart, by
// the corresponding rank test. The interval inverts the test: it excludes the null
// value exactly when the test rejects it, so the two cannot disagree.
type Effect struct {
	Estimate      float64 // Hodges–Lehmann estimate (1963); NaN if there is none
	Null          float64 // the value tested
	Greater, Less float64 // exact one-sided p that the true value is above, or below, Null

	failed bool      // too many values are infinite for an estimate
	points []float64 // where p changes, ascending and distinct
	p      func(value float64, alternative Alternative) float64
}

// PairedShift returns the shift of the paired differences d from the null value by
// [SignedRank]. The estimate is the median of the Walsh averages (d[i]+d[j])/2, i
// ≤ j. Infinite differences count by their order. Errors are as for SignedRank.
func PairedShift(d []float64, null float64) (*Effect, error) {
	known := new(nullMass)
	test := func(value float64, alternative Alternative) (Test, error) {
		shifted := make([]float64, len(d))
		for i, v := range d {
			shifted[i] = v - value
		}
		return signedRank(shifted, alternative, known)
	}
	return newEffect(walsh(d, func(i, j int) float64 { return d[i]/2 + d[j]/2 }), null, infinite(d), test)
}

// PairedRatio returns the ratio y/x of pairs by [SignedRank] of y - ratio·x. The
// estimate is the median of (y[i]+y[j])/(x[i]+x[j]), i ≤ j. Errors are as for
// SignedRank; it is also an error if x has a value that is not positive, for
// which there is no ratio, or if a value is infinite.
func PairedRatio(y, x []float64, null float64) (*Effect, error) {
	if len(x) != len(y) {
		return nil, fmt.Errorf("pairs: %w: %d and %d values", ErrLength, len(x), len(y))
	}
	if err := checkFinite("numerators", y); err != nil {
		return nil, err
	}
	if err := checkFinite("denominators", x); err != nil {
		return nil, err
	}
	for i, v := range x {
		if v <= 0 {
			return nil, fmt.Errorf("denominators[%d] = %v: %w: a ratio needs positive ones", i, v, ErrRange)
		}
	}
	known := new(nullMass)
	test := func(value float64, alternative Alternative) (Test, error) {
		d := make([]float64, len(x))
		for i := range x {
			d[i] = y[i] - float64(value*x[i])
		}
		return signedRank(d, alternative, known)
	}
	return newEffect(walsh(x, func(i, j int) float64 { return (y[i] + y[j]) / (x[i] + x[j]) }), null, 0, test)
}

// UnpairedShift returns the shift of x from y, two independent samples, by
// [MannWhitney]. The estimate is the median of all x[i] - y[j]. Errors are as
// for MannWhitney.
func UnpairedShift(x, y []float64, null float64) (*Effect, error) {
	points := make([]float64, 0, len(x)*len(y))
	for _, v := range x {
		for _, w := range y {
			points = append(points, v-w)
		}
	}
	known := new(nullMass)
	return newEffect(points, null, max(infinite(x), infinite(y)), func(value float64, alternative Alternative) (Test, error) {
		shifted := make([]float64, len(x))
		for i, v := range x {
			shifted[i] = v - value
		}
		return mannWhitney(shifted, y, alternative, known)
	})
}

// walsh returns f(i, j) for all i ≤ j.
func walsh(x []float64, f func(i, j int) float64) []float64 {
	points := make([]float64, 0, len(x)*(len(x)+1)/2)
	for j := range x {
		for i := range j + 1 {
			points = append(points, f(i, j))
		}
	}
	return points
}

// mostFailed is the largest share of infinite values for which an [Effect] has
// an estimate. Beyond it the middle depends on how much a failure counts.
const mostFailed = 0.25

// infinite returns the share of infinite values.
func infinite(x []float64) float64 {
	n := 0
	for _, v := range x {
		if math.IsInf(v, 0) {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

// newEffect makes an effect from the points at which the test changes.
func newEffect(points []float64, null, failed float64, test func(float64, Alternative) (Test, error)) (*Effect, error) {
	if math.IsNaN(null) || math.IsInf(null, 0) {
		return nil, fmt.Errorf("null value %v: %w: it must be finite", null, ErrRange)
	}
	greater, err := test(null, Greater)
	if err != nil {
		return nil, err
	}
	less, err := test(null, Less)
	if err != nil {
		return nil, err
	}
	// An infinity of each sign has no middle, and pulls neither way.
	points = slices.DeleteFunc(points, math.IsNaN)
	e := &Effect{Estimate: Median(points), Null: null, Greater: greater.P, Less: less.P, failed: failed > mostFailed}
	points = slices.DeleteFunc(points, func(v float64) bool { return math.IsInf(v, 0) })
	slices.Sort(points)
	e.points = slices.Compact(points)
	e.p = func(value float64, alternative Alternative) float64 {
		t, err := test(value, alternative)
		if err != nil {
			return 1 // a null value cannot turn valid data into NaN
		}
		return t.P
	}
	return e, nil
}

// P returns p of the alternative at the null value. The two-sided p is twice
// the smaller one-sided p, at most 1.
func (e *Effect) P(alternative Alternative) float64 {
	switch alternative {
	case Greater:
		return e.Greater
	case Less:
		return e.Less
	}
	return min(1, 2*min(e.Greater, e.Less))
}

// Interval returns the interval of all values that the one-sided tests do not reject, at the level
// low from below and at the level high from above. With ½·0.05 for both it has 95% and belongs to
// the two-sided test. An end is infinite if the values reject nothing on that side. The interval is
// withheld if it has no end, or if more than a quarter of the values are infinite. It returns an
// error if a level is not between 0 and 1.
func (e *Effect) Interval(low, high float64) (Interval, error) {
	for _, level := range []float64{low, high} {
		if !(level > 0 && level < 1) {
			return Interval{}, fmt.Errorf("level %v: %w: it must lie between 0 and 1", level, ErrRange)
		}
	}
	in := Interval{Estimate: e.Estimate, Coverage: 1 - low - high}
	if e.failed {
		return withheld(e.Estimate, in.Coverage, Undefined, "more than %g%% of the seeds are infinitely bad", 100*mostFailed), nil
	}
	in.Low = lowerEnd(e.points, e.Null, func(v float64) bool { return e.p(v, Greater) <= low })
	mirrored := make([]float64, len(e.points))
	for i, v := range e.points {
		mirrored[len(mirrored)-1-i] = -v
	}
	in.High = -lowerEnd(mirrored, -e.Null, func(v float64) bool { return e.p(-v, Less) <= high })
	if math.IsInf(in.Low, -1) && math.IsInf(in.High, 1) {
		return withheld(e.Estimate, in.Coverage, TooFewSeeds, "so few seeds reject no value"), nil
	}
	return in, nil
}

// lowerEnd returns the point below which every value is rejected. The test is
// constant between two points; region i is the one below point i. It tries the
// null value first, because the end must lie on the right side of it.
func lowerEnd(points []float64, null float64, rejects func(float64) bool) float64 {
	inside := func(i int) float64 {
		switch {
		case len(points) == 0:
			return null
		case i == 0:
			return points[0] - max(1, math.Abs(points[0]))
		case i == len(points):
			return points[i-1] + max(1, math.Abs(points[i-1]))
		}
		return points[i-1]/2 + points[i]/2
	}
	at, isPoint := slices.BinarySearch(points, null)
	from, to := 0, len(points)+1 // the end is at a region in from … to-1, or at none
	switch rejected := rejects(null); {
	case rejected:
		from = at + 1
	case isPoint:
		to = at + 1
	default:
		to = at
	}
	first := from + sort.Search(to-from, func(i int) bool { return !rejects(inside(from + i)) })
	switch {
	case first == 0:
		return math.Inf(-1)
	case first > len(points):
		return math.Inf(1)
	}
	return points[first-1]
}
