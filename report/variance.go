package report

import (
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// VarianceRows returns the measurements of the gradient variance as rows. The
// objective, alpha, a, lambda, control variate, batch and step of a row come
// from the measurement; the other columns come from the cell during which it
// was made.
func (s *Sweep) VarianceRows() []*Row {
	var rows []*Row
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		for i := range r.Run.Variance {
			rows = append(rows, &Row{Cell: r.Cell, Run: r.Run, Variance: &r.Run.Variance[i]})
		}
	}
	return rows
}

// varianceValue returns the value of a column that a measurement has itself:
// null for a parameter that its objective does not take.
func varianceValue(v *results.VarianceRow, column string) (param.Value, bool) {
	if x, ok := v.Get(results.ColumnOf(column)); ok {
		return x, true
	}
	return param.Value{}, slices.ContainsFunc(suites.AxisKeys(), func(k *suites.Key) bool { return k.Name == column })
}
