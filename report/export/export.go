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

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/results"
)

// CSV writes one line for each evaluation of each cell that is shown, or only for the
// last evaluation of each: the cell, its axes and hyperparameters, status, step and
// metrics. It leaves out columns that are empty throughout. A value that does not apply
// is empty, and a diverged one is NaN.
func CSV(w io.Writer, s *report.Sweep, final bool) error {
	curves, err := s.Curves(final)
	if err != nil {
		return err
	}
	defer curves.Close()
	columns := exported(s)
	out := bufio.NewWriterSize(w, 1<<16)
	c := sheet.NewCSV(out)
	_ = c.Write(exportHead(columns, curves)) // out keeps the error
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
		points, err := exportPoints(curves, r, final)
		if err != nil {
			return err
		}
		for i := range points {
			line = append(append(line[:0], lead.Bytes()...), ',')
			line = strconv.AppendInt(line, points[i].Step, 10)
			line = appendMetrics(line, &points[i].Values, curves)
			_, _ = out.Write(append(line, '\n'))
		}
	}
	return out.Flush()
}

// exportHead returns the names of the columns, as in the Parquet files.
func exportHead(columns []string, c *report.Curves) []string {
	head := []string{"cell"}
	for _, name := range columns {
		head = append(head, results.ColumnOf(name))
	}
	head = append(head, "status", "wall_seconds", "trajectories_per_second", "step")
	for _, m := range c.Metrics {
		head = append(head, m.String())
		if c.Estimated[m] {
			head = append(head, m.String()+"_stderr")
		}
	}
	return head
}

// exportPoints returns the evaluations of a run: all, or only the last. A run
// without any gets one that is empty.
func exportPoints(c *report.Curves, r *report.Row, final bool) ([]results.Point, error) {
	run, err := c.Run(r)
	if err != nil {
		return nil, err
	}
	points := run.Curve
	if final {
		points = points[max(0, len(points)-1):]
	}
	if len(points) == 0 {
		return []results.Point{{Step: run.Step}}, nil
	}
	return points, nil
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
func appendMetrics(line []byte, v *results.Values, c *report.Curves) []byte {
	for _, m := range c.Metrics {
		line = append(line, ',')
		if x, ok := v.Get(m); ok {
			line = strconv.AppendFloat(line, x, 'g', -1, 64)
		}
		if !c.Estimated[m] {
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
	curves, err := s.Curves(final)
	if err != nil {
		return err
	}
	defer curves.Close()
	columns := exported(s)
	keys := exportHead(columns, curves)
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
		points, err := exportPoints(curves, r, final)
		if err != nil {
			return err
		}
		for _, p := range points {
			values := append(slices.Clone(lead), p.Step)
			for _, m := range curves.Metrics {
				values = append(values, optional(p.Get(m)))
				if curves.Estimated[m] {
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

// exported returns the columns in which any cell has a value.
func exported(s *report.Sweep) (columns []string) {
	for _, name := range s.Columns() {
		for _, r := range s.All() {
			if r.Run != nil && !r.Value(name).IsNull() {
				columns = append(columns, name)
				break
			}
		}
	}
	return columns
}

// Parquet writes the cells that are shown as one Parquet file, which all
// commands can read like a sweep directory.
func Parquet(w io.Writer, s *report.Sweep) error {
	curves, err := s.Curves(false)
	if err != nil {
		return err
	}
	defer curves.Close()
	return results.WriteMerged(w, s.Set, func(yield func(*results.Run, error) bool) {
		for _, r := range s.All() {
			if r.Run != nil && !yield(curves.Run(r)) {
				return
			}
		}
	})
}
