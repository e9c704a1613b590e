package results

import (
	"fmt"
	"io"
	"slices"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// mergedTable is a whole sweep in one file, for people who want a single one:
// the curves with the status and timing of their runs. Gradient variance and
// instances are not in it.
var mergedTable = &table{"merged.parquet", "an evaluation of a cell, or a cell without any", true, cellTableColumns, slices.Concat([]tableColumn{
	required("status", columnar.String, "done, diverged, pruned, failed, timeout, lost or interrupted"),
	required("steps_taken", columnar.Int64, "gradient steps taken; where the run diverged, the step at which"),
	column("message", columnar.String, "why the run is not done"),
	column("host", columnar.String, "machine; null where anonymous"),
	column("attempt", columnar.Int64, "1 for the first"),
	column("start", columnar.Timestamp, "start of the last attempt"),
	column("end", columnar.Timestamp, "end of the last attempt"),
	measured("wall_seconds", "s", "time spent, over all attempts"),
	measured("trajectories_per_second", "1/s", "training speed"),
	column("cpu", columnar.String, "model of the processor"),
	column("simd", columnar.String, "instruction set the kernels took"),
	column("go", columnar.String, "version of the toolchain"),
	column("revision", columnar.String, "revision of the code"),
	column("step", columnar.Int64, "gradient steps taken before the evaluation; null where there is none"),
}, metricColumns)}

// WriteMerged writes a sweep as one Parquet file, which [Read] reads like a
// directory. It leaves out gradient variances, instances and stacks of panics.
func WriteMerged(w io.Writer, s *Set) error {
	f := footer{generation: 1, suite: s.Suite, provenance: s.Provenance}
	return encodeTable(w, mergedTable, s.Columns, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Runs {
			r := &s.Runs[i]
			row = cellValues(row[:0], &r.Cell, s.Columns)
			for j := range max(1, len(r.Curve)) {
				appendValues(t.columns, row)
				c := t.columns[len(row):]
				mergedRun(c, r)
				if j < len(r.Curve) {
					c[13].Int(r.Curve[j].Step)
					appendMetrics(c[14:], &r.Curve[j].Values)
				} else {
					c[13].Null()
					appendMetrics(c[14:], &Values{})
				}
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func mergedRun(c []*columnar.Column, r *Run) {
	c[0].String(string(r.Status))
	c[1].Int(r.Step)
	text(c[2], r.Message)
	text(c[3], r.Timing.Host)
	c[4].Int(r.Timing.Attempt)
	instant(c[5], r.Timing.Start)
	instant(c[6], r.Timing.End)
	c[7].Float(r.Timing.Wall)
	c[8].Float(r.Timing.Rate)
	for k, s := range []string{r.Timing.CPU, r.Timing.SIMD, r.Timing.Go, r.Timing.Revision} {
		text(c[9+k], s)
	}
}

// readMerged reads a file that WriteMerged wrote.
func readMerged(fsys disk.FS, path string, final bool) (*snapshot, error) {
	t, err := openTable(fsys, path, mergedTable)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	s := &snapshot{dir: path, generation: 1, suite: Provenance(t.metadata).Get(keySuite), provenance: provenanceOf(t.metadata)}
	if s.runs, err = decodeMerged(t); err != nil {
		return nil, err
	}
	if final {
		for i := range s.runs {
			curve := s.runs[i].Curve
			s.runs[i].Curve = curve[max(0, len(curve)-1):]
		}
	}
	return s, nil
}

func decodeMerged(t *tableReader) (runs []Run, err error) {
	var lead, params, tail []string
	for _, c := range cellTableColumns {
		lead = append(lead, c.Name)
	}
	for _, f := range t.Fields() {
		if !reserved[f.Name] {
			params = append(params, f.Name)
		}
	}
	for _, c := range mergedTable.tail[:14] {
		tail = append(tail, c.Name)
	}
	err = t.each(slices.Concat(lead, params, tail, metricNames), func(rows int, columns []*columnar.Column) error {
		ids := columns[0].Strings
		run := make([]*Run, rows) // where a row is the first of its cell
		owner := make([]int, rows)
		before := len(runs)
		for row, id := range ids {
			if len(runs) == 0 || runs[len(runs)-1].ID != id {
				runs = append(runs, Run{Cell: Cell{ID: id}})
			}
			owner[row] = len(runs) - 1
		}
		for row, i := range owner {
			if i >= before && (row == 0 || owner[row-1] != i) {
				run[row] = &runs[i]
			}
		}
		each := func(column int, f func(*Run, param.Value)) {
			values(columns[column], rows, func(row int, v param.Value) {
				if run[row] != nil {
					f(run[row], v)
				}
			})
		}
		for i, name := range slices.Concat(lead, params) {
			if i < len(lead) {
				each(i, func(r *Run, v param.Value) { r.Cell.set(name, v) })
			} else {
				each(i, func(r *Run, v param.Value) { r.Params = append(r.Params, Param{name, v}) })
			}
		}
		at := len(lead) + len(params)
		for i, f := range mergedSetters {
			each(at+i, f)
		}
		points := make([]Point, rows)
		unpackMetrics(columns[at+14:], points)
		evaluated := make([]bool, rows)
		values(columns[at+13], rows, func(row int, v param.Value) { points[row].Step, evaluated[row] = int64(v.Int()), true })
		for row, i := range owner {
			if evaluated[row] {
				runs[i].Curve = append(runs[i].Curve, points[row])
			}
		}
		return nil
	})
	for i := range runs {
		if r := &runs[i]; err == nil && (!validID(r.ID) || !r.Status.valid()) {
			err = refuse(t.path, fmt.Errorf("it holds no run: cell %q, status %q", r.ID, r.Status))
		}
	}
	return runs, err
}

// mergedSetters set what the first columns of the tail say of a run.
var mergedSetters = func() []func(*Run, param.Value) {
	instant := func(v param.Value) time.Time { return time.UnixMicro(int64(v.Int())).UTC() }
	number := func(v param.Value) float64 { return v.Float() }
	return []func(*Run, param.Value){
		func(r *Run, v param.Value) { r.Status = Status(v.Text()) },
		func(r *Run, v param.Value) { r.Step = int64(v.Int()) },
		func(r *Run, v param.Value) { r.Message = v.Text() },
		func(r *Run, v param.Value) { r.Timing.Host = v.Text() },
		func(r *Run, v param.Value) { r.Timing.Attempt = int64(v.Int()) },
		func(r *Run, v param.Value) { r.Timing.Start = instant(v) },
		func(r *Run, v param.Value) { r.Timing.End = instant(v) },
		func(r *Run, v param.Value) { r.Timing.Wall = number(v) },
		func(r *Run, v param.Value) { r.Timing.Rate = number(v) },
		func(r *Run, v param.Value) { r.Timing.CPU = v.Text() },
		func(r *Run, v param.Value) { r.Timing.SIMD = v.Text() },
		func(r *Run, v param.Value) { r.Timing.Go = v.Text() },
		func(r *Run, v param.Value) { r.Timing.Revision = v.Text() },
	}
}()
