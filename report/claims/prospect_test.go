package claims

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/report/reporttest"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestProspects: a pilot with four of six planned seeds, whose differences have a
// standard deviation of 1. An effect of 2.5% of 100 is 2.5 standard deviations.
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
	list = slices.DeleteFunc(list, func(p Prospect) bool { return strings.HasPrefix(p.Claim, "table ") })
	if err != nil || len(list) == 0 {
		t.Fatalf("%d prospects, %v", len(list), err)
	}
	p := list[0]
	if p.Claim != "better" || p.Pilot != 4 || p.Units != 6 || p.Assumed || math.Abs(p.SD-1) > 1e-12 || math.Abs(p.Size-2.5) > 1e-12 {
		t.Errorf("%+v; want better, 4 of 6 seeds, sd 1, size 2.5", p)
	}
	// Six pairs at 0.05: 3 of 64 sign patterns reach W+ of 19 or more out of 21. The
	// tests of report/stats simulate the power in another way.
	if want := stats.SignedRankPower(6, stats.Level).Of(2.5); p.Power != want || p.Power < 0.95 {
		t.Errorf("power %v, want %v", p.Power, want)
	}
	if need := p.Needed; need > 6 || stats.SignedRankPower(need, stats.Level).Of(2.5) < wantedPower || stats.SignedRankPower(need-1, stats.Level).Of(2.5) >= wantedPower {
		t.Errorf("%d seeds needed", need)
	}
}

// TestOtherProspects: comparisons of a table are two-sided and of one family in a row;
// a ratio has the spread of what it is tested on; two samples have the power of the test of
// Mann and Whitney, and a claim of the gradient variance the units that measure it.
func TestOtherProspects(t *testing.T) {
	text := `schema = 1
name = "pilot"
[run]
seeds = 8
steps = 20
eval_every = 10
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[trainer.theirs]
command = ["true"]
version = "1"
[[grid]]
objective = ["tb", "vargrad", "db"]
[[grid]]
objective = ["tb"]
trainer = ["theirs"]
[variance]
on = { objective = "tb", trainer = "gfnbench" }
steps = [10]
batches = [16]
objective = ["reverse-kl"]
control_variate = ["none", "loo"]
[[table]]
name = "t"
on = { trainer = "gfnbench" }
rows = "environment"
columns = "objective"
metric = "l1"
base = "tb"
[[claim]]
id = "ratio"
text = "vargrad has twice the error"
test = "ratio"
at_least = 2.0
metric = "l1"
a = { objective = "tb", trainer = "gfnbench" }
b = { objective = "vargrad" }
[[claim]]
id = "theirs"
text = "we beat them"
test = "better"
metric = "l1"
a = { objective = "tb", trainer = "gfnbench" }
b = { objective = "tb", trainer = "theirs" }
[[claim]]
id = "variance"
text = "control variates help"
test = "better"
metric = "trace_cov"
effect = { absolute = 1.0, why = "as large as the spread is" }
a = { objective = "reverse-kl", control_variate = "loo" }
b = { control_variate = "none" }
on = { environment = "grid", batch = 16, step = 10 }
`
	s := reporttest.Load(t, text, func(c *suites.Cell, r *results.Run) {
		if c.Seed > 3 {
			r.Status = ""
			return
		}
		x := []float64{1, 2, 4, 5}[c.Seed]
		if r.Objective == "vargrad" {
			x = 2*x + []float64{1, -1, 1, -1}[c.Seed]
		}
		reporttest.Curve(r, 10, x)
		if r.Objective == "tb" && c.Trainer() == nil {
			for control, trace := range map[string]float64{"none": 8, "loo": x} {
				r.Variance = append(r.Variance, results.VarianceRow{Step: 10, Objective: "reverse-kl", ControlVariate: param.Of(control), Batch: 16, Replicates: 4, TraceCov: trace})
			}
		}
	})
	list, err := Prospects(s.WithoutMissing())
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]Prospect)
	for _, p := range list {
		found[p.Claim] = p
	}
	table, ratio, theirs, variance := found["table t"], found["ratio"], found["theirs"], found["variance"]
	if table.Units != 8 || table.Pilot != 4 || table.Power != stats.SignedRankPower(8, stats.Level/4).Of(1) || table.Test != "grid: vargrad against tb" {
		t.Errorf("table %+v", table)
	}
	if want := math.Sqrt(4. / 3); math.Abs(ratio.SD-want) > 1e-12 || ratio.Units != 8 {
		t.Errorf("ratio %+v, want a spread of %v", ratio, want)
	}
	if !theirs.Unpaired || theirs.Units != 8 || theirs.Power != stats.MannWhitneyPower(8, 8, stats.Level).Of(1) {
		t.Errorf("two samples %+v", theirs)
	}
	if n := theirs.Needed; stats.MannWhitneyPower(n, n, stats.Level).Of(1) < wantedPower || stats.MannWhitneyPower(n-1, n-1, stats.Level).Of(1) >= wantedPower {
		t.Errorf("%d seeds of each needed", n)
	}
	// 1, 2, 4 and 5 have a standard deviation of √(10/3), on eight seeds of which four are run.
	if sd := math.Sqrt(10. / 3); variance.Pilot != 4 || variance.Units != 8 || math.Abs(variance.SD-sd) > 1e-12 || variance.Power != stats.SignedRankPower(8, stats.Level).Of(1/variance.SD) {
		t.Errorf("variance %+v, want a spread of %v on 8 seeds", variance, sd)
	}
}
