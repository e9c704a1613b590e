package figure

import (
	"slices"
	"testing"

	"gonum.org/v1/plot/plotter"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestAllDiverged: of a line whose runs all diverged the note says so, and a cross stands
// where it ends. Along a hyperparameter a run that diverged ends nothing.
func TestAllDiverged(t *testing.T) {
	const suite = `schema = 1
name = "lost"
[run]
seeds = 2
steps = 30
eval_every = 10
batch = 8
[environment.grid]
kind = "hypergrid"
[[grid]]
objective = ["tb", "vargrad"]
"optimizer.lr" = [1e-3, 1e-2]
[[figure]]
name = "curves"
metric = "l1"
lines = ["objective", "optimizer.lr"]
[[figure]]
name = "along"
metric = "l1"
x = "optimizer.lr"
`
	s := reporttest.Load(t, suite, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 10, 5, 1, 0.5)
		if r.Objective == "tb" && c.Spec().Optimizer.LR > 5e-3 {
			reporttest.Diverge(r)
		}
	})
	f := made(t, s, "curves")
	if want := "2 runs diverged (×), all those of TB (lr=0.01); means continue without them"; !slices.Contains(f.Notes, want) {
		t.Errorf("notes %q, want %q", f.Notes, want)
	}
	along := made(t, s, "along")
	if want := "2 runs diverged; means continue without them"; !slices.Contains(along.Notes, want) {
		t.Errorf("notes %q, want %q", along.Notes, want)
	}
	for _, series := range f.Panels[0].Series {
		want := plotter.XYs(nil)
		if series.Diverged > 0 {
			want = plotter.XYs{{X: 0, Y: 10}} // the value at 10 steps is not finite, and none follows
		}
		if got := series.ends(false); !slices.Equal(got, want) {
			t.Errorf("%s ends at %v, want %v", series.Label, got, want)
		}
	}
	for _, series := range along.Panels[0].Series {
		if got := series.ends(false); got != nil {
			t.Errorf("%s ends at %v along a hyperparameter", series.Label, got)
		}
	}
}
