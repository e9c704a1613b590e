package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"gfnbench/results"
	"gfnbench/suites"
)

// ExportCSV writes one line for each evaluation of each cell that is shown, or
// for the last one of each: the cell, its axes and hyperparameters, status, step
// and metrics. Columns that are empty throughout are left out; a value that does
// not apply is empty, a diverged one is NaN.
func (s *Sweep) ExportCSV(w io.Writer, final bool) error {
	columns, metrics, estimated := s.exported()
	head := []string{"cell"}
	for _, name := range columns {
		head = append(head, resultColumn(name)) // as in the Parquet files
	}
	head = append(head, "status", "wall_seconds", "trajectories_per_second", "step")
	for _, m := range metrics {
		head = append(head, m.String())
		if estimated[m] {
			head = append(head, m.String()+"_stderr")
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	c := csv.NewWriter(out)
	_ = c.Write(head) // out keeps the error
	c.Flush()
	var lead bytes.Buffer // of each line of a cell
	var line []byte
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		lead.Reset()
		cw := csv.NewWriter(&lead)
		_ = cw.Write(r.exportLead(columns))
		cw.Flush()
		lead.Truncate(lead.Len() - 1) // the end of the line
		curve := r.Run.Curve
		if final {
			curve = curve[max(0, len(curve)-1):]
		}
		if len(curve) == 0 { // a run without any evaluation
			curve = []results.Point{{Step: r.Run.Step}}
		}
		for i := range curve {
			line = append(append(line[:0], lead.Bytes()...), ',')
			line = strconv.AppendInt(line, curve[i].Step, 10)
			line = appendMetrics(line, &curve[i].Values, metrics, estimated)
			_, _ = out.Write(append(line, '\n'))
		}
	}
	return out.Flush()
}

// exportLead is what every line of a cell begins with.
func (r *Row) exportLead(columns []string) []string {
	record := []string{r.ID()}
	for _, name := range columns {
		text := ""
		if v := r.Value(name); v != nil {
			text = suites.Format(v)
		}
		record = append(record, text)
	}
	return append(record, string(r.Run.Status), plain(r.Run.Timing.Wall), plain(r.Run.Timing.Rate))
}

// appendMetrics appends the metrics, and standard errors of those that have any.
// What is absent is empty; a diverged value is NaN.
func appendMetrics(line []byte, v *results.Values, metrics []results.Metric, estimated [results.NumMetrics]bool) []byte {
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

// exported are the columns and metrics that some cell has.
func (s *Sweep) exported() (columns []string, metrics []results.Metric, estimated [results.NumMetrics]bool) {
	for _, name := range s.Columns() {
		for _, r := range s.Rows {
			if r.Run != nil && r.Value(name) != nil {
				columns = append(columns, name)
				break
			}
		}
	}
	var has [results.NumMetrics]bool
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		for i := range r.Run.Curve {
			p := &r.Run.Curve[i]
			for m := range results.NumMetrics {
				if _, ok := p.Get(m); ok {
					has[m] = true
				}
				if _, ok := p.StdErr(m); ok {
					estimated[m] = true
				}
			}
		}
	}
	for _, m := range results.Metrics() {
		if has[m] {
			metrics = append(metrics, m)
		}
	}
	return columns, metrics, estimated
}

// ExportParquet writes the cells that are shown as one Parquet file, which all
// commands read like a sweep directory.
func (s *Sweep) ExportParquet(w io.Writer) error {
	set := *s.Set
	set.Runs = nil
	for _, r := range s.Rows {
		if r.Run != nil {
			set.Runs = append(set.Runs, *r.Run)
		}
	}
	return results.WriteMerged(w, &set)
}
