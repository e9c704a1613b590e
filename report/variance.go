package report

import (
	"gfnbench/gfn/param"
	"gfnbench/results"
)

// VarianceRows are the measurements of the gradient variance, each as a row
// whose objective, alpha, a, lambda, control variate, batch and step are those
// of the measurement and whose other columns are those of the cell during which
// it was made.
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

// varianceValue returns the value of a column that a measurement has of its own.
func varianceValue(v *results.VarianceRow, column string) (param.Value, bool) {
	switch column {
	case "batch":
		return param.Of(v.Batch), true
	case "step":
		return param.Of(v.Step), true
	case "replicates":
		return param.Of(v.Replicates), true
	}
	return v.Get(column)
}
