package report

import (
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// ofTask reports whether a column says which task is trained on. Values on different tasks
// have no common scale: none of them is the best, or better than another.
func ofTask(column string) bool {
	group, _, _ := strings.Cut(column, ".")
	return slices.Contains([]string{"environment", param.Instance, "params", "given"}, group)
}

// task returns what is equal for slots of the same task.
func (t *Table) task(slot *Slot) string { return suites.Label(t.tasks, slot.Rows[0].Value) }

// lines returns the slots of each row, or of each column if the columns are the tasks.
func (t *Table) lines() (list [][]*Slot) {
	across := func(is func(string) bool) bool {
		return !slices.ContainsFunc(t.Spec.Rows, is) && slices.ContainsFunc(t.Spec.Columns, is)
	}
	named := func(column string) bool { return column == "environment" }
	if !across(named) && (slices.ContainsFunc(t.Spec.Rows, named) || !across(ofTask)) {
		return t.Slots
	}
	for j := range t.Columns {
		var column []*Slot
		for _, row := range t.Slots {
			column = append(column, row[j])
		}
		list = append(list, column)
	}
	return list
}
