package stats

import (
	"errors"
	"fmt"
	"math"
)

// These errors are wrapped by functions of this package; test for them with
// errors.Is.
var (
	ErrTooFew   = errors.New("too few observations")
	ErrNaN      = errors.New("not a number")
	ErrInfinite = errors.New("infinite value")
	ErrLength   = errors.New("lengths differ")
	ErrRange    = errors.New("value out of range")
)

// WarningKind says what a [Warning] is about.
type WarningKind int

// The kinds of warning.
const (
	// TooFewSeeds: no data of this size could reach significance at [Level], or an
	// interval from so few seeds covers less than it claims.
	TooFewSeeds WarningKind = iota + 1
	// Approximate: an asymptotic distribution stands in for the exact one.
	Approximate
	// ZeroDifferences: some paired differences are exactly zero.
	ZeroDifferences
	// NoVariation: every resample or rearrangement gives the same value.
	NoVariation
	// Undefined: the estimate or some resample has no value (NaN).
	Undefined
	// BeyondFollowUp: a survival estimate reaches past the last observation.
	BeyondFollowUp
)

var warningNames = map[WarningKind]string{
	TooFewSeeds:     "too few seeds",
	Approximate:     "approximate",
	ZeroDifferences: "zero differences",
	NoVariation:     "no variation",
	Undefined:       "undefined",
	BeyondFollowUp:  "beyond follow-up",
}

// String returns the kind in words, or its number if it is none of the above.
func (k WarningKind) String() string {
	if s, ok := warningNames[k]; ok {
		return s
	}
	return fmt.Sprintf("warning %d", int(k))
}

// A Warning is a caveat that belongs to a result. It is not an error: the
// numbers are correct, but a reader must see it.
type Warning struct {
	Kind WarningKind // what it is about
	Text string      // a sentence without capital or full stop, fit for a footnote
}

// String returns "kind: text".
func (w Warning) String() string { return w.Kind.String() + ": " + w.Text }

// Level is the significance level that warnings refer to. One minus Level is
// the default coverage of intervals.
const Level = 0.05

// slackMass absorbs rounding in cumulative probabilities.
const slackMass = 1e-12

// Warned reports whether ws holds a warning of the kind.
func Warned(ws []Warning, kind WarningKind) bool {
	for _, w := range ws {
		if w.Kind == kind {
			return true
		}
	}
	return false
}

func warn(kind WarningKind, format string, args ...any) Warning {
	return Warning{kind, fmt.Sprintf(format, args...)}
}

// checkSample rejects an empty sample and a NaN in it. Errors mention name.
func checkSample(name string, x []float64) error {
	if len(x) == 0 {
		return fmt.Errorf("%s: %w: none given", name, ErrTooFew)
	}
	for i, v := range x {
		if math.IsNaN(v) {
			return fmt.Errorf("%s[%d]: %w: enter a diverged run as its worst score or leave the pair out", name, i, ErrNaN)
		}
	}
	return nil
}

// checkFinite rejects what checkSample rejects, and infinities.
func checkFinite(name string, x []float64) error {
	if err := checkSample(name, x); err != nil {
		return err
	}
	for i, v := range x {
		if math.IsInf(v, 0) {
			return fmt.Errorf("%s[%d]: %w: a mean needs finite values; use a rank test", name, i, ErrInfinite)
		}
	}
	return nil
}

// checkTable rejects a member × seed table that is empty, ragged or has a NaN.
func checkTable(table [][]float64) error {
	if len(table) == 0 {
		return fmt.Errorf("members: %w: none given", ErrTooFew)
	}
	for i, row := range table {
		if err := checkSample(fmt.Sprintf("member %d", i), row); err != nil {
			return err
		}
		if len(row) != len(table[0]) {
			return fmt.Errorf("member %d: %w: %d seeds, member 0 has %d", i, ErrLength, len(row), len(table[0]))
		}
	}
	return nil
}
