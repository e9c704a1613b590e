package sheet

import (
	"bytes"
	"flag"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

var _ = flag.Bool("update", false, "rewrite the expected output in testdata")

// TestFormats compares the tables of the example in every format.
func TestFormats(t *testing.T) {
	s := reporttest.Example(t)
	specs, err := s.Tables()
	if err != nil {
		t.Fatal(err)
	}
	var tables []*report.Table
	for _, spec := range specs {
		table, err := s.Table(spec)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	for _, format := range append([]string{"json"}, Formats...) {
		var b bytes.Buffer
		if err := WriteTables(&b, Form{Format: format}, s, tables); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "tables."+format, reporttest.Rounded(b.Bytes()))
	}
}

// TestComparisonOverSharedSeeds: between a base with three seeds and a setting with six,
// the change is that of the means over three seeds, (1.8+2.7+3.6)/(2+3+4) - 1. A setting
// without results shows no change.
func TestComparisonOverSharedSeeds(t *testing.T) {
	s := reporttest.Load(t, reporttest.Suite(t, "example"), func(c *suites.Cell, r *results.Run) {
		switch {
		case r.Environment != "grid":
			r.Status = ""
		case r.Objective == "renyi":
			r.Status = ""
		case r.Objective == "tb" && c.Seed == 0:
			r.Status = ""
		case r.Objective == "tb":
			reporttest.Curve(r, 10, float64(c.Seed+1))
		default:
			reporttest.Curve(r, 10, 0.9*float64(c.Seed+1))
		}
	})
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	row := table.Slots[0]
	if c := row[1].Versus; !reporttest.Close(1+c.Change, 0.9) || c.Pairs != 3 {
		t.Errorf("%+v", c)
	}
	sh := OfTable(table)
	want := [][]string{{"grid", "3.0 ± 1.0", "2.2 ± 1.2 (−10% ~)", "2.2 ± 1.2 (−10% ~)", "–"}, {"(paper)", "0.07±0.00", "", "", ""}, {"words", "–", "–", "–", "–"}}
	got := sh.texts(func(e *Entry) string {
		if e.Change != "" {
			return e.Text + " (" + e.Change + ")"
		}
		return e.Text
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if note := "the change is over the 3 seeds for which both have a value"; !slices.Contains(sh.Footnotes, note) {
		t.Errorf("no footnote %q: %q", note, sh.Footnotes)
	}
}
