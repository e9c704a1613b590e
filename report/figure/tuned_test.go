package figure

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/report/stats"
	"gfnbench/report/tune"
	"gfnbench/usage"
)

// TestPlanes checks that in arms with two hyperparameters each setting has a cell, with
// edges half way between in the logarithm, and that the best is the darkest.
func TestPlanes(t *testing.T) {
	s := reporttest.Tuned(t)
	arms, err := tune.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Planes(s, arms)
	if err != nil || len(f.Panels) != 2 {
		t.Fatalf("%v, %d panels", err, len(f.Panels))
	}
	p := f.Panels[0]
	want := []float64{1e-1 / math.Sqrt(10), 1e-1 * math.Sqrt(10), math.Sqrt(10)}
	if len(p.Plane.X) != 6 || !p.LogX || p.LogY || p.XLabel != "lr" || p.YLabel != "log_z_lr" {
		t.Errorf("%+v", p)
	}
	if log := edges([]float64{1e-1, 1, 1}, true); !slices.EqualFunc(log, want, func(x, y float64) bool { return math.Abs(x-y) < 1e-12 }) {
		t.Errorf("edges %v, want %v", log, want)
	}
	best := slices.Index(p.Plane.Score, slices.Min(p.Plane.Score))
	if p.Plane.Chosen != best || p.Plane.Shade[best] != 1 || slices.Min(p.Plane.Shade) != 0 || p.Plane.X[best] != 1e-2 || p.Plane.Y[best] != 1 {
		t.Errorf("%+v", p.Plane)
	}
	if _, err := Planes(s, arms[2:3]); !errors.Is(err, usage.ErrNoMatch) {
		t.Errorf("of an arm with one hyperparameter: %v", err)
	}
	for _, f := range []*Figure{f, Trials(s, arms), Sensitivity(s, arms)} {
		for _, format := range Formats {
			var b bytes.Buffer
			if err := Write(&b, f, format, NeurIPS); err != nil || b.Len() < 1000 {
				t.Errorf("%s as %s: %v, %d bytes", f.Spec.Name, format, err, b.Len())
			}
		}
	}
}

// TestTrials compares the lines with stats.BestOfK.
func TestTrials(t *testing.T) {
	s := reporttest.Tuned(t)
	arms, err := tune.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	f := Trials(s, arms)
	line, want := f.Panels[0].Series[0], stats.BestOfK(scoresOf(arms[0]), stats.LowerIsBetter)
	if len(f.Panels) != 2 || len(line.X) != 6 || line.Mean[2] != want[2].Mean || line.Low[2] != want[2].Low || line.High[2] != want[2].High || line.X[2] != 3 {
		t.Errorf("%+v", line)
	}
}

func scoresOf(a *tune.Arm) (scores []float64) {
	for _, x := range a.Settings {
		scores = append(scores, x.Last)
	}
	return scores
}
