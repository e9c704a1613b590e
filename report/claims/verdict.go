package claims

import (
	"slices"

	"gfnbench/report/stats"
)

// P returns the p of the claim, which is supported if P is at most stats.Level. It is the
// largest adjusted p of the tests that must pass, in every reading, or 1 if there is no
// test.
func (r *Result) P() float64 { return r.support(false) }

// overallP returns the p of the claim in the family of all claims. If all tests of the
// claim must pass, theirs is not adjusted within the claim: it is false as soon as one of
// them is (Berger 1982).
func (r *Result) overallP() float64 { return r.support(true) }

// support returns P, or overallP.
func (r *Result) support(overall bool) float64 {
	p := 0.0
	for _, one := range r.Readings {
		p = max(p, one.support(overall))
	}
	for _, g := range r.groups {
		fail := r.mayFail(g)
		p = max(p, g.smallest(len(g)-fail-1, func(t *Test) float64 {
			if overall && fail == 0 {
				return t.P
			}
			return t.Adjusted
		}))
	}
	if len(r.groups)+len(r.Readings) == 0 {
		return 1
	}
	return p
}

// Against returns the p of the opposite. The claim is contradicted if Against is at most
// stats.Level, in every reading.
func (r *Result) Against() float64 {
	return r.opposite((*Result).Against, func(t *Test) float64 { return t.AdjustedAgainst })
}

// TieP returns the p of a difference that is too small to count or has the wrong sign.
func (r *Result) TieP() float64 {
	return r.opposite((*Result).TieP, func(t *Test) float64 { return min(t.AdjustedAgainst, t.AdjustedTie) })
}

// opposite returns the smallest p of a group that fails; with several readings, the
// largest of these.
func (r *Result) opposite(of func(*Result) float64, p func(*Test) float64) float64 {
	if len(r.Readings) > 0 {
		largest := 0.0
		for _, one := range r.Readings {
			largest = max(largest, of(one))
		}
		return largest
	}
	smallest := 1.0
	for _, g := range r.groups {
		smallest = min(smallest, g.smallest(r.mayFail(g), p))
	}
	return smallest
}

// decide adjusts the tests' p and gives the verdict. A test that was not run counts in
// the family, so that the others gain nothing from its absence.
func (r *Result) decide() {
	if len(r.Tests) == 0 {
		r.Why = "nothing to test"
		return
	}
	r.adjust()
	var verdicts []Verdict
	for _, g := range r.groups {
		family, others := len(r.Tests), len(r.Tests)
		if r.Claim.Test == "beaten" {
			family, others = len(g), len(r.groups)
		}
		for _, t := range g {
			t.measurePower(r.Claim, family)
			t.Verdict = t.verdict()
			t.interval(family, others)
		}
		verdicts = append(verdicts, r.group(g))
	}
	r.Verdict = Supported
	for _, v := range []Verdict{Contradicted, Tie, NotRun, Underpowered, Inconclusive} {
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

// adjust applies Holm's method to the tests of the claim.
func (r *Result) adjust() {
	if r.Claim.Test != "beaten" {
		adjust(r.Tests)
		return
	}
	// Every group must have a test that passes, so each group is a family. The opposite,
	// that some member is never beaten, needs all tests of its group: their largest p is
	// that of the group (Berger 1982), and the groups are a family.
	for _, g := range r.groups {
		adjust(g)
		for _, t := range g {
			t.AdjustedAgainst = min(1, t.Against*float64(len(r.groups)))
			t.AdjustedTie = min(1, t.TieP*float64(len(r.groups)))
		}
	}
}

// adjust applies Holm's method to the tests, to their opposites and to ties.
func adjust(family []*Test) {
	for _, p := range []struct {
		of func(*Test) float64
		to func(*Test) *float64
	}{
		{func(t *Test) float64 { return t.P }, func(t *Test) *float64 { return &t.Adjusted }},
		{func(t *Test) float64 { return t.Against }, func(t *Test) *float64 { return &t.AdjustedAgainst }},
		{func(t *Test) float64 { return t.TieP }, func(t *Test) *float64 { return &t.AdjustedTie }},
	} {
		list := make([]float64, len(family))
		for i, t := range family {
			list[i] = p.of(t)
		}
		adjusted, err := stats.Holm(list)
		if err != nil {
			return // tests give only probabilities
		}
		for i, t := range family {
			*p.to(t) = adjusted[i]
		}
	}
}

// group returns the verdict of a group. It passes if all but mayFail tests do, and is
// contradicted if the opposite of more than these passes. It is a tie if more than these
// are shown to be a tie or the opposite.
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
	case count[Contradicted]+count[Tie] > mayFail:
		return Tie
	case count[NotRun] > 0:
		return NotRun
	case count[Underpowered] > 0:
		return Underpowered
	}
	return Inconclusive
}

// verdict returns the verdict of a test whose p are adjusted. A tie comes first, because
// a difference shown to be too small does not count.
func (t *Test) verdict() Verdict {
	switch {
	case !t.ran:
		return NotRun
	case t.AdjustedTie <= stats.Level:
		return Tie
	case t.Adjusted <= stats.Level:
		return Supported
	case t.AdjustedAgainst <= stats.Level:
		return Contradicted
	case t.Power < wantedPower:
		return Underpowered
	}
	return Inconclusive
}
