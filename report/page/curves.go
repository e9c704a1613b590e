package page

import (
	"slices"

	"gfnbench/report"
)

// CellCurves holds the evaluations of the cells that are listed, with one element for
// each. Curves with equal steps share them.
type CellCurves struct {
	Metrics []string    // of the primary metric of each cell
	Steps   [][]float64 // distinct lists of steps
	Of      []int       // index in Steps; -1 for a cell without a curve
	Values  [][]float64 // as long as its steps; NaN if there is no value
}

// mostValues bounds the values in all curves. If there are more, cells keep fewer
// evaluations.
const mostValues = 200_000

// cellCurves returns the curves of the primary metric. If there are very many values, it
// leaves out some between the first and the last.
func cellCurves(s *report.Sweep, rows []*report.Row) (c CellCurves) {
	primary := s.Primary()
	total := 0
	for _, r := range rows {
		if r.Run != nil {
			total += len(r.Run.Curve)
		}
	}
	every := (total + mostValues - 1) / mostValues
	for _, r := range rows {
		name := primary.Of(r.Environment())
		c.Metrics = append(c.Metrics, name)
		steps, values := []float64(nil), []float64(nil)
		if m, err := report.LookupMetric(name); err == nil && r.Run != nil {
			steps, values = r.Curve(m)
			steps, values = thin(steps, every), thin(values, every)
		}
		at := -1
		if len(steps) > 0 {
			if at = slices.IndexFunc(c.Steps, func(x []float64) bool { return slices.Equal(x, steps) }); at < 0 {
				at = len(c.Steps)
				c.Steps = append(c.Steps, steps)
			}
		}
		c.Of, c.Values = append(c.Of, at), append(c.Values, values)
	}
	return c
}

// thin keeps every k-th value, and the last.
func thin(x []float64, k int) []float64 {
	if k <= 1 {
		return x
	}
	var kept []float64
	for i, v := range x {
		if i%k == 0 || i == len(x)-1 {
			kept = append(kept, v)
		}
	}
	return kept
}
