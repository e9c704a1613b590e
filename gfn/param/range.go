package param

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Range bounds a number, or each number of a list. The zero Range has no bounds. The
// functions below make Ranges, and the methods narrow them.
type Range struct {
	low, high bound
	not       []Excluded
}

type bound struct {
	at   float64
	is   bool // whether there is a bound
	open bool // whether the bound itself is excluded
}

// An Excluded value lies within the bounds but is refused.
type Excluded struct {
	Value float64 // the refused value
	Why   string  // what to use instead, such as "the objective reverse-kl"
}

// AtLeast returns the range from low upwards.
func AtLeast(low float64) Range { return Range{low: bound{at: low, is: true}} }

// Above returns the range above low, which it excludes.
func Above(low float64) Range { return Range{low: bound{low, true, true}} }

// Between returns the range from low to high, both included.
func Between(low, high float64) Range { return AtLeast(low).To(high) }

// Except returns the range of all numbers except some.
func Except(not ...Excluded) Range { return Range{not: not} }

// To bounds the range from above by high, which it includes.
func (r Range) To(high float64) Range { r.high = bound{at: high, is: true}; return r }

// Below bounds the range from above by high, which it excludes.
func (r Range) Below(high float64) Range { r.high = bound{high, true, true}; return r }

// Contains reports whether x is in the range. Only the zero Range contains infinite
// numbers, and no Range contains NaN.
func (r Range) Contains(x float64) bool {
	bounded := r.low.is || r.high.is || r.not != nil
	if math.IsNaN(x) || bounded && math.IsInf(x, 0) || r.low.is && (x < r.low.at || r.low.open && x == r.low.at) ||
		r.high.is && (x > r.high.at || r.high.open && x == r.high.at) {
		return false
	}
	_, excluded := r.excluded(x)
	return !excluded
}

// Excluded returns what to use instead of x if the range excludes it, and "" otherwise.
func (r Range) Excluded(x float64) string { e, _ := r.excluded(x); return e.Why }

func (r Range) excluded(x float64) (Excluded, bool) {
	for _, e := range r.not {
		if e.Value == x {
			return e, true
		}
	}
	return Excluded{}, false
}

// distant is the value from which an upper bound is so large that only a message about a
// value above it mentions it.
const distant = 1 << 20

// String writes the range in words, such as "above 0 and at most 100". It leaves out an
// upper bound that nobody meets.
func (r Range) String() string { return r.words(r.high.is && r.high.at < distant) }

func (r Range) words(upper bool) string {
	if only, ok := r.Only(); ok {
		return short(only)
	}
	if upper && r.low.is && !r.low.open && !r.high.open && r.not == nil {
		return "from " + short(r.low.at) + " to " + short(r.high.at)
	}
	var parts []string
	switch {
	case r.low.is && r.low.open:
		parts = append(parts, "above "+short(r.low.at))
	case r.low.is:
		parts = append(parts, "at least "+short(r.low.at))
	}
	switch {
	case !upper:
	case r.high.open:
		parts = append(parts, "below "+short(r.high.at))
	default:
		parts = append(parts, "at most "+short(r.high.at))
	}
	var not []string
	for _, e := range r.not {
		not = append(not, short(e.Value))
	}
	if not != nil {
		parts = append(parts, "other than "+strings.Join(not, " and "))
	}
	return strings.Join(parts, " and ")
}

// Exact is the greatest integer of the results: programs that hold numbers as floats would
// alter a greater one.
const Exact = 1<<53 - 1

// short writes a bound: integers in full, others in the fewest digits.
func short(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) <= Exact+1 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return OfFloat(x).String()
}

// Only returns the one number in the range, and whether there is just one.
func (r Range) Only() (float64, bool) {
	return r.low.at, r.low.is && r.high.is && r.low.at == r.high.at && !r.low.open && !r.high.open
}

// Why says what is wrong with x, which must be outside the range.
func (r Range) Why(x float64) string {
	if e, ok := r.excluded(x); ok {
		return fmt.Sprintf("%s is %s", short(x), e.Why)
	}
	if words := r.Near(x); words != "" {
		return short(x) + " is out of range: expected " + words
	}
	return short(x) + " is not a finite number"
}

// Near writes the range in words. It includes a distant upper bound only if x exceeds it.
func (r Range) Near(x float64) string {
	return r.words(r.high.is && (r.high.at < distant || x > r.high.at))
}

// Schema adds the range to a JSON Schema of a number.
func (r Range) Schema(s map[string]any) {
	low, high := "minimum", "maximum"
	if r.low.open {
		low = "exclusiveMinimum"
	}
	if r.high.open {
		high = "exclusiveMaximum"
	}
	if r.low.is {
		s[low] = r.low.at
	}
	if r.high.is {
		s[high] = r.high.at
	}
	if len(r.not) > 0 {
		values := make([]float64, len(r.not))
		for i, e := range r.not {
			values[i] = e.Value
		}
		s["not"] = map[string]any{"enum": values}
	}
}
