package diff

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
)

const diffSuite = `schema = 1
name = "diff"
[run]
seeds = 8
steps = 20
eval_every = 10
optimizer = { lr = 1e-3 }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "db", "subtb"]
`

// linear gives every run a final l1 of its seed plus 1, times factor.
func linear(r *results.Run, factor float64) { reporttest.Curve(r, 10, 5, float64(r.Seed+1)*factor) }

// TestCompare has eight seeds: if all agree in sign the two-sided p is 2/256, which Holm
// multiplies by the number of settings that are not identical.
func TestCompare(t *testing.T) {
	// In b vargrad is worse and a seed of db diverges; in a subtb has no result.
	a := reporttest.Load(t, diffSuite, func(c *suites.Cell, r *results.Run) {
		linear(r, 1)
		if r.Objective == "subtb" {
			r.Status = ""
		}
	})
	b := reporttest.Load(t, diffSuite, func(c *suites.Cell, r *results.Run) {
		switch linear(r, 1); {
		case r.Objective == "vargrad":
			linear(r, 1.5)
		case r.Objective == "db" && c.Seed == 7:
			reporttest.Diverge(r)
		}
	})
	d, err := Compare(a, b, Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Settings) != 4 || len(d.Changed) != 0 || len(d.Revised) != 0 {
		t.Fatalf("%d settings, changed %v, revised %v", len(d.Settings), d.Changed, d.Revised)
	}
	// Check each setting.
	tb, vargrad, db := d.Settings[0], d.Settings[1], d.Settings[2]
	if tb.Identical != 8 || tb.Worse || tb.Unstable != 0 {
		t.Errorf("tb: %+v", tb)
	}
	if v := vargrad.Versus; !vargrad.Worse || vargrad.Unstable != 8 || v.P != 2./256 || v.Adjusted != 4./256 || !reporttest.Close(v.Change, 0.5) {
		t.Errorf("vargrad: %+v, %+v", vargrad, v)
	}
	if !db.Worse || db.Broken != 1 || db.Identical != 7 || db.Versus.Distinct {
		t.Errorf("db: %+v", db)
	}
	if !d.Regressed() {
		t.Error("no regression")
	}
	// Compare the other way round.
	back, err := Compare(b, a, Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	if !back.Settings[1].Improved || back.Regressed() {
		t.Error("the other way round it is no improvement")
	}
	writeDiff(t, d, "diff")
}

// writeDiff compares a comparison, as people and programs read it, with testdata.
func writeDiff(t *testing.T, d *Diff, name string) {
	t.Helper()
	for _, format := range []string{"text", "markdown", "csv", "json"} {
		var b bytes.Buffer
		if err := d.Write(&b, sheet.Form{Format: format}); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		for i, s := range []*report.Sweep{d.A, d.B} {
			got = strings.ReplaceAll(got, s.Dirs[0], []string{"A", "B"}[i])
		}
		reporttest.Golden(t, name+"."+format, []byte(got))
	}
}

// TestCompareSettings takes a column that differs throughout for what was changed.
func TestCompareSettings(t *testing.T) {
	edit := func(c *suites.Cell, r *results.Run) { linear(r, 1) }
	a := reporttest.Load(t, diffSuite, edit)
	b := reporttest.Load(t, strings.Replace(diffSuite, "lr = 1e-3", "lr = 3e-3", 1), edit)
	d, err := Compare(a, b, Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Changed) != 1 || d.Changed[0] != (ColumnChange{"optimizer.lr", "0.001", "0.003"}) || len(d.Settings) != 4 || len(d.Revised) != 0 {
		t.Errorf("changed %v, %d settings, revised %v", d.Changed, len(d.Settings), d.Revised)
	}
	writeDiff(t, d, "diffsettings")
}

// TestCompareSides has a setting of every kind that is not compared, and one whose seeds
// all failed in B: worse, although no seed has a score on both sides.
func TestCompareSides(t *testing.T) {
	a := reporttest.Load(t, strings.Replace(diffSuite, `, "subtb"`, "", 1), func(c *suites.Cell, r *results.Run) { linear(r, 1) })
	b := reporttest.Load(t, strings.Replace(diffSuite, `"tb", `, "", 1), func(c *suites.Cell, r *results.Run) {
		linear(r, 1)
		switch r.Objective {
		case "vargrad":
			r.Status = results.Failed
		case "db":
			r.ID = "ffffffffffff" + r.ID[:4]
		}
	})
	b = withoutPlan(t, b)
	d, err := Compare(a, b, Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range d.all() {
		got = append(got, s.Label+" "+s.Verdict())
	}
	if want := []string{"grid/vargrad worse", "grid/db revised", "grid/tb only-a", "grid/subtb only-b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	writeDiff(t, d, "diffsides")
}

// TestCompareRevisions: cells that differ only in their id have different revisions.
func TestCompareRevisions(t *testing.T) {
	a := reporttest.Load(t, diffSuite, func(c *suites.Cell, r *results.Run) { linear(r, 1) })
	b := reporttest.Load(t, diffSuite, func(c *suites.Cell, r *results.Run) {
		linear(r, 1)
		if r.Objective == "db" {
			r.ID = "ffffffffffff" + r.ID[:4]
		}
	})
	b = withoutPlan(t, b)
	d, err := Compare(a, b, Options{Stat: "final"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Revised) != 1 || d.Revised[0].Label != "grid/db" || len(d.Settings) != 3 {
		t.Errorf("revised %v, %d settings", d.Revised, len(d.Settings))
	}
	if d, err = Compare(a, b, Options{Stat: "final", Revisions: true}); err != nil || len(d.Settings) != 4 {
		t.Errorf("%v, %d settings", err, len(d.Settings))
	}
}

// withoutPlan reads a directory again, without its suite.
func withoutPlan(t *testing.T, s *report.Sweep) *report.Sweep {
	t.Helper()
	if err := os.Remove(filepath.Join(s.Dirs[0], "suite.toml")); err != nil {
		t.Fatal(err)
	}
	s, err := report.Load(report.Options{}, s.Dirs[0])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var _ = flag.Bool("update", false, "rewrite the expected output in testdata")
