package report

import (
	"encoding/json"
	"strconv"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Row is one cell of a sweep.
type Row struct {
	Cell *suites.Cell // nil where the cell is outside of the plan
	Run  *results.Run // nil where there is no result yet

	// Variance is one measurement of the gradient variance during the run; nil
	// in the rows of cells, see [Sweep.VarianceRows].
	Variance *results.VarianceRow

	types map[string]suites.Type
	print string // cache of fingerprint
}

// ID is the cell's id.
func (r *Row) ID() string {
	if r.Run != nil {
		return r.Run.ID
	}
	return r.Cell.ID
}

// Seed is the seed index.
func (r *Row) Seed() int {
	if r.Run != nil {
		return int(r.Run.Seed)
	}
	return r.Cell.Seed
}

// Environment is the name of the environment instance.
func (r *Row) Environment() string {
	if r.Run != nil {
		return r.Run.Environment
	}
	return r.Cell.EnvironmentName()
}

// Objective is the name of the training objective, or of the measured one in a
// row of the gradient variance.
func (r *Row) Objective() string {
	if r.Variance != nil {
		return r.Variance.Objective
	}
	if r.Run != nil {
		return r.Run.Objective
	}
	return suites.Format(r.Cell.Value("objective"))
}

// Value is the cell's value in a column, as suites.Cell.Value gives it: nil
// where it does not apply, or an int, float64, bool, string, []int or []string.
func (r *Row) Value(column string) any {
	if r.Variance != nil {
		if v, ok := varianceValue(r.Variance, column); ok {
			return v
		}
	}
	if r.Cell != nil {
		return r.Cell.Value(column)
	}
	return typed(r.Run.Get(resultColumn(column)), r.types[column])
}

// resultColumn is the results' column of one of the suite's: its own name, or
// run.NAME where a metric has that name.
func resultColumn(column string) string {
	if _, taken := metric.Lookup(column); taken {
		return "run." + column
	}
	return column
}

// suiteColumn is the inverse of resultColumn.
func suiteColumn(column string) string {
	if name, ok := strings.CutPrefix(column, "run."); ok {
		if _, taken := metric.Lookup(name); taken {
			return name
		}
	}
	return column
}

// Number is the value of a column that holds numbers, 0 where it has none.
func (r *Row) Number(column string) float64 {
	switch v := r.Value(column).(type) {
	case int:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// typed gives a value of the results the type of its column.
func typed(v results.Value, t suites.Type) any {
	x, isNumber := v.Number()
	switch {
	case v.IsNull():
		return nil
	case t == suites.Float && isNumber:
		return x
	case t == suites.Ints:
		var list []int
		if json.Unmarshal([]byte(v.String()), &list) == nil {
			return list
		}
	case t == suites.Strings:
		var list []string
		if json.Unmarshal([]byte(v.String()), &list) == nil {
			return list
		}
	case t == suites.LogZInit:
		if f, err := strconv.ParseFloat(v.String(), 64); err == nil {
			return f
		}
	case v.Kind() == results.Int:
		return int(x)
	case v.Kind() == results.Float:
		return x
	case v.Kind() == results.Bool:
		return v.String() == "true"
	}
	return v.String()
}

// fingerprint is the same for cells that differ in nothing but the seed.
func (r *Row) fingerprint(columns []string) string {
	if r.print == "" {
		var b strings.Builder
		for _, c := range columns {
			if c != "seed" {
				b.WriteString(suites.Format(r.Value(c)))
				b.WriteByte(0)
			}
		}
		r.print = b.String()
	}
	return r.print
}

// differ names a column, the seed apart, in which two cells differ; "" where
// there is none.
func differ(columns []string, a, b *Row) string {
	for _, c := range columns {
		if c != "seed" && suites.Format(a.Value(c)) != suites.Format(b.Value(c)) {
			return c
		}
	}
	return ""
}
