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
	Value     param.Value `json:"value"`               // null if the column does not apply, or it is undecided
	Undecided bool        `json:"undecided,omitempty"` // tuning will choose the value
	Cells     int         `json:"cells"`               // number of cells with this value
}

// ByAxis counts the cells by their values in each column that varies between
// cells of the suite.
func (s *Suite) ByAxis(cells []*Cell) []AxisCount {
	var list []AxisCount
	tuned := make(map[*Arm][]string)
	for _, c := range cells {
		if c.Undecided && tuned[c.arm] == nil {
			tuned[c.arm] = c.arm.Tuned()
		}
	}
	for _, col := range s.Columns {
		if !col.Varies {
			continue
		}
		count := AxisCount{Column: col.Name}
		at := make(map[string]int)
		slot := s.columnKey(col.Name).slot
		for _, c := range cells {
			text, value := c.textAt(slot), ValueCount{Value: c.Value(col.Name)}
			if c.Undecided && slices.Contains(tuned[c.arm], col.Name) {
				text, value = "", ValueCount{Undecided: true}
			}
			i, ok := at[text]
			if !ok {
				i = len(count.Values)
				at[text] = i
				count.Values = append(count.Values, value)
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
