package report

import (
	"fmt"
	"slices"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A Verdict is what the results say of a claim.
type Verdict string

// The verdicts.
const (
	Supported    Verdict = "SUPPORTED"    // every test passed
	Contradicted Verdict = "CONTRADICTED" // some test shows the opposite
	Inconclusive Verdict = "INCONCLUSIVE" // neither
	Underpowered Verdict = "UNDERPOWERED" // neither, and so few seeds could not have shown it
	NotRun       Verdict = "NOT RUN"      // results are missing, or it cannot be tested
)

// A ClaimResult is the outcome of a claim.
type ClaimResult struct {
	Claim   *suites.Claim
	Verdict Verdict
	Why     string // why it was not run, or cannot be tested
	Tests   []*ClaimTest
}

// Testable reports whether the claim has a test at all.
func (r *ClaimResult) Testable() bool { return r.Claim.Test != "none" }

// P is the largest adjusted p of the tests: the claim is supported where it is
// at most stats.Level. It is 1 where there is none.
func (r *ClaimResult) P() float64 {
	p := 0.0
	for _, t := range r.Tests {
		p = max(p, t.Adjusted)
	}
	if len(r.Tests) == 0 {
		return 1
	}
	return p
}

// Against is the smallest adjusted p of the opposite of a test: the claim is
// contradicted where it is at most stats.Level, a rank apart.
func (r *ClaimResult) Against() float64 {
	p := 1.0
	for _, t := range r.Tests {
		p = min(p, t.AdjustedAgainst)
	}
	return p
}

// N is the fewest pairs of seeds of a test.
func (r *ClaimResult) N() int {
	n := 0
	for i, t := range r.Tests {
		if i == 0 || t.N < n {
			n = t.N
		}
	}
	return n
}

// Claims tests the claims of the suite that have the ids, all where none is
// given, in the order of the suite. The error is a *UsageError for an unknown id
// or a suite without claims.
func (s *Sweep) Claims(ids ...string) ([]*ClaimResult, error) {
	if s.Suite == nil || len(s.Suite.Claims) == 0 {
		return nil, usage("the suite has no claims: take those of another with --suite, such as claims")
	}
	var known []string
	for _, c := range s.Suite.Claims {
		known = append(known, c.ID)
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, usage("there is no claim %q%s", id, didYouMean(id, known))
		}
	}
	var list []*ClaimResult
	for _, c := range s.Suite.Claims {
		if len(ids) > 0 && !slices.Contains(ids, c.ID) {
			continue
		}
		r, err := s.claim(c)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// claim tests one claim: each member of a, on each value of on, against each
// member of b. All must pass, each with its p adjusted by Holm's method for the
// number of tests in the claim.
func (s *Sweep) claim(c *suites.Claim) (*ClaimResult, error) {
	r := &ClaimResult{Claim: c, Verdict: NotRun, Why: c.Why}
	if c.Test == "none" {
		return r, nil
	}
	rows := s.Rows
	if c.OfVariance() {
		rows = s.VarianceRows()
	}
	var groups [][]*ClaimTest // of one member of a and one value of on
	for _, on := range s.members(c, c.On, nil) {
		for _, a := range s.members(c, c.A, on) {
			var group []*ClaimTest
			against := []*suites.Selector{nil}
			if c.B != nil {
				against = s.members(c, c.Versus(a), on)
			}
			for _, b := range against {
				t := &ClaimTest{A: a.String(), On: on.String(), Adjusted: 1, AdjustedAgainst: 1, label: comparison(a, b, on)}
				if b != nil {
					t.B = b.String()
				}
				if err := s.test(c, t, rows, a.And(on), b, on); err != nil {
					return nil, err
				}
				group = append(group, t)
			}
			groups = append(groups, group)
			r.Tests = append(r.Tests, group...)
		}
	}
	r.decide(groups)
	return r, nil
}

// members are the members of a selector that the suite plans.
func (s *Sweep) members(c *suites.Claim, sel, on *suites.Selector) []*suites.Selector {
	if c.OfVariance() {
		return sel.Members()
	}
	return s.Suite.Members(sel, on)
}

// decide adjusts the tests' p and gives the verdict. A test that was not run
// counts in the family, so that the rest gains nothing from its absence.
func (r *ClaimResult) decide(groups [][]*ClaimTest) {
	p, against := make([]float64, len(r.Tests)), make([]float64, len(r.Tests))
	for i, t := range r.Tests {
		p[i], against[i] = t.P, t.Against
	}
	adjusted, err1 := stats.Holm(p)
	opposite, err2 := stats.Holm(against)
	if err1 != nil || err2 != nil || len(r.Tests) == 0 {
		r.Why = "nothing to test"
		return
	}
	for i, t := range r.Tests {
		t.Adjusted, t.AdjustedAgainst = adjusted[i], opposite[i]
		t.Verdict = t.verdict(len(r.Tests))
	}
	var verdicts []Verdict
	for _, g := range groups {
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

// group is the verdict of one member of a. For a rank k, all but k-1 of the
// members of b must be beaten; it is contradicted by k that are better.
func (r *ClaimResult) group(tests []*ClaimTest) Verdict {
	count := make(map[Verdict]int)
	for _, t := range tests {
		count[t.Verdict]++
	}
	spare := 0
	if r.Claim.Test == "rank" {
		spare = r.Claim.AtMost - 1
	}
	switch {
	case count[Contradicted] > spare:
		return Contradicted
	case count[Supported] >= len(tests)-spare:
		return Supported
	case count[NotRun] > 0:
		return NotRun
	case count[Underpowered] > 0:
		return Underpowered
	}
	return Inconclusive
}
