package suites

import (
	"slices"

	"gfnbench/gfn/param"
)

// An AxisCount says how many cells have each value of a column that varies.
type AxisCount struct {
	Column string       `json:"column"` // name of the column
	Values []ValueCount `json:"values"` // in the order of their first cells
}

// A ValueCount is one value and its number of cells.
type ValueCount struct {
	Value param.Value `json:"value"` // null if the column does not apply
	Cells int         `json:"cells"` // how many have it
}

// ByAxis counts the cells by their values in each column that varies between
// cells of the suite.
func (s *Suite) ByAxis(cells []*Cell) []AxisCount {
	var list []AxisCount
	for _, col := range s.Columns {
		if !col.Varies {
			continue
		}
		count := AxisCount{Column: col.Name}
		at := make(map[string]int)
		slot := s.columnKey(col.Name).slot
		for _, c := range cells {
			text := c.textAt(slot)
			i, ok := at[text]
			if !ok {
				i = len(count.Values)
				at[text] = i
				count.Values = append(count.Values, ValueCount{Value: c.Value(col.Name)})
			}
			count.Values[i].Cells++
		}
		list = append(list, count)
	}
	return list
}

// Column returns the column of that name; ok is false if there is none.
func (s *Suite) Column(name string) (c Column, ok bool) {
	i := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return c, false
	}
	return s.Columns[i], true
}
