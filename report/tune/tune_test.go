package tune

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/tuning"
)

const suite = `schema = 1
name = "made"
[run]
seeds = 3
steps = 8
batch = 4
eval_every = 4
[environment.grid]
kind = "hypergrid"
[[grid]]
objective = ["tb", "vargrad"]
"optimizer.lr" = [1e-3, 1e-2, 1e-1]
[tune]
metric = "l1"
seeds = [1000, 1001]
`

// finals is the final l1 of every seed, by objective and learning rate. At the default of
// 1e-3 tb is better; at the best setting vargrad is.
var finals = map[string]map[float64]float64{
	"tb":      {1e-3: 0.4, 1e-2: 0.3, 1e-1: 0.9},
	"vargrad": {1e-3: 0.5, 1e-2: 0.8, 1e-1: 0.2},
}

// directory writes the runs of the suite's cells, first tuning cells and then test cells.
func directory(t *testing.T) string {
	t.Helper()
	s, err := suites.Parse("made.toml", []byte(suite), nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "made")
	dir, err := results.Create(path, results.Options{Suite: suite, Columns: []results.Column{{Name: "optimizer.lr", Type: param.Float}, {Name: param.Role, Type: param.String}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.WriteSuite(suite); err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]*results.Run)
	add := func(c *suites.Cell) {
		objective, lr := c.Value("objective").Text(), c.Value("optimizer.lr").Float()
		run := results.Run{Status: results.Done, Step: 8}
		run.ID, run.Environment, run.Objective, run.Seed = c.ID, c.EnvironmentName(), objective, int64(c.Seed)
		run.Set("optimizer.lr", param.OfFloat(lr))
		run.Set(param.Role, c.Value(param.Role))
		for _, step := range []int64{0, 4, 8} {
			p := results.Point{Step: step}
			p.Set(metric.L1, finals[objective][lr]+0.1*float64(8-step)+0.001*float64(c.Seed%3))
			run.Curve = append(run.Curve, p)
		}
		rows[c.ID] = &run
		if err := dir.Append(run); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range s.Cells {
		if c.Role == suites.Tuning {
			add(c)
		}
	}
	tuning.Decide(s, func(id string) *results.Run { return rows[id] })
	for _, c := range s.Select(nil) {
		add(c)
	}
	return path
}

func TestReport(t *testing.T) {
	s, err := report.Load(report.Options{}, directory(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Rows) != 2*3 || len(s.Tuning) != 2*3*2 || len(s.Notes) > 0 {
		t.Fatalf("%d rows, %d that tune, notes %q", len(s.Rows), len(s.Tuning), s.Notes)
	}
	arms, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"lr=0.01", "lr=0.1"} {
		a := arms[i]
		if got := a.Text(a.Chosen); got != want || a.Text(a.Default) != "lr=0.001" || a.Test.N != 3 {
			t.Errorf("%s: %s is chosen, the default is %s, %d tests", a.Name, got, a.Text(a.Default), a.Test.N)
		}
		// In the limit the best of all settings is certain to be drawn, and at k = 1 one
		// in three.
		curve := a.Trials()
		mean := 0.0
		for _, x := range a.Settings {
			mean += x.Score() / 3
		}
		if len(curve) != 3 || math.Abs(curve[0].Mean-mean) > 1e-12 || curve[0].Low != a.Chosen.Score() {
			t.Errorf("%s: %+v", a.Name, curve)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, sheet.Form{Format: "markdown"}, s, arms); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tuning changes the order of the means of 1 of its 1 pair of arms, none of which differs on the test seeds", "| grid/tb", "lr=0.01", "Expected best after k settings", "0.4015 (1)", "0.5015 (2)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &b)
		}
	}
	b.Reset()
	if err := Write(&b, sheet.Form{Format: "csv"}, s, arms); err != nil || strings.Count(b.String(), "\n") != 1+6 || !strings.Contains(b.String(), "grid/vargrad,0.1,,true,false,l1,final,2,2,") {
		t.Errorf("%v\n%s", err, &b)
	}
	table, err := s.Table(s.DefaultTable(nil, nil))
	if err != nil || len(table.Tuned) != 2 || !strings.Contains(table.Tuned[1], "grid/vargrad: lr=0.1, the best of 3 settings; l1 was 0.2015 on the tuning seeds and is 0.2010 here") {
		t.Errorf("%v, %q", err, table.Tuned)
	}
}

// TestNothingTuned: a suite without [tune] has nothing to report.
func TestNothingTuned(t *testing.T) {
	if _, err := Make(&report.Sweep{Name: "plain"}); err == nil || !strings.Contains(err.Error(), "has no [tune]") {
		t.Error(err)
	}
}

// TestGolden compares the report in every format.
func TestGolden(t *testing.T) {
	s := reporttest.Tuned(t)
	arms, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "markdown", "latex", "html", "csv", "json"} {
		var b bytes.Buffer
		if err := Write(&b, sheet.Form{Format: format}, s, arms); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "tune."+format, reporttest.Rounded(b.Bytes()))
	}
}

// TestInstances: the report says on what the settings were compared, and their scores are
// over all of it.
func TestInstances(t *testing.T) {
	text := strings.NewReplacer("kind = \"hypergrid\"", "kind = \"sets\"\nelements = 5\nsize = 2\ninstances = 3",
		"seeds = [1000, 1001]", "seeds = [1000, 1001]\ninstances = [101, 102, 103, 104]").Replace(suite)
	path := filepath.Join(t.TempDir(), "drawn")
	if err := reporttest.Write(path, text, nil); err != nil {
		t.Fatal(err)
	}
	s, err := report.Load(report.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	arms, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, sheet.Form{Format: "markdown"}, s, arms); err != nil {
		t.Fatal(err)
	}
	want := "l1 at the end over 2 tuning seeds on each of 4 tuning instances"
	if n := len(arms[0].Settings[0].Slot.Rows); n != 8 || len(arms[0].Test.Rows) != 3*3 || !strings.Contains(b.String(), want) {
		t.Errorf("%d tuning rows, %d test rows; want %q in\n%s", n, len(arms[0].Test.Rows), want, &b)
	}
}

// TestFiltered: a filter leaves arms and settings out.
func TestFiltered(t *testing.T) {
	for filter, want := range map[string]string{
		"environment=torus": "torus/tb 6, torus/vargrad 6", "optimizer.lr=0.01": "grid/tb 2, torus/tb 2, grid/vargrad 1, torus/vargrad 1", "objective=tb": "grid/tb 6, torus/tb 6",
	} {
		s, err := reporttest.Tuned(t).Filter([]string{filter})
		if err != nil {
			t.Fatal(err)
		}
		arms, err := Make(s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range arms {
			got = append(got, fmt.Sprint(a.Name, " ", len(a.Settings)))
		}
		var b bytes.Buffer
		if err := Write(&b, sheet.Form{Format: "markdown"}, s, arms); err != nil || strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s; %v", filter, got, want, err)
		}
	}
}

var _ = flag.Bool("update", false, "rewrite the expected output in testdata")
