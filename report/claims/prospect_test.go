package claims

import (
	"math"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestProspects: a pilot with four of six planned seeds, whose differences have a
// standard deviation of 1; an effect of 2.5% of 100 is 2.5 of these.
func TestProspects(t *testing.T) {
	text := strings.Replace(reporttest.Suite(t, "claims"), `paper  = "0.1 against 0.2"`, "effect = { relative = 0.025 }", 1)
	differences := []float64{-math.Sqrt(1.5), math.Sqrt(1.5), 0, 0} // mean 0, sd 1
	s := reporttest.Load(t, text, func(c *suites.Cell, r *results.Run) {
		x := 100.0
		switch {
		case c.Seed >= len(differences):
			r.Status = ""
			return
		case r.Objective == "tb":
			x += differences[c.Seed]
		}
		reporttest.Curve(r, 200, x)
	})
	list, err := Prospects(s.WithoutMissing())
	if err != nil || len(list) == 0 {
		t.Fatalf("%d prospects, %v", len(list), err)
	}
	p := list[0]
	if p.Claim != "better" || p.Pilot != 4 || p.Units != 6 || p.Assumed || math.Abs(p.SD-1) > 1e-12 || math.Abs(p.Size-2.5) > 1e-12 {
		t.Errorf("%+v; want better, 4 of 6 seeds, sd 1, size 2.5", p)
	}
	// Six pairs at 0.05: W+ of 19 or more of 21 is reached by 3 of 64 signs. The power
	// is simulated by another way in the tests of report/stats.
	if want := stats.SignedRankPower(6, stats.Level).Of(2.5); p.Power != want || p.Power < 0.95 {
		t.Errorf("power %v, want %v", p.Power, want)
	}
	if need := p.Needed; need > 6 || stats.SignedRankPower(need, stats.Level).Of(2.5) < wantedPower || stats.SignedRankPower(need-1, stats.Level).Of(2.5) >= wantedPower {
		t.Errorf("%d seeds needed", need)
	}
}
