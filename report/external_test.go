package report_test

import (
	"testing"

	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// With four seeds on each side that do not overlap, two of the C(8, 4) = 70 splits are as
// extreme: p = 2/70. The paired test could not go below 2/16, and pairing equal seeds
// would mean nothing.
func TestExternalIsUnpaired(t *testing.T) {
	suite := `schema = 1
name = "external"
[run]
seeds = 4
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[trainer.other]
command = ["other"]
version = "1"
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "other"]
[[grid]]
objective = ["db"]
[[table]]
name = "t"
rows = "objective"
columns = "trainer"
metric = "l1"
base = "gfnbench"
[[claim]]
id = "better"
text = "own is better"
test = "better"
metric = "l1"
a = { trainer = "gfnbench" }
b = { trainer = "other" }
on = { objective = "tb" }
`
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) {
		x := float64(c.Seed + 1)
		if c.Trainer() != nil {
			x += 4
		}
		reporttest.Curve(r, 10, x)
	})
	// Tables are unpaired.
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	v := table.Slots[0][1].Versus
	if v == nil || !v.Unpaired || !reporttest.Close(v.P, 2./70) || !reporttest.Close(v.MinP, 2./70) || v.Pairs != 4 || !reporttest.Close(v.Change, 1.6) || v.Shift.Estimate != 4 {
		t.Fatalf("%+v", v)
	}
	if got := table.Trainers(); len(got) != 1 || got[0] != "other" {
		t.Errorf("trained by %q", got)
	}
	if !table.Slots[0][0].Best || table.Slots[0][1].Best {
		t.Error("the best is not told")
	}
	// So are claims.
	list, err := claims.Judge(s)
	if err != nil {
		t.Fatal(err)
	}
	if c := list[0]; c.Verdict != claims.Supported || !reporttest.Close(c.P(), 1./70) || c.N() != 4 || c.Tests[0].Estimate != -4 {
		t.Errorf("%v, p %v, n %d, estimate %v", c.Verdict, c.P(), c.N(), c.Tests[0].Estimate)
	}
	if own := report.Unpaired(table.Slots[0][0].Scores, table.Slots[0][0].Scores, suites.OverSeeds); own {
		t.Error("own cells are not paired")
	}
}

// TestLent checks that runs to which idle cores were lent are counted in a table of
// times, and are like others in a table of a metric.
func TestLent(t *testing.T) {
	suite := `schema = 1
name = "lent"
[run]
seeds = 3
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "db"]
`
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) {
		if r.Objective == "db" && c.Seed > 0 {
			r.Timing.Threads = 1.5
		}
	})
	threshold := 0.5
	for _, c := range []struct {
		table      suites.Table
		lent, runs int
	}{
		{suites.Table{Stat: "seconds-to", Threshold: &threshold, Metric: suites.Metric{Default: "l1"}}, 2, 6},
		{suites.Table{Stat: "final", Metric: suites.Metric{Default: "seconds"}}, 2, 6},
		{suites.Table{Stat: "steps-to", Threshold: &threshold, Metric: suites.Metric{Default: "l1"}}, 0, 0},
		{suites.Table{Stat: "final", Metric: suites.Metric{Default: "l1"}}, 0, 0},
	} {
		c.table.Rows, c.table.Columns = []string{"environment"}, []string{"objective"}
		table, err := s.Table(&c.table)
		if err != nil {
			t.Fatal(err)
		}
		if lent, runs := table.Lent(); lent != c.lent || runs != c.runs {
			t.Errorf("%s of %s: %d of %d runs, want %d of %d", c.table.Stat, c.table.Metric.Default, lent, runs, c.lent, c.runs)
		}
	}
}

// TestExternalOverInstances: instances are paired whoever trains in them. Their differences,
// 1, 1.1 and 0.9, are 17 standard errors from 0, and Student's t for 2 degrees of freedom
// asks for 4.3; as samples of six runs each the two programs cannot be told apart.
func TestExternalOverInstances(t *testing.T) {
	s := reporttest.Load(t, `schema = 1
name = "external"
[run]
seeds = 2
steps = 10
eval_every = 5
batch = 8
[environment.sets]
kind = "sets"
elements = 6
size = 3
instances = 3
[trainer.other]
command = ["other"]
version = "1"
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "other"]
[[table]]
name = "t"
rows = "environment"
columns = "trainer"
metric = "l1"
over = "instances"
`, func(c *suites.Cell, r *results.Run) {
		i := c.Value("instance").Int()
		x := float64(10*i + c.Seed)
		if c.Trainer() != nil {
			x += []float64{1, 1.1, 0.9}[i-1]
		}
		reporttest.Curve(r, 50, x)
	})
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	if own, other := table.Slots[0][0], table.Slots[0][1]; !own.Best || other.Best {
		t.Errorf("best: own %v, other %v", own.Best, other.Best)
	}
	if v := report.Compare(table.Slots[0][1], table.Slots[0][0]); v.Unpaired || v.Pairs != 3 {
		t.Errorf("unpaired %v, %d pairs", v.Unpaired, v.Pairs)
	}
}
