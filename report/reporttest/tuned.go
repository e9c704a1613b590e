package reporttest

import (
	"math"
	"path/filepath"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/tuning"
)

// Tuned returns a sweep of tuned.toml. At the default, tb is better than vargrad on grid,
// and at the chosen settings vargrad is. On grid, a tuning seed of vargrad with lr = 1
// failed; on torus, vargrad is not tuned to the end.
func Tuned(t *testing.T) *report.Sweep {
	t.Helper()
	text := Suite(t, "tuned")
	s, err := suites.Parse("tuned.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tuned")
	dir, err := results.Create(path, results.Options{Suite: text})
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.WriteSuite(text); err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]*results.Run)
	find := func(id string) *results.Run { return rows[id] }
	for trained := true; trained; {
		trained = false
		state := tuning.Decide(s, find)
		for _, c := range s.Cells {
			until := state.Until(c.ID)
			unfinished := c.EnvironmentName() == "torus" && c.Value("objective").Text() == "vargrad" && c.Seed == 1001
			if old := rows[c.ID]; c.Undecided || unfinished || old != nil && (old.Status != results.Pruned || until >= 0 && old.Step > int64(until)) {
				continue
			}
			rows[c.ID], trained = tunedRun(c, until), true
		}
	}
	for _, run := range rows {
		if err := dir.Append(*run); err != nil {
			t.Fatal(err)
		}
	}
	sweep, err := report.Load(report.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	return sweep
}

// tunedRun makes up a run that is trained up to a rung, or to its end if that is -1. Its
// l1 falls by 0.01 per step to 0.1, or 0.05 for vargrad, plus more the farther the rates
// are from the best ones: 1e-2, or 1e-1 for vargrad, and 1 for log Z.
func tunedRun(c *suites.Cell, until int) *results.Run {
	objective, lr := c.Value("objective").Text(), c.Value("optimizer.lr").Float()
	run := &results.Run{Cell: row(c), Status: results.Done, Step: 8, Timing: results.Timing{Attempt: 1}}
	l1 := 0.1 + 0.1*math.Abs(math.Log10(lr)+2) + 0.001*float64(c.Seed%7)
	if objective == "vargrad" {
		l1 = 0.05 + 0.2*math.Abs(math.Log10(lr)+1) + 0.001*float64(c.Seed%5)
	} else {
		l1 += 0.05 * math.Abs(math.Log10(c.Value("optimizer.log_z_lr").Float()))
	}
	if run.Environment == "grid" && lr == 1 && c.Seed == 1000 {
		run.Status, run.Step, run.Message = results.Failed, 2, "out of memory"
		return run
	}
	if until >= 0 {
		run.Status, run.Step = results.Pruned, int64(until)+1
	}
	for step := int64(0); step <= 8 && (until < 0 || step <= int64(until)); step += 4 {
		p := results.Point{Step: step}
		p.Set(metric.L1, l1+0.01*float64(8-step))
		run.Curve = append(run.Curve, p)
	}
	return run
}
