package report

import "gfnbench/results"

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
			rows = append(rows, &Row{Cell: r.Cell, Run: r.Run, Variance: &r.Run.Variance[i], types: r.types})
		}
	}
	return rows
}

// varianceValue is the value of a column that a measurement has of its own.
func varianceValue(v *results.VarianceRow, column string) (any, bool) {
	optional := func(x *float64) any {
		if x == nil {
			return nil
		}
		return *x
	}
	switch column {
	case "objective":
		return v.Objective, true
	case "alpha":
		return optional(v.Alpha), true
	case "a":
		return optional(v.A), true
	case "lambda":
		return optional(v.Lambda), true
	case "control_variate":
		if v.ControlVariate == nil {
			return nil, true
		}
		return *v.ControlVariate, true
	case "batch":
		return int(v.Batch), true
	case "step":
		return int(v.Step), true
	case "replicates":
		return int(v.Replicates), true
	}
	return nil, false
}
