package report_test

import (
	"math"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestTimesOverInstances: the time of an instance is the mean over its seeds, those that did
// not reach the threshold counted as the 20 steps to which they were followed. What the
// runs are counts runs, and the deviation is the standard error of the mean over instances.
func TestTimesOverInstances(t *testing.T) {
	s := reporttest.Load(t, `schema = 1
name = "times"
[run]
seeds = 2
steps = 20
eval_every = 10
batch = 8
[environment.drawn]
kind = "sets"
elements = 6
size = 3
instances = 3
[environment.never]
kind = "sets"
elements = 6
size = 3
instances = 2
seeds = 3
[[grid]]
objective = ["tb"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
over = "instances"
stat = "steps-to"
threshold = 0.5
`, func(c *suites.Cell, r *results.Run) {
		switch i := c.Value("instance"); {
		case r.Environment == "never":
			reporttest.Curve(r, 10, 1, 1)
		case c.Seed == 0 || i.Int() == 3:
			reporttest.Curve(r, 10, 0.1, 0.1) // 10 steps
		case i.Int() == 1:
			reporttest.Curve(r, 10, 1, 0.1) // 20 steps
		default:
			reporttest.Curve(r, 10, 1, 1) // never
		}
	})
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	// Instances 1 and 2 take (10+20)/2 steps, instance 3 10: 40/3 on average.
	drawn, never := table.Slots[0][0], table.Slots[1][0]
	if se := 5. / 3; math.Abs(drawn.Estimate-40./3) > 1e-12 || math.Abs(drawn.SD-se) > 1e-12 || drawn.N != 3 || drawn.Reached != 5 || drawn.Timed != 6 {
		t.Errorf("%v ± %v of %d instances, %d of %d runs reached it; want %v ± %v of 3, 5 of 6", drawn.Estimate, drawn.SD, drawn.N, drawn.Reached, drawn.Timed, 40./3, se)
	}
	if i := drawn.Interval(); i.Estimate != drawn.Estimate || i.Low <= 0 || i.Low >= 10 || i.High != 20 {
		t.Errorf("interval %v to %v, want it to end at the horizon, 20", i.Low, i.High)
	}
	if never.Estimate != 20 || never.Reached != 0 || never.Timed != 6 {
		t.Errorf("%v, %d of %d runs reached it; want 20, 0 of 6", never.Estimate, never.Reached, never.Timed)
	}
	if table.Units != 3 || table.FewestSeeds != 2 || table.Seeds != 3 {
		t.Errorf("%d instances of %d to %d seeds, want 3 of 2 to 3", table.Units, table.FewestSeeds, table.Seeds)
	}
}
