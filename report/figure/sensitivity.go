package figure

import (
	"cmp"
	"math"
	"slices"

	"gfnbench/report"
	"gfnbench/report/sheet"
	"gfnbench/report/tune"
	"gfnbench/suites"
)

// Sensitivity draws how the metric of a tuned suite depends on each hyperparameter: a
// panel for each group of arms and hyperparameter, a line for each arm, a point for each
// value: the mean over its settings of their mean over the tuning seeds, between the best
// and the worst of them.
func Sensitivity(s *report.Sweep, arms []*tune.Arm) *Figure {
	f := &Figure{Spec: &suites.Figure{Name: "sensitivity", Title: "Sensitivity to hyperparameters", Kind: "curves", Auto: true}}
	at := make(map[string]*Panel)
	for _, a := range arms {
		for j, column := range a.Tuned {
			series := alongOf(a, j)
			if series == nil {
				continue
			}
			name := cmp.Or(a.Group, s.Name) + ", " + column
			if at[name] == nil {
				x := series.X
				at[name] = &Panel{Label: name, XLabel: column, YLabel: sheet.MetricText(s.Suite.Tune.Metric), LogX: x[0] > 0 && x[len(x)-1] > 10*x[0]}
				f.Panels = append(f.Panels, at[name])
			}
			at[name].Series = append(at[name].Series, series)
			if !slices.Contains(f.Labels, series.Label) {
				f.Labels = append(f.Labels, series.Label)
			}
		}
	}
	f.scale()
	f.Notes = append(f.Notes, "points: mean over the settings of that value, of their mean over the tuning seeds; band: from the best to the worst setting of that value; settings in which a seed failed are left out, those that halving ended are as they were at their rung")
	return f
}

// alongOf returns the scores of an arm along its j-th hyperparameter; nil where that is no
// number, or nothing has a score.
func alongOf(a *tune.Arm, j int) *Series {
	s := &Series{Label: a.Rival}
	by := make(map[float64][]float64)
	for _, x := range a.Settings {
		v, ok := x.Values[j].Number()
		if !ok {
			return nil
		}
		s.Objective = x.Slot.Rows[0].Objective()
		if !math.IsNaN(x.Last) {
			by[v] = append(by[v], x.Last)
		}
	}
	for v := range by {
		s.X = append(s.X, v)
	}
	slices.Sort(s.X)
	for _, v := range s.X {
		sum := 0.0
		for _, y := range by[v] {
			sum += y
		}
		s.Mean = append(s.Mean, sum/float64(len(by[v])))
		s.Low, s.High = append(s.Low, slices.Min(by[v])), append(s.High, slices.Max(by[v]))
		s.Seeds = max(s.Seeds, len(by[v]))
	}
	if len(s.X) == 0 {
		return nil
	}
	return s
}
