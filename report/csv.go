package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// tableColumns are the columns of tables as CSV: one line for each slot.
var tableColumns = []string{
	"table", "row", "column", "environment", "metric", "stat", "threshold", "summary", "seeds", "n", "estimate", "sd", "low", "high",
	"diverged", "reached", "absent", "stderr", "best", "base", "change", "pairs", "p", "p_adjusted", "p_min", "paper",
}

// writeCSV writes the slots of tables. A number that does not apply is empty.
func writeCSV(w io.Writer, tables []*Table) error {
	c := csv.NewWriter(w)
	_ = c.Write(tableColumns) // Flush keeps the error
	for _, t := range tables {
		for i, row := range t.Slots {
			for j, slot := range row {
				if slot != nil {
					_ = c.Write(t.record(i, j, slot))
				}
			}
		}
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes the same as a list of objects: numbers as numbers, null for
// what does not apply or is not finite.
func writeJSON(w io.Writer, tables []*Table) error {
	list := []map[string]any{}
	for _, t := range tables {
		for i, row := range t.Slots {
			for j, slot := range row {
				if slot != nil {
					list = append(list, object(tableColumns, t.record(i, j, slot)))
				}
			}
		}
	}
	return writeIndented(w, list)
}

// writeIndented writes a value as JSON for people and programs.
func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// object names the fields of a record.
func object(columns, record []string) map[string]any {
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

func (t *Table) record(i, j int, s *Slot) []string {
	interval := s.Interval()
	r := []string{
		t.Spec.Name, t.RowLabels[i], t.ColumnLabels[j], s.Rows[0].Environment(), s.Stat.Measure.Name, s.Stat.Name, "", s.Method,
		strconv.Itoa(len(s.Scores)), strconv.Itoa(s.N), plain(s.Estimate), plain(s.SD), plain(interval.Low), plain(interval.High),
		strconv.Itoa(s.Diverged), "", absences(s.Absent), plain(s.StdErr), strconv.FormatBool(s.Best), t.Spec.Base,
	}
	if s.Stat.OfTime() {
		r[6], r[15] = plain(s.Stat.Threshold), strconv.Itoa(s.Reached)
	}
	if v := s.Versus; v != nil {
		r = append(r, plain(v.Change), strconv.Itoa(v.Pairs), plain(v.P), plain(v.Adjusted), plain(v.MinP))
	} else {
		r = append(r, "", "", "", "", "")
	}
	return append(r, s.Paper)
}

// absences are the reasons for which seeds have no score: "failed: 1; timeout: 2".
func absences(absent map[string]int) string {
	var list []string
	for _, why := range slices.Sorted(maps.Keys(absent)) {
		list = append(list, why+": "+strconv.Itoa(absent[why]))
	}
	return strings.Join(list, "; ")
}

// plain is a number for programs, in the fewest digits that read back the same;
// empty for NaN.
func plain(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
