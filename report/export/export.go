// Package export writes the rows of a sweep for other programs: one line per
// evaluation as CSV or JSON, or everything as one Parquet file.
package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/results"
)

// CSV writes one line for each evaluation of each cell that is shown, or only
// for the last one of each: the cell, its axes and hyperparameters, status, step
// and metrics. It leaves out columns that are empty throughout. A value that
// does not apply is empty, and a diverged one is NaN.
func CSV(w io.Writer, s *report.Sweep, final bool) error {
	columns, metrics, estimated := exported(s)
	out := bufio.NewWriterSize(w, 1<<16)
	c := sheet.NewCSV(out)
	_ = c.Write(exportHead(columns, metrics, estimated)) // out keeps the error
	c.Flush()
	var lead bytes.Buffer // of each line of a cell
	var line []byte
	for _, r := range s.All() {
		if r.Run == nil {
			continue
		}
		lead.Reset()
		cw := sheet.NewCSV(&lead)
		_ = cw.Write(exportLead(r, columns))
		cw.Flush()
		lead.Truncate(lead.Len() - 1) // the end of the line
		curve := exportPoints(r, final)
		for i := range curve {
			line = append(append(line[:0], lead.Bytes()...), ',')
			line = strconv.AppendInt(line, curve[i].Step, 10)
			line = appendMetrics(line, &curve[i].Values, metrics, estimated)
			_, _ = out.Write(append(line, '\n'))
		}
	}
	return out.Flush()
}

// exportHead returns the names of the columns, as in the Parquet files.
func exportHead(columns []string, metrics []metric.Metric, estimated [metric.NumEvaluated]bool) []string {
	head := []string{"cell"}
	for _, name := range columns {
		head = append(head, results.ColumnOf(name))
	}
	head = append(head, "status", "wall_seconds", "trajectories_per_second", "step")
	for _, m := range metrics {
		head = append(head, m.String())
		if estimated[m] {
			head = append(head, m.String()+"_stderr")
		}
	}
	return head
}

// exportPoints returns the evaluations of a run: all, or only the last. A run
// without any gets one that is empty.
func exportPoints(r *report.Row, final bool) []results.Point {
	curve := r.Run.Curve
	if final {
		curve = curve[max(0, len(curve)-1):]
	}
	if len(curve) == 0 {
		return []results.Point{{Step: r.Run.Step}}
	}
	return curve
}

// exportLead returns the fields with which every line of a cell begins.
func exportLead(r *report.Row, columns []string) []string {
	record := []string{r.ID()}
	for _, name := range columns {
		record = append(record, r.Value(name).String())
	}
	return append(record, string(r.Run.Status), number.Plain(r.Run.Timing.Wall), number.Plain(r.Run.Timing.Rate))
}

// appendMetrics appends the metrics, and the standard errors of those that have
// any. An absent value is empty; a diverged one is NaN.
func appendMetrics(line []byte, v *results.Values, metrics []metric.Metric, estimated [metric.NumEvaluated]bool) []byte {
	for _, m := range metrics {
		line = append(line, ',')
		if x, ok := v.Get(m); ok {
			line = strconv.AppendFloat(line, x, 'g', -1, 64)
		}
		if !estimated[m] {
			continue
		}
		line = append(line, ',')
		if e, ok := v.StdErr(m); ok && !math.IsNaN(e) {
			line = strconv.AppendFloat(line, e, 'g', -1, 64)
		}
	}
	return line
}

// JSON writes the lines of CSV as a list of objects with the same keys, with
// null for what does not apply or is not finite.
func JSON(w io.Writer, s *report.Sweep, final bool) error {
	columns, metrics, estimated := exported(s)
	keys := exportHead(columns, metrics, estimated)
	out := bufio.NewWriterSize(w, 1<<16)
	separator := "[\n"
	for _, r := range s.All() {
		if r.Run == nil {
			continue
		}
		lead := []any{r.ID()}
		for _, name := range columns {
			lead = append(lead, exportValue(r.Value(name)))
		}
		lead = append(lead, r.Run.Status, r.Run.Timing.Wall, r.Run.Timing.Rate)
		for _, p := range exportPoints(r, final) {
			values := append(slices.Clone(lead), p.Step)
			for _, m := range metrics {
				values = append(values, optional(p.Get(m)))
				if estimated[m] {
					values = append(values, optional(p.StdErr(m)))
				}
			}
			_, _ = out.WriteString(separator) // out keeps the error
			separator = ",\n"
			if err := writeObject(out, keys, values); err != nil {
				return err
			}
		}
	}
	if separator == "[\n" {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("]\n")
	return out.Flush()
}

// exportValue returns a value as JSON writes it; the text of a list becomes a
// list.
func exportValue(v param.Value) any {
	if text := v.Text(); strings.HasPrefix(text, "[") && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return v
}

// optional returns a number, or nil if there is none.
func optional(x float64, ok bool) any {
	if !ok {
		return nil
	}
	return x
}

// writeObject writes an object on one line.
func writeObject(w *bufio.Writer, keys []string, values []any) error {
	for i, key := range keys {
		if x, ok := values[i].(float64); ok && number.Finite(x) == nil {
			values[i] = nil
		}
		value, err := json.Marshal(values[i])
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%q: %s", map[bool]string{true: "{", false: ", "}[i == 0], key, value); err != nil {
			return err
		}
	}
	return w.WriteByte('}')
}

// exported returns the columns and metrics that any cell has.
func exported(s *report.Sweep) (columns []string, metrics []metric.Metric, estimated [metric.NumEvaluated]bool) {
	for _, name := range s.Columns() {
		for _, r := range s.All() {
			if r.Run != nil && !r.Value(name).IsNull() {
				columns = append(columns, name)
				break
			}
		}
	}
	metrics, estimated = s.Evaluated()
	return columns, metrics, estimated
}

// Parquet writes the cells that are shown as one Parquet file, which all
// commands can read like a sweep directory.
func Parquet(w io.Writer, s *report.Sweep) error {
	set := *s.Set
	set.Runs = nil
	for _, r := range s.All() {
		if r.Run != nil {
			set.Runs = append(set.Runs, *r.Run)
		}
	}
	return results.WriteMerged(w, &set)
}
