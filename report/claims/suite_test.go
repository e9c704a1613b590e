package claims

import (
	"testing"

	"gfnbench/suites"
)

// result returns an outcome with one test with the given p, adjusted within it.
func result(p, against, tie float64) *Result {
	return judged(&suites.Claim{Test: "better"}, &Test{ran: true, P: p, Against: against, TieP: tie, Power: 1, N: 10})
}

// four returns an outcome with four tests with a p of 0.01, of which so many must pass.
func four(passes int) *Result {
	var tests []*Test
	for range 4 {
		tests = append(tests, &Test{ran: true, P: .01, Against: 1, TieP: 1, Power: 1, N: 10})
	}
	return judged(&suites.Claim{Test: "better", Passes: passes}, tests...)
}

// judged returns the outcome of a claim with the tests.
func judged(c *suites.Claim, tests ...*Test) *Result {
	r := &Result{Claim: c, Tests: tests, groups: []testGroup{tests}}
	r.adjust()
	for _, t := range tests {
		t.Verdict = t.verdict()
	}
	r.Verdict = r.group(r.groups[0])
	return r
}

// TestOverAll: Holm's method over three claims multiplies the smallest p by 3 and the
// next by 2, separately for supports, opposites and ties.
func TestOverAll(t *testing.T) {
	for _, test := range []struct {
		name string
		all  []*Result
		want []Verdict
		code int
	}{
		{"all survive", []*Result{result(.01, 1, 1), result(.02, 1, 1), result(.04, 1, 1)}, []Verdict{Supported, Supported, Supported}, 0},
		{"none survives", []*Result{result(.017, 1, 1), result(.03, 1, 1), result(.9, 1, 1)}, []Verdict{Inconclusive, Inconclusive, Inconclusive}, 6},
		{"opposites are a family of their own", []*Result{result(.001, 1, 1), result(1, .01, 1), result(1, .02, 1)}, []Verdict{Supported, Contradicted, Contradicted}, 5},
		{"a contradiction that does not survive", []*Result{result(.001, 1, 1), result(1, .02, 1), result(.001, 1, 1)}, []Verdict{Supported, Inconclusive, Supported}, 6},
		{"ties go first, and are no support", []*Result{result(.001, 1, .01), result(.001, 1, 1), result(.001, 1, 1)}, []Verdict{Tie, Supported, Supported}, 6},
		{"what was not run counts", []*Result{result(.02, 1, 1), {Claim: &suites.Claim{Test: "better"}, Verdict: NotRun}, {Claim: &suites.Claim{Test: "better"}, Verdict: NotRun}}, []Verdict{Inconclusive, NotRun, NotRun}, 6},
		{"what cannot be tested does not", []*Result{result(.02, 1, 1), {Claim: &suites.Claim{Test: "none"}, Verdict: NotRun}}, []Verdict{Supported, NotRun}, 0},
		{"tests that must all pass enter as they are", []*Result{four(0), four(0), four(4)}, []Verdict{Supported, Supported, Supported}, 0},
		{"tests of which some may fail enter adjusted", []*Result{four(0), four(0), four(3)}, []Verdict{Supported, Supported, Supported}, 0},
		{"and are too many for three claims", []*Result{four(3), four(3), four(3)}, []Verdict{Inconclusive, Inconclusive, Inconclusive}, 6},
	} {
		adjustAll(test.all)
		for i, r := range test.all {
			if r.Adjusted != test.want[i] {
				t.Errorf("%s: claim %d is %s, over all %s; want %s", test.name, i, r.Verdict, r.Adjusted, test.want[i])
			}
		}
		if code := ExitCode(test.all); code != test.code {
			t.Errorf("%s: exit code %d, want %d", test.name, code, test.code)
		}
	}
}
