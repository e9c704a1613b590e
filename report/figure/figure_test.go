package figure

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/report/reporttest"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// TestCurves: the mean of 1, 2, 3, 6 is 3. A run that diverged leaves the mean where its
// curve ends.
func TestCurves(t *testing.T) {
	// A run of renyi diverges, and a run of tb has no result yet.
	finals := []float64{1, 2, 3, 6}
	s := reporttest.Load(t, reporttest.Suite(t, "example"), func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 10, 8, finals[c.Seed])
		if r.Objective == "renyi" && c.Seed == 3 {
			r.Curve[2].Set(metric.L1, math.NaN())
			r.Status = results.Diverged
		}
		if r.Objective == "tb" && c.Seed == 0 {
			r.Status = ""
		}
	})
	f, err := Make(s, &suites.Figure{Kind: "curves", X: "trajectories", Panels: []string{"environment"}, Lines: []string{"objective", "control_variate", "alpha"}, Metric: suites.Metric{Default: "l1"}, Log: true}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The panels and their lines.
	if d := cmp.Diff([]string{"tb", "reverse-kl/none", "reverse-kl/loo", "renyi/loo/alpha=0.5"}, f.Labels); d != "" {
		t.Error(d)
	}
	if len(f.Panels) != 2 || f.Panels[0].Label != "grid" || !f.Panels[0].LogY || f.Panels[0].YLabel != "L₁ distance" || f.Panels[0].XLabel != "trajectories" {
		t.Errorf("%+v", f.Panels[0])
	}
	// The points.
	tb, loo, renyi := f.Panels[0].Series[0], f.Panels[0].Series[2], f.Panels[0].Series[3]
	if d := cmp.Diff([]float64{0, 160, 320}, loo.X); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{10, 8, 3}, loo.Mean); d != "" {
		t.Error(d)
	}
	want, err := stats.MeanInterval(finals, stats.Logarithmic, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if loo.Low[2] != want.Low || loo.High[2] != want.High || loo.Low[0] != 10 {
		t.Errorf("band %v to %v, want %v to %v", loo.Low[2], loo.High[2], want.Low, want.High)
	}
	if renyi.Mean[2] != 2 || renyi.Mean[1] != 8 || renyi.Diverged != 1 {
		t.Errorf("renyi: %v, %d diverged", renyi.Mean, renyi.Diverged)
	}
	if tb.Absent != 1 || !reporttest.Close(tb.Mean[2], 11./3) {
		t.Errorf("tb: %v, %d absent", tb.Mean, tb.Absent)
	}
	if got := strings.Join(f.Notes, "\n"); !strings.Contains(got, "2 runs diverged") || !strings.Contains(got, "2 cells without a result yet") {
		t.Error(got)
	}
}

// TestTwoSeeds: two seeds are too few for an interval and bound a band that the note
// explains; one seed has no band.
func TestTwoSeeds(t *testing.T) {
	for seeds, want := range map[string][2]float64{"1": {math.NaN(), math.NaN()}, "2": {1, 3}} {
		suite := strings.Replace(reporttest.Suite(t, "example"), "seeds      = 4", "seeds = "+seeds, 1)
		s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) { reporttest.Curve(r, 10, float64(1+2*c.Seed)) })
		f, err := Make(s, &suites.Figure{Kind: "curves", Panels: []string{"environment"}, Lines: []string{"objective", "control_variate"}, Metric: suites.Metric{Default: "l1"}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		line := f.Panels[0].Series[0]
		if got := [2]float64{line.Low[1], line.High[1]}; !cmp.Equal(got, want, cmpopts.EquateNaNs()) {
			t.Errorf("%s seeds: band %v, want %v", seeds, got, want)
		}
		if explained := strings.Contains(f.Notes[0], "from one seed to the other, which is not an interval"); explained != (seeds == "2") {
			t.Errorf("%s seeds: %s", seeds, f.Notes[0])
		}
	}
}

func TestFigurePoolsSeedsOnly(t *testing.T) {
	s := reporttest.Example(t)
	_, err := Make(s, &suites.Figure{Kind: "curves", Panels: []string{"environment"}, Lines: []string{"objective"}, Metric: suites.Metric{Default: "l1"}}, Options{})
	if _, ok := errors.AsType[*usage.Error](err); !ok || !strings.Contains(err.Error(), "differ in control_variate") {
		t.Errorf("%v", err)
	}
}

