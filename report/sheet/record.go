package sheet

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
)

// A Record is a line for programs, with the same names in CSV and JSON.
type Record []Field

// A Field is a named value: a string, bool, int, float64 or param.Value. Nil,
// "" and NaN mean that it does not apply, which is empty in CSV and null in
// JSON.
type Field struct {
	Name  string // column in CSV, key in JSON
	Value any    // a string, number or bool, or nil if it does not apply
}

// Text returns the value as CSV writes it.
func (f Field) Text() string {
	switch v := f.Value.(type) {
	case nil:
		return ""
	case float64:
		return number.Plain(v)
	case param.Value:
		return v.String()
	}
	return fmt.Sprint(f.Value)
}

// Object returns the record as JSON writes it, without values that are not
// finite.
func (r Record) Object() map[string]any {
	o := make(map[string]any, len(r))
	for _, f := range r {
		switch v := f.Value.(type) {
		case float64:
			o[f.Name] = number.Finite(v)
		case string:
			o[f.Name] = &v
			if v == "" {
				o[f.Name] = nil
			}
		default:
			o[f.Name] = v
		}
	}
	return o
}

// WriteCSV writes records under a head with all their names.
func WriteCSV(w io.Writer, records []Record) error {
	c := NewCSV(w)
	var head []string
	for _, r := range records {
		for i, f := range r {
			if !slices.Contains(head, f.Name) {
				head = slices.Insert(head, min(i, len(head)), f.Name)
			}
		}
	}
	_ = c.Write(head) // Flush keeps the error
	for _, r := range records {
		line := make([]string, len(head))
		for _, f := range r {
			line[slices.Index(head, f.Name)] = f.Text()
		}
		_ = c.Write(line)
	}
	c.Flush()
	return c.Error()
}

// WriteJSON writes a value as JSON that people and programs can read.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// WriteObjects writes records as a list of JSON objects.
func WriteObjects(w io.Writer, records []Record) error {
	list := make([]map[string]any, len(records))
	for i, r := range records {
		list[i] = r.Object()
	}
	return WriteJSON(w, list)
}

// tableRecords returns a record for each slot of the tables, or for each arm of those that
// condense tasks.
func tableRecords(tables []*report.Table) []Record {
	var list []Record
	for _, t := range tables {
		if t.Overview != nil {
			list = append(list, overviewRecords(t)...)
			continue
		}
		for i, slots := range t.Slots {
			for j, slot := range slots {
				if slot != nil {
					list = append(list, slotRecord(t, i, j, slot))
				}
			}
		}
	}
	return list
}

// slotRecord returns the table's name, the keys of the slot's row and column, and
// everything known about the slot.
func slotRecord(t *report.Table, i, j int, s *report.Slot) Record {
	r := Record{{"table", t.Spec.Name}}
	for k, name := range t.Spec.Rows {
		r = append(r, Field{name, t.Rows[i].Values[k]})
	}
	for k, name := range t.Spec.Columns {
		r = append(r, Field{name, t.Columns[j].Values[k]})
	}
	if !slices.Contains(slices.Concat(t.Spec.Rows, t.Spec.Columns), "environment") {
		r = append(r, Field{"environment", s.Rows[0].Environment()})
	}
	interval := s.Interval()
	r = append(r, Record{
		{"metric", s.Stat.Metric.String()}, {"stat", s.Stat.Name}, {"threshold", nil}, {"summary", s.Method}, {"seeds", len(s.Scores)}, {"n", s.N},
		{"estimate", s.Estimate}, {"sd", s.SD}, {"low", interval.Low}, {"high", interval.High},
		{"diverged", s.Diverged}, {"reached", nil}, {"absent", Absences(s.Absent)}, {"stderr", s.StdErr}, {"best", s.Best}, {"base", t.BaseName()},
		{"change", nil}, {"difference", nil}, {"difference_low", nil}, {"difference_high", nil}, {"pairs", nil}, {"p", nil}, {"p_adjusted", nil}, {"p_min", nil}, {"paper", s.Paper},
	}...)
	if s.Stat.OfTime() {
		r.set("threshold", s.Stat.Threshold)
		r.set("reached", s.Reached)
	}
	if v := s.Versus; v != nil {
		r.set("change", v.Change)
		r.set("difference", v.Shift.Estimate)
		r.set("difference_low", v.Shift.Low)
		r.set("difference_high", v.Shift.High)
		r.set("pairs", v.Pairs)
		r.set("p", v.P)
		r.set("p_adjusted", v.Adjusted)
		r.set("p_min", v.MinP)
	}
	return r
}

// set sets the value of a field.
func (r Record) set(name string, value any) {
	r[slices.IndexFunc(r, func(f Field) bool { return f.Name == name })].Value = value
}

// Absences writes why seeds have no score: "failed: 1; timeout: 2".
func Absences(absent map[string]int) string {
	var list []string
	for _, why := range slices.Sorted(maps.Keys(absent)) {
		list = append(list, why+": "+strconv.Itoa(absent[why]))
	}
	return strings.Join(list, "; ")
}
