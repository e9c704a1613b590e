package sheet

import (
	"bytes"
	"flag"
	"slices"
	"strings"
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

// TestTimesOverInstances: the head says how many seeds an instance has, and a time that some
// runs did not reach is marked, counted in runs.
func TestTimesOverInstances(t *testing.T) {
	const suite = `schema = 1
name = "times"
[run]
seeds = 2
steps = 20
eval_every = 10
batch = 8
[environment.many]
kind = "sets"
elements = 6
size = 3
instances = 2
[environment.one]
kind = "sets"
elements = 6
size = 2
instances = 2
seeds = 1
[[grid]]
objective = ["tb", "vargrad"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
over = "instances"
stat = "steps-to"
threshold = 0.5
`
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) {
		if c.Seed == 0 && r.Objective == "tb" {
			reporttest.Curve(r, 10, 0.1, 0.1)
		} else {
			reporttest.Curve(r, 10, 1, 1)
		}
	})
	_, text := written(t, s)
	for _, want := range []string{
		"over 2 instances, each the mean of 1 to 2 seeds", "| 15<sup>a</sup> | > 20<sup>b</sup> |", "2 of 4 runs reached it", "0 of 4 runs reached it", "| one         |             10 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestMissingSeedsOfInstances: an instance some of whose seeds have no result is marked, and
// is not marked as the best.
func TestMissingSeedsOfInstances(t *testing.T) {
	const suite = `schema = 1
name = "missing"
[run]
seeds = 2
steps = 20
eval_every = 10
batch = 8
[environment.many]
kind = "sets"
elements = 6
size = 3
instances = 3
[[grid]]
objective = ["tb", "vargrad"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
over = "instances"
`
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 20, map[string]float64{"tb": 0.5, "vargrad": 1}[r.Objective]+float64(c.Seed)/4+float64(c.Value("instance").Int())/8)
		if c.Seed == 1 && c.Value("instance").Int() == 2 && r.Objective == "tb" {
			r.Status = ""
		}
	})
	table, text := written(t, s)
	if tb := table.Slots[0][0]; tb.Best || tb.N != 3 {
		t.Errorf("over %d instances, best: %v", tb.N, tb.Best)
	}
	if want := "</sup> 1 of 6 runs: no result yet"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}

// written returns the first table of a suite, and what a document has of it.
func written(t *testing.T, s *report.Sweep) (*report.Table, string) {
	t.Helper()
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteTables(&b, Form{Format: "markdown"}, s, []*report.Table{table}); err != nil {
		t.Fatal(err)
	}
	return table, b.String()
}
