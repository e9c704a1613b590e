package report

import (
	"encoding/csv"
	"io"
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
	c := csv.NewWriter(w)
	_ = c.Write(head) // Flush keeps the error
	record := make([]string, len(head))
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		record = append(record[:0], r.ID())
		for _, name := range columns {
			text := ""
			if v := r.Value(name); v != nil {
				text = suites.Format(v)
			}
			record = append(record, text)
		}
		record = append(record, string(r.Run.Status), plain(r.Run.Timing.Wall), plain(r.Run.Timing.Rate))
		lead := len(record)
		curve := r.Run.Curve
		if final {
			curve = curve[max(0, len(curve)-1):]
		}
		if len(curve) == 0 { // a run without any evaluation
			curve = []results.Point{{Step: r.Run.Step}}
		}
		for i := range curve {
			record = append(record[:lead], strconv.FormatInt(curve[i].Step, 10))
			record = appendValues(record, &curve[i].Values, metrics, estimated)
			_ = c.Write(record)
		}
	}
	c.Flush()
	return c.Error()
}

func appendValues(record []string, v *results.Values, metrics []results.Metric, estimated map[results.Metric]bool) []string {
	for _, m := range metrics {
		text := ""
		if x, ok := v.Get(m); ok {
			if text = plain(x); text == "" {
				text = "NaN"
			}
		}
		record = append(record, text)
		if estimated[m] {
			text = ""
			if e, ok := v.StdErr(m); ok {
				text = plain(e)
			}
			record = append(record, text)
		}
	}
	return record
}

// exported are the columns and metrics that some cell has.
func (s *Sweep) exported() (columns []string, metrics []results.Metric, estimated map[results.Metric]bool) {
	for _, name := range s.Columns() {
		for _, r := range s.Rows {
			if r.Run != nil && r.Value(name) != nil {
				columns = append(columns, name)
				break
			}
		}
	}
	has := make(map[results.Metric]bool)
	estimated = make(map[results.Metric]bool)
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
