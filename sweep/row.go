package sweep

import (
	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// fixed are the columns of a results.Cell that are fields and not parameters.
var fixed = map[string]bool{
	"environment": true, "objective": true, "alpha": true, "a": true, "lambda": true, "control_variate": true, "seed": true,
}

// paramName is the results' column of a parameter: its own name, or run.NAME
// where a metric has that name, as top_k.
func paramName(name string) string {
	if _, taken := metric.Lookup(name); taken {
		return "run." + name
	}
	return name
}

// columns are the parameters' columns of a suite.
func columns(s *suites.Suite) []results.Column {
	var list []results.Column
	for _, c := range s.Columns {
		if !fixed[c.Name] {
			list = append(list, results.Column{Name: paramName(c.Name), Type: c.Type})
		}
	}
	return list
}

// cellRow is a cell as every row of its results repeats it.
func cellRow(c *suites.Cell) results.Cell {
	row := results.Cell{ID: c.ID, Seed: int64(c.Seed)}
	for _, a := range c.Axes() {
		switch a.Name {
		case "environment":
			row.Environment = a.Value.Text()
		case "objective":
			row.Objective = a.Value.Text()
		case "alpha":
			row.Alpha = number(a.Value)
		case "a":
			row.A = number(a.Value)
		case "lambda":
			row.Lambda = number(a.Value)
		case "control_variate":
			if !a.Value.IsNull() {
				s := a.Value.Text()
				row.ControlVariate = &s
			}
		case "seed":
		default:
			row.Params = append(row.Params, results.Param{Name: paramName(a.Name), Value: a.Value.Flat()})
		}
	}
	return row
}

func number(v param.Value) *float64 {
	x, ok := v.Number()
	if !ok {
		return nil
	}
	return &x
}

// point is an evaluation as a row of the curves.
func point(row *gfn.Row) results.Point {
	p := results.Point{Step: int64(row.Step)}
	for m, e := range row.Metrics {
		switch {
		case !e.Present:
		case e.StdErr != e.StdErr:
			p.Set(metric.Metric(m), e.Value)
		default:
			p.SetEstimate(metric.Metric(m), e.Value, e.StdErr)
		}
	}
	return p
}

// varianceRow is a measurement of the gradient's variance as a row.
func varianceRow(v *gfn.VarianceRow) results.VarianceRow {
	row := results.VarianceRow{
		Step: int64(v.Step), Objective: v.Objective.Name,
		Batch: int64(v.Batch), Replicates: int64(v.Replicates),
		TraceCov: v.TraceCov, TraceCovStdErr: v.TraceCovStdErr,
		GradNormSq: v.NormSq, Cosine: v.Cosine, CosineStdErr: v.CosineStdErr, ReferenceBatch: int64(v.ReferenceBatch),
	}
	o := &v.Objective
	row.Alpha, row.A, row.Lambda = number(o.Params["alpha"]), number(o.Params["a"]), number(o.Params["lambda"])
	if o.ControlVariate != "" {
		row.ControlVariate = &o.ControlVariate
	}
	return row
}
