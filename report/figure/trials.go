package figure

import (
	"cmp"
	"math"

	"gfnbench/report"
	"gfnbench/report/tune"
	"gfnbench/suites"
)

// Trials draws the expected score of the best of k settings against k. It has a panel for
// each group of arms and a line for each arm, with the range that contains the best in
// 95% of draws.
func Trials(s *report.Sweep, arms []*tune.Arm) *Figure {
	f := &Figure{Spec: &suites.Figure{Name: "trials", Title: "Expected best after k settings", Kind: "curves", Auto: true}}
	at := make(map[string]*Panel)
	for _, a := range arms {
		curve := a.Trials()
		if len(curve) == 0 {
			continue
		}
		name := cmp.Or(a.Group, s.Name)
		if at[name] == nil {
			at[name] = &Panel{Label: name, XLabel: "settings tried", YLabel: labelOf(s.Names(), a.Settings[0].Slot.Stat.Metric), Tuned: true}
			f.Panels = append(f.Panels, at[name])
		}
		series := &Series{Seeds: len(a.Settings[0].Slot.Rows)}
		for _, b := range curve {
			if !math.IsNaN(b.Mean) {
				series.X, series.Mean = append(series.X, float64(b.K)), append(series.Mean, b.Mean)
				series.Low, series.High = append(series.Low, b.Low), append(series.High, b.High)
			}
		}
		at[name].Series = append(at[name].Series, series)
		f.arm(s, a, series)
	}
	f.scale()
	f.Notes = append(f.Notes, "lines: expected tuning score of the best of k settings drawn from those tried (Dodge et al. 2019); band: between what it lies in 95% of draws")
	return f
}
