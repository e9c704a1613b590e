package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

// noValues returns the error of a figure without a value.
func noValues(s *report.Sweep, spec *suites.Figure) error {
	rows, waiting := report.Matching(s.Rows, spec.On), 0
	for _, r := range rows {
		if r.Run == nil {
			waiting++
		}
	}
	if waiting > 0 && waiting == len(rows) {
		return fmt.Errorf("%w that has a result: its %s have none yet", usage.ErrNoMatch, number.Count(waiting, "cell"))
	}
	why := ""
	if waiting > 0 {
		why = fmt.Sprintf("; %d of its %s have no result yet", waiting, number.Count(len(rows), "cell"))
	}
	return fmt.Errorf("%w: none has %s%s%s", usage.ErrNoMatch, cmp.Or(sheet.MetricText(spec.Metric), "what the figure shows"), drawable(s), why)
}

// empty reports whether a figure of lines has no line.
func (f *Figure) empty() bool {
	if f.Spec.Kind == "density" {
		return false
	}
	return !slices.ContainsFunc(f.Panels, func(p *Panel) bool { return !p.Empty() })
}

// Empty reports whether a panel of lines has no value.
func (p *Panel) Empty() bool {
	return !slices.ContainsFunc(p.Series, func(s *Series) bool {
		return slices.ContainsFunc(s.Mean, func(x float64) bool { return !math.IsNaN(x) })
	})
}

// drawable lists the metrics that have curves: ": there are l1, tv".
func drawable(s *report.Sweep) string {
	metrics, _ := s.Evaluated()
	if len(metrics) == 0 {
		return ": there are no results yet"
	}
	names := make([]string, len(metrics))
	for i, m := range metrics {
		names[i] = m.String()
	}
	return ": there are " + strings.Join(names, ", ")
}
