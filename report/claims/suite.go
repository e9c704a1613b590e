package claims

import (
	"gfnbench/report/stats"
)

// adjustAll gives each claim its verdict over all claims of the suite, by Holm's method
// on the p of the claims, of their opposites, of ties and of a dependence on the reading.
// It is Holm's method and not Benjamini and Hochberg's because exit code 5 must guard
// against a single false CONTRADICTED, and because claims share runs, so that nothing is
// known about how their p depend on each other. A claim whose tests must all pass enters
// with the largest p of them.
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
	}{{Supported, (*Result).overallP}, {Contradicted, (*Result).Against}, {Tie, (*Result).TieP}, {Depends, (*Result).dependsP}} {
		p := make([]float64, len(family))
		for i, r := range family {
			if p[i] = 1; r.Verdict != NotRun {
				p[i] = v.p(r)
			}
		}
		adjusted, err := stats.Holm(p)
		if err != nil {
			return // claims give only probabilities
		}
		for i, r := range family {
			if r.Verdict == v.verdict && adjusted[i] > stats.Level {
				r.Adjusted = Inconclusive
			}
		}
	}
}

// ExitCode returns the exit code for the verdicts of claims over all claims of the suite:
// 5 if one is contradicted, 6 if one that can be tested is not supported, and 0
// otherwise.
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
