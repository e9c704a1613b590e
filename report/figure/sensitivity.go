package figure

import (
	"cmp"
	"math"
	"slices"

	"gfnbench/report"
	"gfnbench/report/tune"
	"gfnbench/suites"
)

// Sensitivity draws how the metric of a tuned suite depends on each hyperparameter. It
// has a panel for each group of arms and hyperparameter, a line for each arm, and a point
// for each value: the mean over the value's settings of their means over the tuning
// seeds, with a band from the worst of these to the best.
func Sensitivity(s *report.Sweep, arms []*tune.Arm) *Figure {
	f := &Figure{Spec: &suites.Figure{Name: "sensitivity", Title: "Sensitivity to hyperparameters", Kind: "curves", Auto: true}}
	at := make(map[string]*Panel)
	for _, a := range arms {
		for j, column := range a.Tuned {
			series := alongOf(a, j)
			if series == nil {
				continue
			}
			name := cmp.Or(a.Group, s.Name) + ", " + lastPart(column)
			if at[name] == nil {
				x := series.X
				at[name] = &Panel{Label: name, XLabel: lastPart(column), YLabel: labelOf(s.Names(), a.Settings[0].Slot.Stat.Metric), LogX: wide(x), Tuned: true}
				f.Panels = append(f.Panels, at[name])
			}
			at[name].Series = append(at[name].Series, series)
			f.arm(s, a, series)
		}
	}
	f.scale()
	f.Notes = append(f.Notes, "points: mean tuning score of the settings with that value; band: from the best to the worst of them; settings in which a seed failed are left out; the values are "+tune.CommonText(arms))
	return f
}

// arm makes a series the line of an arm, in the style of its objective.
func (f *Figure) arm(s *report.Sweep, a *tune.Arm, series *Series) {
	row := a.Settings[0].Slot.Rows[0]
	series.Label, series.Objective, series.Keys = a.Rival, row.Objective(), []string{row.Objective()}
	if f.Names == nil {
		f.Names, f.Columns = make(map[string]string), []string{"objective"}
	}
	f.Names[a.Rival] = s.Names().Line(a.Columns, row.Value)
	if !slices.Contains(f.Labels, a.Rival) {
		f.Labels = append(f.Labels, a.Rival)
	}
}

// alongOf returns the scores of an arm along its j-th hyperparameter; nil where that is no
// number, or nothing has a score.
func alongOf(a *tune.Arm, j int) *Series {
	s := &Series{}
	by := make(map[float64][]float64)
	for _, x := range a.Settings {
		v, ok := x.Values[j].Number()
		if !ok {
			return nil
		}
		if !math.IsNaN(x.Common) {
			by[v] = append(by[v], x.Common)
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
