package page

import (
	"encoding/json"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/suites"
)

// A Running cell is one that is being trained, with its evaluations so far.
type Running struct {
	Name        string      // for readers
	Environment string      // its panel
	Objective   string      // chooses its style
	X           []float64   // gradient steps
	Metrics     []NamedLine // its evaluations
}

// A NamedLine is a metric along a run.
type NamedLine struct {
	Metric metric.Metric // what was evaluated
	Y      []float64     // its values; NaN where there is none
}

// RunningFigure returns the data of a figure of cells that are being trained, as the
// page's scripts take it: a panel for each environment, of the first metric that a report
// shows and that its cells have.
func RunningFigure(cells []Running) ([]byte, error) {
	f := &figure.Figure{Spec: &suites.Figure{Name: "running", Kind: "curves"}, Columns: []string{"objective", "cell"}}
	for _, c := range cells {
		i := slices.IndexFunc(f.Panels, func(p *figure.Panel) bool { return p.Label == c.Environment })
		if i < 0 {
			i = len(f.Panels)
			f.Panels = append(f.Panels, &figure.Panel{Label: c.Environment, XLabel: "gradient steps"})
		}
		p := f.Panels[i]
		m, y := primaryOf(c.Metrics)
		if p.YLabel = m.Info().Label; len(y) > 0 {
			f.Labels = append(f.Labels, c.Name)
			p.Better = m.Info().Better
			p.Series = append(p.Series, &figure.Series{Label: c.Name, Objective: c.Objective, Keys: []string{c.Objective, c.Name}, X: c.X, Mean: y, Seeds: 1})
		}
	}
	return json.Marshal(figureOf(f))
}

// primaryOf returns the metric of a line that a report shows by default.
func primaryOf(lines []NamedLine) (metric.Metric, []float64) {
	for _, m := range report.PrimaryMetrics() {
		if i := slices.IndexFunc(lines, func(l NamedLine) bool { return l.Metric == m }); i >= 0 {
			return m, lines[i].Y
		}
	}
	return metric.L1, nil
}
