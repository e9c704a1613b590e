package claims

import (
	"bytes"
	"flag"
	"math"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
)

var _ = flag.Bool("update", false, "rewrite the expected output in testdata")

// TestClaims checks verdicts and p. With six pairs that all agree in sign a one-sided
// exact p is 2^-6 = 1/64, which doubles for two tests of a claim.
func TestClaims(t *testing.T) {
	s := reporttest.Claims(t, nil)
	claims, err := Judge(s)
	if err != nil {
		t.Fatal(err)
	}
	const unit = 1. / 64
	want := []struct {
		id       string
		verdict  Verdict
		p        float64 // largest adjusted
		n        int
		estimate float64 // of the first test
	}{
		{"better", Supported, unit, 6, -3.5},
		{"worse", Contradicted, 1, 6, 3.5},
		// The differences to db are alternately ±1/8: W+ has mean and median 10.5, and
		// P(W+ ≤ 10.5 of six tied ranks 3.5) = P(at most 3 of 6) = 42/64.
		// With six pairs at 0.05/2 a difference of one standard deviation has the power
		// Φ(1)^6 = 0.355, because all must agree.
		{"better-each", Underpowered, 42. / 64, 6, -3.5},
		{"equal", Supported, unit, 6, 0},
		// The differences are -1 to -6, beyond -0.5.
		{"unequal", Contradicted, 1, 6, -3.5},
		// b - 1.2 a is 0.8 to 4.8.
		{"ratio", Supported, unit, 6, 2},
		// Differences -2.5 to 2.5 with a margin of 3: all have one sign on each side.
		{"value", Supported, unit, 6, 3.5},
		{"rank", Underpowered, 42. / 64, 6, -3.5},
		{"rank-two", Supported, 2 * unit, 6, -3.5}, // one of two must pass
		{"missing", NotRun, 1, 0, math.NaN()},
		{"none", NotRun, 1, 0, math.NaN()},
		// The differences are within 1/8, for a margin of 1/2.
		{"no-worse", Supported, unit, 6, 0},
		{"often", Supported, 2 * unit, 6, -3.5}, // one of two must pass
		// Beaten by both others, of which one must be shown.
		{"beaten", Supported, 2 * unit, 6, 3.5},
		// tb is better than the only other one: 1/64, for two members.
		{"unbeaten", Contradicted, 1, 6, 3.5},
		// db and tb differ by chance: 42/64, doubled.
		{"beaten-each", Underpowered, 1, 6, 3.5},
	}
	if len(claims) != len(want) {
		t.Fatalf("%d claims, want %d", len(claims), len(want))
	}
	for i, w := range want {
		c := claims[i]
		if c.Claim.ID != w.id || c.Verdict != w.verdict || !reporttest.Close(c.P(), w.p) || c.N() != w.n {
			t.Errorf("%s: %s, p %v, n %d; want %s: %s, p %v, n %d", c.Claim.ID, c.Verdict, c.P(), c.N(), w.id, w.verdict, w.p, w.n)
		}
		if !math.IsNaN(w.estimate) && !reporttest.Close(c.Tests[0].Estimate+10, w.estimate+10) {
			t.Errorf("%s: estimate %v, want %v", w.id, c.Tests[0].Estimate, w.estimate)
		}
	}
	// The opposite of "unequal" may lie beyond either end: twice 1/64.
	if p := claims[4].Against(); p != 2*unit {
		t.Errorf("p against equality %v, want 2/64", p)
	}
	if p := claims[14].Against(); p != 2*unit {
		t.Errorf("p of being unbeaten %v, want 2/64", p)
	}
	if p := claims[2].Tests[1].Power; math.Abs(p-math.Pow(0.841344746, 6)) > 0.02 {
		t.Errorf("power %v, want Φ(1)^6", p)
	}
	for _, format := range append([]string{"json"}, sheet.Formats...) {
		var b bytes.Buffer
		if err := Write(&b, sheet.Form{Format: format}, s, claims); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "claims."+format, reporttest.Rounded(b.Bytes()))
	}
}

// TestClaimsPower: four pairs can reach 1/16 at best and have no power.
func TestClaimsPower(t *testing.T) {
	s := reporttest.Claims(t, func(c *suites.Cell, r *results.Run) {
		if c.Seed >= 4 {
			r.Status = results.Failed
		}
	})
	claims, err := Judge(s, "better")
	if err != nil {
		t.Fatal(err)
	}
	if c := claims[0]; c.Verdict != Underpowered || c.N() != 4 || c.P() != 1./16 {
		t.Errorf("%s, n %d, p %v; want UNDERPOWERED, 4, 1/16", c.Verdict, c.N(), c.P())
	}
}

// TestClaimsDivergence: a run that diverged is the worst possible.
func TestClaimsDivergence(t *testing.T) {
	s := reporttest.Claims(t, func(c *suites.Cell, r *results.Run) {
		if r.Objective == "vargrad" && c.Seed > 1 {
			reporttest.Diverge(r)
		}
	})
	claims, err := Judge(s, "better", "unequal")
	if err != nil {
		t.Fatal(err)
	}
	if c := claims[0]; c.Verdict != Supported || c.P() != 1./64 || !math.IsNaN(c.Tests[0].Estimate) {
		t.Errorf("better: %s, p %v, estimate %v", c.Verdict, c.P(), c.Tests[0].Estimate)
	}
	if c := claims[1]; c.Verdict != Contradicted {
		t.Errorf("unequal: %s", c.Verdict)
	}
}

// TestShippedClaims: every claim of the shipped suite can be tested on the suite's cells,
// or says why not.
func TestShippedClaims(t *testing.T) {
	suite, err := suites.Read("claims")
	if err != nil {
		t.Fatal(err)
	}
	s := reporttest.Load(t, string(suite.Text), func(c *suites.Cell, r *results.Run) { reporttest.AddVariance(suite, c, r) })
	claims, err := Judge(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		switch {
		case !c.Testable() && c.Why == "":
			t.Errorf("%s says not why it has no test", c.Claim.ID)
		case c.Testable() && c.Verdict == NotRun:
			t.Errorf("%s is %s: %s", c.Claim.ID, c.Verdict, c.Why)
		}
	}
}
