package report_test

import (
	"math"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// drawn is a suite of 6 instances × 2 seeds.
const drawn = `schema = 1
name = "drawn"
[run]
seeds = 2
steps = 4
eval_every = 4
batch = 4
[environment.sets]
kind = "sets"
elements = 4
size = 2
instances = 6
[[grid]]
objective = ["tb", "vargrad"]
`

// TestTableOverInstances: the unit is the instance, whose seeds are averaged. tb is k ±
// 1/4 on instance k; vargrad is 1 more, except on instance 1, where it is 1/2 less.
func TestTableOverInstances(t *testing.T) {
	s := reporttest.Load(t, drawn, func(c *suites.Cell, r *results.Run) {
		k := c.Value(param.Instance).Int()
		x := float64(k) + 0.25*float64(2*c.Seed-1)
		if r.Objective == "vargrad" {
			if x++; k == 1 {
				x -= 1.5
			}
		}
		reporttest.Curve(r, 20, x)
	})
	spec := s.DefaultTable(nil, nil)
	if spec.Over != suites.OverInstances || strings.Join(spec.Columns, " ") != "objective" {
		t.Fatalf("the default table is over %q by %v", spec.Over, spec.Columns)
	}
	spec.Base = "tb"
	table, err := s.Table(spec)
	if err != nil {
		t.Fatal(err)
	}
	if table.Units != 6 || table.Seeds != 2 {
		t.Errorf("%d units of %d seeds, want 6 of 2", table.Units, table.Seeds)
	}
	tb, vargrad := table.Slots[0][0], table.Slots[0][1]
	// Means of 1 to 6: sd √3.5, not that of 12 values.
	if tb.N != 6 || math.Abs(tb.Estimate-3.5) > 1e-12 || math.Abs(tb.SD-math.Sqrt(3.5)) > 1e-12 {
		t.Errorf("tb: n %d, mean %v, sd %v; want 6, 3.5, √3.5", tb.N, tb.Estimate, tb.SD)
	}
	// Five differences of 1 with rank 4, one of −1/2 with rank 1: 2 of 64 sign patterns
	// reach W− = 1, doubled.
	if v := vargrad.Versus; v.Pairs != 6 || math.Abs(v.P-2*2./64) > 1e-12 {
		t.Errorf("vargrad: %d pairs, p %v; want 6, 4/64", v.Pairs, v.P)
	}
	// The variance within instances is 2·(1/4)² = 1/8 for each column. Between them it is
	// 3.5 - 1/16 for tb, whose means are 1 to 6, and 5.375 - 1/16 for vargrad, with 0.5,
	// 3, 4, 5, 6 and 7.
	shares, ok := table.Shares(0)
	between, within := 3.5-1./16+(135.25-25.5*25.5/6)/5-1./16, 2./8
	if !ok || math.Abs(shares.Between-between/(between+within)) > 1e-12 || math.Abs(shares.Within-within/(between+within)) > 1e-12 || shares.Estimation != 0 {
		t.Errorf("shares %+v, want %v and %v", shares, between/(between+within), within/(between+within))
	}
	// The columns differ by the same on both seeds of an instance, so there is no error
	// with which to compare the interaction.
	if shares.Interaction != nil {
		t.Errorf("interaction %+v", shares.Interaction)
	}
	spec.Over = suites.OverSeeds
	if _, err := s.Table(spec); err == nil || !strings.Contains(err.Error(), "--over instances") {
		t.Errorf("over seeds: %v", err)
	}
}

// TestUnits: a diverged run makes its instance the worst possible, and a missing run is
// left out of the instance's mean.
func TestUnits(t *testing.T) {
	s := reporttest.Load(t, drawn, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 20, float64(c.Seed+1))
		switch k := c.Value(param.Instance).Int(); {
		case r.Objective == "tb" && k == 2 && c.Seed == 1:
			reporttest.Diverge(r)
		case r.Objective == "tb" && k == 3 && c.Seed == 0:
			r.Status = ""
		}
	})
	table, err := s.Table(s.DefaultTable(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	units := table.Slots[0][0].Units()
	want := []float64{1.5, math.Inf(1), 2, 1.5, 1.5, 1.5}
	for i, u := range units {
		if u.Value != want[i] {
			t.Errorf("instance %d: %v, want %v", i+1, u.Value, want[i])
		}
	}
	pairs := report.PairUnits(table.Slots[0][0].Scores, table.Slots[0][1].Scores, suites.OverInstances)
	// On instance 3 the pair uses seed 1 alone, on both sides.
	if len(pairs) != 6 || pairs[2] != [2]float64{2, 2} || !math.IsInf(pairs[1][0], 1) {
		t.Errorf("pairs %v", pairs)
	}
	if n := table.Slots[0][0].Diverged; n != 1 {
		t.Errorf("%d instances diverged, want 1", n)
	}
}