func TestVarianceFigure(t *testing.T) {
	suite, err := suites.Read("figure2-variance")
	if err != nil {
		t.Fatal(err)
	}
	s := reporttest.Load(t, string(suite.Text), func(c *suites.Cell, r *results.Run) { reporttest.AddVariance(suite, c, r) })
	specs, err := Declared(s, "figure2")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Make(s, specs[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Panels) != 4*5 {
		t.Errorf("%d panels, want those of 4 environments and 5 objectives", len(f.Panels))
	}
	p := f.Panels[0]
	line := p.Series[0]
	if d := cmp.Diff([]float64{32, 64, 128, 256, 512, 1024}, line.X); d != "" || !p.LogX || !p.LogY {
		t.Error(d)
	}
	// addVariance gives a trace of 2/batch, plus 1% for each seed.
	if want := 2. / 32 * 1.01; p.Label != "sets/tb" || !reporttest.Close(line.Mean[0], want) {
		t.Errorf("%s: %v, want %v", p.Label, line.Mean[0], want)
	}
}

const densitySuite = `schema = 1
name = "density"
[run]
seeds = 1
steps = 20
batch = 16
eval_every = 10
[environment.banana]
kind = "banana"
eval = { samples = 64, final_samples = 64 }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 5
[[grid]]
objective = ["tb"]
[[figure]]
name = "d"
kind = "density"
`

// TestDensities trains the runs again: masses sum to 1, and a run that differs from the
// recorded one is noticed.
func TestDensities(t *testing.T) {
	// Record the runs, one of them with another loss.
	s := reporttest.Load(t, densitySuite, func(c *suites.Cell, r *results.Run) {
		trainer, err := gfn.New(c.Spec(), c.Instance())
		if err != nil {
			t.Fatal(err)
		}
		r.Curve = nil
		for !trainer.Done() {
			row, evaluated, err := trainer.Step()
			if err != nil {
				t.Fatal(err)
			}
			if evaluated {
				p := results.Point{Step: int64(row.Step)}
				p.Set(metric.Loss, row.Metrics[metric.Loss].Value)
				if r.Environment == "grid" && row.Step == 10 {
					p.Set(metric.Loss, 12345)
				}
				r.Curve = append(r.Curve, p)
			}
		}
	})
	// Draw the densities.
	var told []string
	f, err := Make(s, s.Suite.Figures[0], Options{Progress: func(text string) { told = append(told, text) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Panels) != 2 || len(told) != 2 || told[0] != "training tb on banana again, seed 0, for its density" {
		t.Fatalf("%d panels, %q", len(f.Panels), told)
	}
	for _, p := range f.Panels {
		if len(p.Densities) != 2 || p.Densities[0].Label != "target" || p.Densities[1].Label != "TB, seed 0" || p.Densities[1].Step != 20 {
			t.Fatalf("%s: %d densities", p.Label, len(p.Densities))
		}
		for _, d := range p.Densities {
			total := 0.0
			for _, row := range d.Z {
				for _, z := range row {
					total += z
				}
			}
			tolerance := 1e-12
			if !d.Mass { // most of the target is in the window, by the midpoint rule
				total *= (d.X[1] - d.X[0]) * (d.Y[1] - d.Y[0])
				tolerance = 0.02
			}
			if d.Label == "target" && math.Abs(total-1) > tolerance || d.Mass && math.Abs(total-1) > tolerance || total > 1.02 {
				t.Errorf("%s, %s sums to %v", p.Label, d.Label, total)
			}
		}
	}
	// Only the altered run is noted.
	if n := f.Panels[0].Densities[1].Note; n != "" {
		t.Errorf("banana: %s", n)
	}
	if n := f.Panels[1].Densities[1].Note; n == "" {
		t.Error("a run that was recorded otherwise is not noticed")
	}
}

// TestLinesThatDoNotApply: tb takes no control variate. Its line is that of cells with
// none, and is in the figure whatever else is in the name.
func TestLinesThatDoNotApply(t *testing.T) {
	s := reporttest.Example(t)
	for _, tt := range []struct{ lines, want []string }{
		{[]string{"control_variate"}, []string{"none", "loo"}},
		{[]string{"control_variate", "batch"}, []string{"none/batch=16", "loo/batch=16"}},
		{[]string{"alpha", "control_variate"}, []string{"none", "loo", "alpha=0.5/loo"}},
	} {
		f, err := Make(s, &suites.Figure{Name: "f", Kind: "curves", Panels: []string{"environment", "objective"}, Lines: tt.lines, Metric: suites.Metric{Default: "l1"}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, f.Labels); d != "" {
			t.Errorf("%q: %s", tt.lines, d)
		}
		if p := f.Panels[0]; p.Label != "grid/tb" || len(p.Series) != 1 {
			t.Errorf("%q: panel %s has %d lines", tt.lines, p.Label, len(p.Series))
		}
	}
}

// TestScale: values that a logarithmic axis cannot show are counted. Unless something
// asks for a scale, it is logarithmic for positive values that span a decade. All panels
// share one scale.
func TestScale(t *testing.T) {
	tests := []struct {
		name  string
		log   bool
		auto  bool
		final float64 // of words; that of grid is 1
		want  bool
		note  string
	}{
		{"asked for", true, false, -1, true, "4 points at or below 0 not on the logarithmic axis, of TB; reverse KL (no CV); reverse KL (leave-one-out); Rényi-½ (leave-one-out)"},
		{"by the values", false, true, 1, true, ""},
		{"values below 0", false, true, -1, false, ""},
		{"linear", false, false, 1, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := reporttest.Load(t, reporttest.Suite(t, "example"), func(c *suites.Cell, r *results.Run) {
				if reporttest.Curve(r, 10, 1); r.Environment == "words" {
					reporttest.Curve(r, 10, tt.final)
				}
			})
			spec := &suites.Figure{Kind: "curves", Panels: []string{"environment"}, Lines: []string{"objective", "control_variate", "alpha"}, Metric: suites.Metric{Default: "l1"}, Log: tt.log, Auto: tt.auto}
			f, err := Make(s, spec, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range f.Panels {
				if p.LogY != tt.want {
					t.Errorf("%s: logarithmic %v, want %v", p.Label, p.LogY, tt.want)
				}
			}
			notes := strings.Join(f.Notes, "; ")
			if below := strings.Contains(notes, "at or below 0"); below != (tt.note != "") || !strings.Contains(notes, tt.note) {
				t.Errorf("notes: %s; want %q", notes, tt.note)
			}
			if _, err := lay(f, NeurIPS); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestChooseRuns: with a final l1 of 0.3, 0.9, 0.5 the worst is seed 1. Runs that failed
// cannot be trained again.
func TestChooseRuns(t *testing.T) {
	s := reporttest.Load(t, strings.Replace(densitySuite, "seeds = 1", "seeds = 4", 1), func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 2, []float64{0.3, 0.9, 0.5, 0}[c.Seed])
		if c.Seed == 3 {
			r.Status = results.Failed
		}
	})
	rows := s.Rows[:4]
	for choice, want := range map[string][]int{"": {0}, "first": {0}, "worst": {1}, "all": {0, 1, 2}} {
		chosen, err := chooseRuns(s, rows, choice)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, r := range chosen {
			got = append(got, r.Seed())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: seeds %v, want %v", choice, got, want)
		}
	}
}

// TestNoValues: a figure without a value says whether its cells lack the metric or a result.
func TestNoValues(t *testing.T) {
	const figures = `[[figure]]
name = "waiting"
title = "its 36 cells have none yet"
on = { environment = "sets" }
metric = "l1"
over = "instances"
[[figure]]
name = "lacking"
title = "none has kl_pt_target"
on = { environment = "grid" }
metric = "kl_pt_target"
over = "instances"
`
	s := reporttest.Load(t, drawn+figures, func(c *suites.Cell, r *results.Run) {
		if reporttest.Curve(r, 10, 3); c.EnvironmentName() == "sets" {
			r.Status = ""
		}
	})
	for _, f := range s.Suite.Figures[len(s.Suite.Figures)-2:] {
		if _, err := Make(s, f, Options{}); !errors.Is(err, usage.ErrNoMatch) || !strings.Contains(err.Error(), f.Title) {
			t.Errorf("%v, want %q", err, f.Title)
		}
	}
}
