package sweep

import (
	"slices"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// columns returns the columns for the parameters of a suite.
func columns(s *suites.Suite) []results.Column {
	var list []results.Column
	fixed := results.Fixed()
	for _, c := range s.Columns {
		if !slices.Contains(fixed, c.Name) {
			list = append(list, results.Column{Name: results.ColumnOf(c.Name), Type: c.Type})
		}
	}
	return list
}

// cellRow returns a cell in the form repeated by every row of its results.
func cellRow(c *suites.Cell) results.Cell {
	row := results.Cell{ID: c.ID}
	for _, a := range c.Axes() {
		row.Set(results.ColumnOf(a.Name), a.Value.Flat())
	}
	return row
}

// point returns an evaluation as a row of the curves.
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

// varianceRow returns a measurement of the gradient variance as a row.
func varianceRow(v *gfn.VarianceRow) results.VarianceRow {
	row := results.VarianceRow{
		Step: int64(v.Step), Objective: v.Objective.Name,
		Batch: int64(v.Batch), Replicates: int64(v.Replicates),
		TraceCov: v.TraceCov, TraceCovStdErr: v.TraceCovStdErr,
		GradNormSq: v.NormSq, Cosine: v.Cosine, CosineStdErr: v.CosineStdErr, ReferenceBatch: int64(v.ReferenceBatch),
		Exact: v.Exact, BiasSq: v.BiasSq, BiasSqStdErr: v.BiasSqStdErr, ExactNormSq: v.ExactNormSq,
	}
	for _, name := range v.Objective.Params.Names() {
		row.Params = append(row.Params, results.Param{Name: results.ColumnOf(name), Value: v.Objective.Params[name].Flat()})
	}
	if cv := v.Objective.ControlVariate; cv != "" {
		row.ControlVariate = param.Of(cv)
	}
	return row
}
