package page

import (
	"slices"

	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// A View is the figure of every setting with another metric, in the course of training or
// along a hyperparameter.
type View struct {
	Metric string         // what it draws
	Along  string         // column on the horizontal axis, "" for the course of training
	Figure *figure.Figure // the view
}

// mostEvaluations bounds the evaluations that views read, and so the time and the size of
// a page. A view of 300 runs with 20 evaluations each reads 6,000.
const mostEvaluations = 400_000

// addViews adds the views that the menus of the figure of every setting offer: its own
// metric and all others that were evaluated, each in the course of training and along
// every hyperparameter. For a large sweep it adds as many as mostEvaluations allows, and
// notes that there are more.
func (p *Page) addViews(s *report.Sweep, spec *suites.Figure) {
	evaluations := 0
	for _, r := range s.Rows {
		if r.Run != nil {
			evaluations += len(r.Run.Curve)
		}
	}
	left := mostEvaluations / max(1, evaluations)
	add := func(spec suites.Figure, metric, along string) {
		if left--; left < 0 {
			return
		}
		if f, err := figure.Make(s, &spec, figure.Options{}); err == nil { // otherwise no cell has it
			p.Views = append(p.Views, View{metric, along, thinned(f, mostLines)})
		}
	}
	p.Explored = spec.Name
	metrics := []suites.Metric{spec.Metric}
	evaluated, _ := s.Evaluated()
	for _, m := range evaluated {
		metrics = append(metrics, suites.Metric{Default: m.String()})
	}
	columns := hyperparameters(s, spec)
	for i, metric := range metrics {
		name := sheet.MetricText(metric)
		if i > 0 && name == sheet.MetricText(spec.Metric) {
			continue
		}
		view := *spec
		view.Metric, view.Auto = metric, true
		if i > 0 {
			add(view, name, "")
		}
		for _, column := range columns {
			view.X, view.Lines = column, slices.DeleteFunc(slices.Clone(spec.Lines), func(c string) bool { return c == column })
			add(view, name, column)
		}
	}
	if left < 0 {
		p.Notes = append(p.Notes, "the menus of the learning curves offer some of the metrics and hyperparameters, because the sweep is large: report figure -m METRIC -x COLUMN draws the others")
	}
}

// hyperparameters returns the columns of the lines that have several values, all of them
// numbers.
func hyperparameters(s *report.Sweep, spec *suites.Figure) (columns []string) {
	for _, column := range spec.Lines {
		values := make(map[float64]bool)
		numeric := true
		for _, r := range s.Rows {
			v := r.Value(column)
			x, ok := v.Number()
			numeric = numeric && (ok || v.IsNull())
			values[x] = values[x] || ok
		}
		if numeric && len(values) > 1 && column != "instance" {
			columns = append(columns, column)
		}
	}
	return columns
}
