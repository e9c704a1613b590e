package claims

import (
	"gfnbench/report/stats"
)

// adjustAll gives each claim its verdict over all claims of the suite: Holm's
// method on the p of the claims, of their opposites, of ties and of a dependence
// on the reading. Holm, and not Benjamini and Hochberg: a single false
// CONTRADICTED is what exit code 5 must guard against, and claims share runs, so
// that nothing is known of how their p depend on each other.
func adjustAll(all []*Result) {
	var family []*Result
	for _, r := range all {
		r.Adjusted = r.Verdict
		if r.Testable() {
			family = append(family, r)
		}
	}
	for _, v := range []struct {
		verdict Verdict
		p       func(*Result) float64
	}{{Supported, (*Result).P}, {Contradicted, (*Result).Against}, {Tie, (*Result).TieP}, {Depends, (*Result).dependsP}} {
		p := make([]float64, len(family))
		for i, r := range family {
			if p[i] = 1; r.Verdict != NotRun {
				p[i] = v.p(r)
			}
		}
		adjusted, err := stats.Holm(p)
		if err != nil {
			return // claims give probabilities only
		}
		for i, r := range family {
			if r.Verdict == v.verdict && adjusted[i] > stats.Level {
				r.Adjusted = Inconclusive
			}
		}
	}
}

// ExitCode returns the exit code that claims give, by their verdicts over all claims
// of the suite: 5 where one is contradicted, 6 where one that can be tested is not
// supported, else 0.
func ExitCode(claims []*Result) int {
	code := 0
	for _, c := range claims {
		switch {
		case c.Adjusted == Contradicted:
			return 5
		case c.Adjusted != Supported && c.Testable():
			code = 6
		}
	}
	return code
}
