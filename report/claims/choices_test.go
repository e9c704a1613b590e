package claims

import (
	"slices"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// readingsOf returns the readings of a 2 × 2 × 2 factorial; the last factor varies
// fastest.
func readingsOf() (list []*suites.Selector) {
	for i := range 8 {
		s := &suites.Selector{}
		for j, column := range []string{"a", "policy.b", "c"} {
			s.Conditions = append(s.Conditions, suites.Condition{Column: column, Values: []param.Value{param.Of(i >> (2 - j) & 1)}})
		}
		list = append(list, s)
	}
	return list
}

// TestCover checks that the parts of a set of readings are those that a reader would
// name.
func TestCover(t *testing.T) {
	for _, c := range []struct {
		holds string // by reading; a varies slowest
		want  []string
	}{
		{"00001111", []string{"a=1"}},
		{"01011111", []string{"a=1", "c=1"}},
		{"00000011", []string{"a=1, b=1"}},
		{"10000000", []string{"a=0, b=0, c=0"}},
		{"10010110", []string{"a=0, b=0, c=0", "a=0, b=1, c=1", "a=1, b=0, c=1", "a=1, b=1, c=0"}},
		{"00110010", []string{"a=0, b=1", "b=1, c=0"}},
	} {
		var holds []bool
		for _, x := range c.holds {
			holds = append(holds, x == '1')
		}
		var got []string
		for _, part := range cover(readingsOf(), holds) {
			got = append(got, part.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.holds, got, c.want)
		}
	}
}

// TestHeld checks that a claim of rank 2 holds if one of its two comparisons does.
func TestHeld(t *testing.T) {
	r := &Result{Claim: &suites.Claim{Test: "rank", AtMost: 2}, groups: []testGroup{{{Holds: true}, {Holds: false}}}}
	if !r.holds() {
		t.Error("second of three is not among the best two")
	}
	if r.Claim.AtMost = 1; r.holds() {
		t.Error("second of three is the best")
	}
}
