package page

import (
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/results"
)

// A CellColumn is a column of the list of cells. It has one value for each
// cell that is listed, in the same order.
type CellColumn struct {
	Name    string    // name of the column, as in the results
	Kind    string    // axis, setting (given by task and objective), outcome, metric or note
	Texts   []string  // "" if there is none; nil in a column of numbers
	Numbers []float64 // NaN if there is none; nil in a column of text
}

// cellColumns returns, for some of the cells, the id, every axis and hyperparameter that varies, how the
// cell ended, and its final metrics. Columns that are the same in all cells are
// listed with the settings instead.
func cellColumns(s *report.Sweep, rows []*report.Row) []CellColumn {
	list := []CellColumn{textColumn(rows, "cell", "axis", (*report.Row).ID)}
	for _, name := range s.Columns() {
		always := name == "environment" || name == "objective" || name == "seed"
		if !always && (len(s.Rows) == 0 || !s.Varies(name)) {
			continue
		}
		c := axisColumn(rows, name)
		if !slices.Contains(report.Axes, name) && given(s, name) {
			c.Kind = "setting"
		}
		list = append(list, c)
	}
	list = append(list, textColumn(rows, "status", "outcome", statusOf), numberColumn(rows, "step", "outcome", func(r *results.Run) (float64, bool) {
		return float64(r.Step), true
	}))
	for _, m := range metric.Evaluated() {
		c := numberColumn(rows, m.Info().Name, "metric", func(r *results.Run) (float64, bool) {
			last := r.Final()
			return last.Get(m)
		})
		if slices.ContainsFunc(c.Numbers, func(x float64) bool { return !math.IsNaN(x) }) {
			list = append(list, c)
		}
	}
	list = append(list, numberColumn(rows, "seconds", "metric", func(r *results.Run) (float64, bool) { return r.Timing.Wall, true }))
	message := textColumn(rows, "message", "note", func(r *report.Row) string {
		if r.Run == nil {
			return ""
		}
		return r.Run.Message
	})
	if slices.ContainsFunc(message.Texts, func(text string) bool { return text != "" }) {
		list = append(list, message)
	}
	return list
}

// given reports whether a column has one value for each environment and
// objective.
func given(s *report.Sweep, column string) bool {
	first := make(map[[2]string]param.Value)
	for _, r := range s.Rows {
		key, value := [2]string{r.Environment(), r.Objective()}, r.Value(column)
		if other, ok := first[key]; !ok {
			first[key] = value
		} else if other != value {
			return false
		}
	}
	return true
}

func textColumn(rows []*report.Row, name, kind string, text func(*report.Row) string) CellColumn {
	c := CellColumn{Name: name, Kind: kind, Texts: make([]string, len(rows))}
	for i, r := range rows {
		c.Texts[i] = text(r)
	}
	return c
}

func numberColumn(rows []*report.Row, name, kind string, number func(*results.Run) (float64, bool)) CellColumn {
	c := CellColumn{Name: name, Kind: kind, Numbers: make([]float64, len(rows))}
	for i, r := range rows {
		c.Numbers[i] = math.NaN()
		if r.Run == nil {
			continue
		}
		if x, ok := number(r.Run); ok {
			c.Numbers[i] = x
		}
	}
	return c
}

// axisColumn returns a column of numbers if all its values are numbers, else of
// text.
func axisColumn(rows []*report.Row, name string) CellColumn {
	c := CellColumn{Name: name, Kind: "axis", Texts: make([]string, len(rows)), Numbers: make([]float64, len(rows))}
	numeric := true
	for i, r := range rows {
		c.Numbers[i] = math.NaN()
		v := r.Value(name)
		c.Texts[i] = v.String()
		if x, ok := v.Number(); ok {
			c.Numbers[i] = x
		} else if !v.IsNull() {
			numeric = false
		}
	}
	if numeric {
		c.Texts = nil
	} else {
		c.Numbers = nil
	}
	return c
}
