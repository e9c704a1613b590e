package diff

import (
	"fmt"
	"testing"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestComparePruned checks that if halving ended one of two runs, and they agree bit for
// bit as far as both go, they are neither unstable nor worse, whatever becomes of the
// other. Runs that differ before that are unstable.
func TestComparePruned(t *testing.T) {
	prune := func(changed bool) func(c *suites.Cell, r *results.Run) {
		return func(c *suites.Cell, r *results.Run) {
			linear(r, 1)
			switch {
			case r.Objective == "db", r.Objective == "vargrad" && c.Seed < 3: // all of db
				r.Status, r.Curve, r.Step = results.Pruned, r.Curve[:2], 11
				if changed && r.Objective == "db" {
					reporttest.Curve(r, 10, 6)
					r.Status = results.Pruned
				}
			}
		}
	}
	full := reporttest.Load(t, diffSuite, func(_ *suites.Cell, r *results.Run) { linear(r, 1) })
	halved := reporttest.Load(t, diffSuite, prune(false))
	for i, pair := range [][2]*report.Sweep{{full, halved}, {halved, full}} {
		d, err := Compare(pair[0], pair[1], Options{Stat: "final"})
		if err != nil {
			t.Fatal(err)
		}
		verdicts := ""
		for _, s := range d.Settings {
			verdicts += fmt.Sprint(s.Label, " ", s.Verdict(), " ", s.Versus.Pairs, " ", s.Unstable, "\n")
		}
		if want := "grid/tb identical 8 0\ngrid/vargrad identical 5 0\ngrid/db untested 0 0\ngrid/subtb identical 8 0\n"; verdicts != want || d.Regressed() {
			t.Errorf("%d: regressed %v\n%s\nwant\n%s", i, d.Regressed(), verdicts, want)
		}
	}
	d, err := Compare(full, reporttest.Load(t, diffSuite, prune(true)), Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Settings[2]; s.Unstable != 8 || s.Label != "grid/db" {
		t.Errorf("%s: %d unstable, want 8", s.Label, s.Unstable)
	}
}
