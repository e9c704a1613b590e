// Package claims tests what a suite claims about its results:
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
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Verdict is what the results say about a claim.
type Verdict string

// The verdicts.
const (
	Supported    Verdict = "SUPPORTED"    // every test passed, or as many as the claim requires
	Contradicted Verdict = "CONTRADICTED" // some test shows the opposite, or more do than may fail
	Inconclusive Verdict = "INCONCLUSIVE" // neither
	Underpowered Verdict = "UNDERPOWERED" // neither, and with so few seeds no outcome could have shown it
	NotRun       Verdict = "NOT RUN"      // results are missing, or the claim cannot be tested
)

// A Result is the outcome of a claim.
type Result struct {
	Claim   *suites.Claim // what was tested
	Verdict Verdict       // at stats.Level
	Why     string        // why the claim was not run or cannot be tested
	Tests   []*Test       // each member of a, on each value of on, against each member of b
	groups  []testGroup
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

// P returns p of the claim, which is supported if p is at most stats.Level. It is the
// largest adjusted p of the tests that must pass, or 1 if there is no test.
func (r *Result) P() float64 {
	p := 0.0
	for _, g := range r.groups {
		p = max(p, g.smallest(len(g)-r.mayFail(g)-1, func(t *Test) float64 { return t.Adjusted }))
	}
	if len(r.groups) == 0 {
		return 1
	}
	return p
}

// Against returns p of the opposite: the claim is contradicted if it is at most
// stats.Level.
func (r *Result) Against() float64 {
	p := 1.0
	for _, g := range r.groups {
		p = min(p, g.smallest(r.mayFail(g), func(t *Test) float64 { return t.AdjustedAgainst }))
	}
	return p
}

// N returns the smallest number of pairs of seeds in a test.
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
	var list []*Result
	for _, c := range s.Suite.Claims {
		if len(ids) > 0 && !slices.Contains(ids, c.ID) {
			continue
		}
		r, err := judge(s, c)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// A testGroup is a set of tests of a claim of which a certain number must pass.
type testGroup []*Test

// smallest returns the p of the test in the group that has k smaller ones.
func (g testGroup) smallest(k int, of func(*Test) float64) float64 {
	list := make([]float64, len(g))
	for i, t := range g {
		list[i] = of(t)
	}
	slices.Sort(list)
	return list[k]
}

// judge tests one claim: each member of a, on each value of on, against each
// member of b.
func judge(s *report.Sweep, c *suites.Claim) (*Result, error) {
	r := &Result{Claim: c, Verdict: NotRun, Why: c.Why}
	if c.Test == "none" {
		return r, nil
	}
	rows := s.Rows
	if c.OfVariance() {
		rows = s.VarianceRows()
	}
	at := make(map[string]int)
	for _, on := range members(s, c, c.On, nil) {
		for _, a := range members(s, c, c.A, on) {
			against := []*suites.Selector{nil}
			if c.B != nil {
				against = members(s, c, c.Versus(a), on)
			}
			for _, b := range against {
				if c.Test == "beaten" && same(s, c, a.And(on), b.And(on)) {
					continue // nothing beats itself
				}
				t := &Test{A: a.String(), On: on.String(), Adjusted: 1, AdjustedAgainst: 1, label: comparison(c, a, b, on)}
				if b != nil {
					t.B = b.String()
				}
				if err := t.run(s, c, rows, a.And(on), b, on); err != nil {
					return nil, err
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
	return r, nil
}

// same reports whether both sides of a claim are the same cells.
func same(s *report.Sweep, c *suites.Claim, a, b *suites.Selector) bool {
	if c.OfVariance() {
		return a.String() == b.String()
	}
	return slices.Equal(s.Suite.Select(a), s.Suite.Select(b))
}

// groupKey tells the groups of a claim's tests apart. If a number of tests must
// pass, all are one group. If each member of a must be beaten somewhere, a group
// is the tests of one member. Otherwise a group is the tests of one member of a
// on one value of on.
func groupKey(c *suites.Claim, t *Test) string {
	switch {
	case c.Passes > 0:
		return ""
	case c.Test == "beaten":
		return t.A
	}
	return t.A + "\x00" + t.On
}

// mayFail returns how many tests of a group need not pass.
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

// decide adjusts p of the tests and gives the verdict. A test that was not run
// counts in the family, so its absence does not help the others.
func (r *Result) decide() {
	if len(r.Tests) == 0 {
		r.Why = "nothing to test"
		return
	}
	if r.Claim.Test == "beaten" {
		// Every group must have one test that passes, so each is a family. The
		// opposite, that some member is never beaten, needs all tests of its group, so
		// their largest p is the p of the group (Berger 1982), and the groups are a
		// family.
		for _, g := range r.groups {
			adjust(g)
			for _, t := range g {
				t.AdjustedAgainst = min(1, t.Against*float64(len(r.groups)))
			}
		}
	} else {
		adjust(r.Tests)
	}
	var verdicts []Verdict
	for _, g := range r.groups {
		family, others := len(r.Tests), len(r.Tests)
		if r.Claim.Test == "beaten" {
			family, others = len(g), len(r.groups)
		}
		for _, t := range g {
			t.Verdict = t.verdict(family)
			t.interval(family, others)
		}
		verdicts = append(verdicts, r.group(g))
	}
	r.Verdict = Supported
	for _, v := range []Verdict{Contradicted, NotRun, Underpowered, Inconclusive} {
		if slices.Contains(verdicts, v) {
			r.Verdict = v
			break
		}
	}
	for _, t := range r.Tests {
		if r.Verdict == NotRun && t.Verdict == NotRun && r.Why == "" {
			r.Why = t.Why
		}
	}
}

// adjust applies Holm's method to the tests and to their opposites.
func adjust(family []*Test) {
	p, against := make([]float64, len(family)), make([]float64, len(family))
	for i, t := range family {
		p[i], against[i] = t.P, t.Against
	}
	adjusted, err1 := stats.Holm(p)
	opposite, err2 := stats.Holm(against)
	if err1 != nil || err2 != nil {
		return // every test returns a probability
	}
	for i, t := range family {
		t.Adjusted, t.AdjustedAgainst = adjusted[i], opposite[i]
	}
}

// group returns the verdict of a group. It passes if at most mayFail of its tests
// fail, and is contradicted if the opposite of more than mayFail passes.
func (r *Result) group(g testGroup) Verdict {
	count := make(map[Verdict]int)
	for _, t := range g {
		count[t.Verdict]++
	}
	mayFail := r.mayFail(g)
	switch {
	case count[Contradicted] > mayFail:
		return Contradicted
	case count[Supported] >= len(g)-mayFail:
		return Supported
	case count[NotRun] > 0:
		return NotRun
	case count[Underpowered] > 0:
		return Underpowered
	}
	return Inconclusive
}
