// Package claims tests a suite's claims about its results:
//
//  1. [Judge] takes a [report.Sweep] and goes through the claims of its suite.
//  2. For each claim it compares each member of a, on each value of on, with each
//     member of b. Each comparison is a [Test], paired by seed.
//  3. It adjusts the p of the tests within the claim and gives a [Result] with a
//     [Verdict].
//  4. [Write] writes the results in a format of package sheet.
package claims

import (
	"fmt"
	"slices"

	"gfnbench/report"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Verdict is what the results say about a claim.
type Verdict string

// Verdicts of claims and tests.
const (
	Supported    Verdict = "SUPPORTED"    // every test passed, or as many as the claim asks for
	Contradicted Verdict = "CONTRADICTED" // some test shows the opposite, or more tests than may fail do
	Tie          Verdict = "TIE"          // the difference is shown to be smaller than the smallest that counts
	Depends      Verdict = "DEPENDS"      // the verdict depends on what the paper leaves open: readings differ
	Inconclusive Verdict = "INCONCLUSIVE" // neither
	Underpowered Verdict = "UNDERPOWERED" // neither, and with less than 80% power to show it
	NotRun       Verdict = "NOT RUN"      // results are missing, or it cannot be tested
)

// A Result is the outcome of a claim, or of one reading of it.
type Result struct {
	Claim    *suites.Claim // what was tested
	Verdict  Verdict       // at stats.Level
	Adjusted Verdict       // with Holm's method over all claims of the suite
	Why      string        // why it was not run, or cannot be tested
	Tests    []*Test       // each member of a, on each value of on, against each member of b, in every reading

	// Readings are the outcomes of what the paper may have meant. There are none if the
	// claim has only one reading. Factors are the choices that decide between verdicts.
	Readings []*Result
	Reading  *suites.Selector // reading of this result; nil for the claim itself
	Factors  []Factor

	groups []testGroup
}

// Testable reports whether the claim has a test.
func (r *Result) Testable() bool { return r.Claim.Test != "none" }

// Untrained reports whether a test of the claim was not run because some cells
// have no result yet.
func (r *Result) Untrained() bool {
	return slices.ContainsFunc(r.Tests, func(t *Test) bool { return len(t.waiting) > 0 })
}

// Underpowered reports whether the claim or one of its tests is underpowered.
func (r *Result) Underpowered() bool {
	return r.Verdict == Underpowered || slices.ContainsFunc(r.Tests, func(t *Test) bool { return t.Verdict == Underpowered })
}

// N returns the smallest number of units in a test.
func (r *Result) N() int {
	n := 0
	for i, t := range r.Tests {
		if i == 0 || t.N < n {
			n = t.N
		}
	}
	return n
}

// Judge tests the claims of the suite with the given ids, or all of them if no id
// is given, in the order of the suite. The error is a *usage.Error for an unknown
// id or a suite without claims.
func Judge(s *report.Sweep, ids ...string) ([]*Result, error) {
	if s.Suite == nil || len(s.Suite.Claims) == 0 {
		return nil, usage.Errorf("the suite has no claims: take those of another with --suite, such as claims")
	}
	var known []string
	for _, c := range s.Suite.Claims {
		known = append(known, c.ID)
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, usage.Errorf("there is no claim %q%s", id, usage.Suggest(id, known))
		}
	}
	var all, list []*Result
	for _, c := range s.Suite.Claims {
		r, err := judge(s, c)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		all = append(all, r)
		if len(ids) == 0 || slices.Contains(ids, c.ID) {
			list = append(list, r)
		}
	}
	adjustAll(all)
	return list, nil
}

// A testGroup is a set of tests of a claim, of which a certain number must pass.
type testGroup []*Test

// smallest returns the p of the test in the group that exceeds k smaller ones.
func (g testGroup) smallest(k int, of func(*Test) float64) float64 {
	list := make([]float64, len(g))
	for i, t := range g {
		list[i] = of(t)
	}
	slices.Sort(list)
	return list[k]
}

// judge tests one claim, in each of its readings.
func judge(s *report.Sweep, c *suites.Claim) (*Result, error) {
	r := &Result{Claim: c, Verdict: NotRun, Why: c.Why}
	switch {
	case c.Test == "none":
		return r, nil
	case c.Readings == nil:
		return r, r.test(s, nil)
	}
	for _, reading := range c.ReadingsOf() {
		one := &Result{Claim: c, Verdict: NotRun, Reading: reading}
		if err := one.test(s, reading); err != nil {
			return nil, err
		}
		r.Readings = append(r.Readings, one)
		r.Tests = append(r.Tests, one.Tests...)
	}
	r.combine()
	return r, nil
}

// test compares each member of a, on each value of on, with each member of b, in
// one reading of the claim.
func (r *Result) test(s *report.Sweep, reading *suites.Selector) error {
	c := r.Claim
	rows := s.Rows
	if c.OfVariance() {
		rows = s.VarianceRows()
	}
	at := make(map[string]int)
	for _, on := range members(s, c, c.On, nil) {
		where := on.And(reading)
		for _, a := range members(s, c, c.A, where) {
			against := []*suites.Selector{nil}
			if c.B != nil {
				against = members(s, c, c.Versus(a), where)
			}
			for _, b := range against {
				if c.Test == "beaten" && same(s, c, a.And(where), b.And(where)) {
					continue // nothing beats itself
				}
				t := newTest(c, a, b, on, reading)
				if err := t.run(s, c, rows, a.And(where), b, where); err != nil {
					return err
				}
				r.Tests = append(r.Tests, t)
				key := groupKey(c, t)
				i, ok := at[key]
				if !ok {
					i = len(r.groups)
					at[key] = i
					r.groups = append(r.groups, nil)
				}
				r.groups[i] = append(r.groups[i], t)
			}
		}
	}
	r.decide()
	return nil
}

// newTest returns the test of a member of a against one of b.
func newTest(c *suites.Claim, a, b, on, reading *suites.Selector) *Test {
	t := &Test{A: a.String(), On: on.String(), Over: c.Over, Adjusted: 1, AdjustedAgainst: 1, AdjustedTie: 1, label: comparison(c, a, b, on)}
	if b != nil {
		t.B = b.String()
	}
	if reading != nil {
		t.Reading = ReadingName(reading)
	}
	return t
}

// same reports whether both sides of a claim are the same cells.
func same(s *report.Sweep, c *suites.Claim, a, b *suites.Selector) bool {
	if c.OfVariance() {
		return a.String() == b.String()
	}
	return slices.Equal(s.Suite.Select(a), s.Suite.Select(b))
}

// groupKey identifies the group of a test. If a number of tests must pass, all form one
// group. If each member of a must be beaten somewhere, the tests of one member form a
// group. Otherwise a group holds the tests of one member of a on one value of on.
func groupKey(c *suites.Claim, t *Test) string {
	switch {
	case c.Passes > 0:
		return ""
	case c.Test == "beaten":
		return t.A
	}
	return t.A + "\x00" + t.On
}

// mayFail returns how many tests of a group may fail.
func (r *Result) mayFail(g testGroup) int {
	switch c := r.Claim; {
	case c.Passes > 0:
		return max(0, len(g)-c.Passes)
	case c.Test == "beaten":
		return len(g) - 1
	case c.Test == "rank":
		return min(c.AtMost, len(g)) - 1
	}
	return 0
}

// members returns the members of a selector that the suite plans.
func members(s *report.Sweep, c *suites.Claim, sel, on *suites.Selector) []*suites.Selector {
	if c.OfVariance() {
		return sel.Members()
	}
	return s.Suite.Members(sel, on)
}
