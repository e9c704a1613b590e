package report

import (
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Row is one cell of a sweep.
type Row struct {
	Cell *suites.Cell // nil if the cell is not in the plan
	Run  *results.Run // nil if there is no result yet

	// Variance is one measurement of the gradient variance during the run. It is
	// nil in the rows of cells; see [Sweep.VarianceRows].
	Variance *results.VarianceRow

	print string // cache of fingerprint
}

// ID returns the cell's id.
func (r *Row) ID() string {
	if r.Run != nil {
		return r.Run.ID
	}
	return r.Cell.ID
}

// Seed returns the seed index.
func (r *Row) Seed() int {
	if r.Run != nil {
		return int(r.Run.Seed)
	}
	return r.Cell.Seed
}

// Environment returns the name of the environment instance.
func (r *Row) Environment() string {
	if r.Run != nil {
		return r.Run.Environment
	}
	return r.Cell.EnvironmentName()
}

// Objective returns the name of the training objective or, in a row of the gradient
// variance, of the measured one.
func (r *Row) Objective() string {
	if r.Variance != nil {
		return r.Variance.Objective
	}
	if r.Run != nil {
		return r.Run.Objective
	}
	return suites.Format(r.Cell.Value("objective"))
}

// Value returns the cell's value in a column of the results, or null if the
// column does not apply.
func (r *Row) Value(column string) param.Value {
	if r.Variance != nil {
		if v, ok := varianceValue(r.Variance, column); ok {
			return v
		}
	}
	if r.Cell != nil {
		return r.Cell.Value(column).Flat()
	}
	return r.Run.Get(results.ColumnOf(column))
}

// sibling reports whether the cells are known to have the same value in every column but
// the seed, without a look at any. Siblings follow one another.
func (r *Row) sibling(of *Row) bool {
	return r.Cell != nil && of.Cell != nil && r.Variance == nil && of.Variance == nil && r.Cell.Sibling(of.Cell)
}

// likeBefore reports whether a row is known to have the same values in some columns as the
// one before it.
func likeBefore(rows []*Row, i int, columns ...string) bool {
	return i > 0 && rows[i].sibling(rows[i-1]) && !slices.Contains(columns, "seed")
}

// Number returns the value of a numeric column, or 0 if it has none.
func (r *Row) Number(column string) float64 { return r.Value(column).Float() }

// Fingerprint returns a string that is equal for cells that differ only in the
// seed.
func (r *Row) Fingerprint(columns []string) string {
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

// Differ returns a column other than the seed in which the rows differ, or ""
// if there is none.
func Differ(columns []string, rows ...*Row) string {
	for _, c := range columns {
		if c == "seed" {
			continue
		}
		first := suites.Format(rows[0].Value(c))
		for _, r := range rows[1:] {
			if !r.sibling(rows[0]) && suites.Format(r.Value(c)) != first {
				return c
			}
		}
	}
	return ""
}

// Distinct returns the distinct values of a column as text, in the order of the
// rows, without those that do not apply.
func Distinct(rows []*Row, column string) (list []string) {
	seen := make(map[string]bool)
	for i, r := range rows {
		if likeBefore(rows, i, column) {
			continue
		}
		v := r.Value(column)
		if text := suites.Format(v); !v.IsNull() && !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// Matching returns the rows that a selector selects.
func Matching(rows []*Row, sel *suites.Selector) (list []*Row) {
	for _, r := range rows {
		if sel.MatchesRow(r.Value) {
			list = append(list, r)
		}
	}
	return list
}
