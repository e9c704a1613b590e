package sheet

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
)

// tableColumns are the columns of tables as CSV: one line for each slot.
var tableColumns = []string{
	"table", "row", "column", "environment", "metric", "stat", "threshold", "summary", "seeds", "n", "estimate", "sd", "low", "high",
	"diverged", "reached", "absent", "stderr", "best", "base", "change", "pairs", "p", "p_adjusted", "p_min", "paper",
}

// writeCSV writes the slots of tables. A number that does not apply is empty.
func writeCSV(w io.Writer, tables []*report.Table) error {
	c := csv.NewWriter(w)
	_ = c.Write(tableColumns) // Flush keeps the error
	for _, t := range tables {
		for i, row := range t.Slots {
			for j, slot := range row {
				if slot != nil {
					_ = c.Write(record(t, i, j, slot))
				}
			}
		}
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes the same as a list of objects: numbers as numbers, null for
// what does not apply or is not finite.
func writeJSON(w io.Writer, tables []*report.Table) error {
	list := []map[string]any{}
	for _, t := range tables {
		for i, row := range t.Slots {
			for j, slot := range row {
				if slot != nil {
					list = append(list, Object(tableColumns, record(t, i, j, slot)))
				}
			}
		}
	}
	return WriteJSON(w, list)
}

// WriteJSON writes a value as JSON for people and programs.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Object names the fields of a record.
func Object(columns, record []string) map[string]any {
	o := make(map[string]any, len(record))
	for i, name := range columns {
		x, err := strconv.ParseFloat(record[i], 64)
		switch text := textColumns[name]; {
		case record[i] == "" || !text && err == nil && math.IsInf(x, 0):
			o[name] = nil
		case name == "best":
			o[name] = record[i] == "true"
		case text || err != nil:
			o[name] = record[i]
		default:
			o[name] = x
		}
	}
	return o
}

// textColumns are text even where they look like numbers.
var textColumns = map[string]bool{
	"table": true, "row": true, "column": true, "environment": true, "objective": true, "metric": true, "stat": true, "summary": true,
	"absent": true, "absent_a": true, "absent_b": true, "base": true, "paper": true,
}

func record(t *report.Table, i, j int, s *report.Slot) []string {
	interval := s.Interval()
	r := []string{
		t.Spec.Name, t.RowLabels[i], t.ColumnLabels[j], s.Rows[0].Environment(), s.Stat.Metric.String(), s.Stat.Name, "", s.Method,
		strconv.Itoa(len(s.Scores)), strconv.Itoa(s.N), number.Plain(s.Estimate), number.Plain(s.SD), number.Plain(interval.Low), number.Plain(interval.High),
		strconv.Itoa(s.Diverged), "", Absences(s.Absent), number.Plain(s.StdErr), strconv.FormatBool(s.Best), t.Spec.Base,
	}
	if s.Stat.OfTime() {
		r[6], r[15] = number.Plain(s.Stat.Threshold), strconv.Itoa(s.Reached)
	}
	if v := s.Versus; v != nil {
		r = append(r, number.Plain(v.Change), strconv.Itoa(v.Pairs), number.Plain(v.P), number.Plain(v.Adjusted), number.Plain(v.MinP))
	} else {
		r = append(r, "", "", "", "", "")
	}
	return append(r, s.Paper)
}

// Absences writes the reasons for which seeds have no score: "failed: 1; timeout: 2".
func Absences(absent map[string]int) string {
	var list []string
	for _, why := range slices.Sorted(maps.Keys(absent)) {
		list = append(list, why+": "+strconv.Itoa(absent[why]))
	}
	return strings.Join(list, "; ")
}
