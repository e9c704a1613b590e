package results

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// A tableReader is an open Parquet file of a sweep directory.
type tableReader struct {
	*columnar.Reader
	path       string
	file       disk.ReadFile
	table      *table
	metadata   []KeyValue
	generation int64
}

// openTable opens a Parquet file and checks that it is what its name says.
func openTable(fsys disk.FS, path string, t *table) (*tableReader, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := readTable(f, path, t)
	if err != nil {
		f.Close()
		return nil, refuse(path, err)
	}
	return r, nil
}

func readTable(f disk.ReadFile, path string, t *table) (*tableReader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	cr, err := columnar.Open(f, info.Size())
	if err != nil {
		return nil, err
	}
	r := &tableReader{Reader: cr, path: path, file: f, table: t}
	for _, kv := range cr.Metadata() {
		r.metadata = append(r.metadata, KeyValue(kv))
	}
	meta := Provenance(r.metadata)
	if err := checkVersion(meta.Get(keySchema)); err != nil {
		return nil, err
	}
	if name := meta.Get(keyTable); name != t.file {
		return nil, fmt.Errorf("%w: it holds the rows of %q, not of %q", columnar.ErrForeign, name, t.file)
	}
	if r.generation, err = strconv.ParseInt(meta.Get(keyGeneration), 10, 64); err != nil {
		return nil, fmt.Errorf("%w: its generation is no number", columnar.ErrForeign)
	}
	for _, c := range t.columns(nil) {
		i, ok := r.Index(c.Name)
		switch {
		case !ok && c.Required:
			return nil, fmt.Errorf("column %q is missing", c.Name)
		case ok && (r.Fields()[i].Type != c.Type || r.Fields()[i].Required != c.Required):
			return nil, fmt.Errorf("column %q is of type %v, not %v, or null where it must not be", c.Name, r.Fields()[i].Type, c.Type)
		}
	}
	return r, nil
}

func (t *tableReader) Close() { t.file.Close() } // read only: nothing to lose

// each calls f with the named columns of every row group, empty ones for those
// that are missing. The columns are valid until f returns.
func (t *tableReader) each(names []string, f func(rows int, columns []*columnar.Column) error) error {
	columns := make([]*columnar.Column, len(names))
	for i := range columns {
		columns[i] = new(columnar.Column)
	}
	for g := range t.Groups() {
		rows := t.GroupRows(g)
		if err := t.group(g, rows, names, columns); err != nil {
			return refuse(t.path, err)
		}
		if err := f(rows, columns); err != nil {
			return refuse(t.path, err)
		}
	}
	return nil
}

func (t *tableReader) group(g, rows int, names []string, columns []*columnar.Column) error {
	for i, name := range names {
		at, ok := t.Index(name)
		if !ok {
			columns[i].Reset()
			columns[i].Valid = make([]int16, rows)
			continue
		}
		if err := t.Read(g, at, columns[i]); err != nil {
			return err
		}
	}
	return nil
}

// values calls f with the row and value of each row of c that is not null.
func values(c *columnar.Column, rows int, f func(row int, v Value)) {
	next := 0
	for row := range rows {
		if !c.Required && c.Valid[row] == 0 {
			continue
		}
		f(row, valueAt(c, next))
		next++
	}
}

func valueAt(c *columnar.Column, i int) Value {
	switch c.Type {
	case columnar.Bool:
		return BoolValue(c.Bools[i])
	case columnar.Float64:
		return Value{kind: Float, bits: math.Float64bits(c.Floats[i])}
	case columnar.String:
		return StringValue(c.Strings[i])
	}
	return IntValue(c.Ints[i])
}

// metricNames are the names of the metric columns.
var metricNames = func() (names []string) {
	for _, c := range metricColumns {
		names = append(names, c.Name)
	}
	return names
}()

// decodeRuns reads runs.parquet: runs without their curves, of each of which
// only the final metrics and the number of evaluations are known.
func decodeRuns(t *tableReader) (runs []Run, points []int64, err error) {
	var lead, params, tail []string
	for _, c := range cellTableColumns {
		lead = append(lead, c.Name)
	}
	for _, f := range t.Fields() {
		if !reserved[f.Name] {
			params = append(params, f.Name)
		}
	}
	tail = append(append(tail, "status", "step", "points", "message"), metricNames...)
	err = t.each(slices.Concat(lead, params, tail), func(rows int, columns []*columnar.Column) error {
		first := len(runs)
		runs = append(runs, make([]Run, rows)...)
		group := runs[first:]
		for i, name := range lead {
			values(columns[i], rows, func(row int, v Value) { group[row].Cell.set(name, v) })
		}
		all := make([]Param, rows*len(params))
		for i := range group {
			group[i].Params = all[i*len(params) : i*len(params) : (i+1)*len(params)]
		}
		for i, name := range params {
			values(columns[len(lead)+i], rows, func(row int, v Value) {
				group[row].Params = append(group[row].Params, Param{name, v})
			})
		}
		c := columns[len(lead)+len(params):]
		values(c[0], rows, func(row int, v Value) { group[row].Status = Status(v.text) })
		values(c[1], rows, func(row int, v Value) { group[row].Step = int64(v.bits) })
		points = append(points, c[2].Ints...)
		values(c[3], rows, func(row int, v Value) { group[row].Message = v.text })
		finals := make([]Point, rows)
		unpackMetrics(c[4:], finals)
		for i := range group {
			r := &group[i]
			if !validID(r.ID) || !r.Status.valid() || points[first+i] < 0 {
				return fmt.Errorf("row %d is no run: cell %q, status %q", first+i, r.ID, r.Status)
			}
			if points[first+i] > 0 {
				finals[i].Step = r.Step
				r.Curve = finals[i : i+1 : i+1]
			}
		}
		return nil
	})
	return runs, points, err
}

// unpackMetrics fills the values of points from the metric columns.
func unpackMetrics(columns []*columnar.Column, points []Point) {
	total := 0
	for i, c := range columns {
		packed := len(c.Floats) + len(c.Ints)
		if total += packed; packed == 0 {
			continue
		}
		for row, v := range c.Valid {
			points[row].present |= uint64(v) << metricBits[i]
		}
	}
	arena := make([]float64, total)
	next := make([]int, len(columns))
	for row := range points {
		v := &points[row].Values
		n := 0
		for i, bit := range metricBits {
			if v.present>>bit&1 == 0 {
				continue
			}
			if c := columns[i]; c.Type == columnar.Int64 {
				arena[n] = float64(c.Ints[next[i]])
			} else {
				arena[n] = c.Floats[next[i]]
			}
			next[i]++
			n++
		}
		v.packed, arena = arena[:n:n], arena[n:]
	}
}

// decodeCurves reads curves.parquet and gives each run its curve. The rows of a
// cell follow one another; those of cells that are not among the runs belong to
// a compaction that was cut short, and are left out; those of the cells in
// skip may belong to one, and are not compared with what runs.parquet says.
func decodeCurves(t *tableReader, runs []Run, points []int64, skip map[string]bool) error {
	at := make(map[string]int, len(runs))
	for i := range runs {
		at[runs[i].ID] = i
	}
	finals := make([]Values, len(runs))
	for i := range runs {
		finals[i] = runs[i].Final()
		runs[i].Curve = nil
	}
	names := append([]string{"cell", "step"}, metricNames...)
	err := t.each(names, func(rows int, columns []*columnar.Column) error {
		group := make([]Point, rows)
		for i, step := range columns[1].Ints {
			group[i].Step = step
		}
		unpackMetrics(columns[2:], group)
		cells := columns[0].Strings
		for a := 0; a < rows; {
			b := a + 1
			for b < rows && cells[b] == cells[a] {
				b++
			}
			if i, ok := at[cells[a]]; ok {
				if r := &runs[i]; r.Curve == nil {
					r.Curve = group[a:b:b]
				} else {
					r.Curve = append(r.Curve, group[a:b]...)
				}
			}
			a = b
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range runs {
		final := runs[i].Final()
		if skip[runs[i].ID] {
			continue
		}
		if int64(len(runs[i].Curve)) != points[i] || !final.Equal(&finals[i]) {
			return refuse(t.path, fmt.Errorf("%w of cell %s: %d evaluations, not %d, or other final metrics",
				errDisagree, runs[i].ID, len(runs[i].Curve), points[i]))
		}
	}
	return nil
}

var errDisagree = errors.New("it does not agree with runs.parquet")

// decodeTiming reads timing.parquet.
func decodeTiming(t *tableReader, runs []Run) error {
	at := make(map[string]int, len(runs))
	for i := range runs {
		at[runs[i].ID] = i
	}
	names := []string{"cell", "host", "attempt", "start", "end", "wall_seconds", "trajectories_per_second", "cpu", "simd", "go", "revision", "stack"}
	return t.each(names, func(rows int, columns []*columnar.Column) error {
		timings := make([]Timing, rows)
		instant := func(v Value) time.Time { return time.UnixMicro(int64(v.bits)).UTC() }
		set := []func(*Timing, Value){
			func(t *Timing, v Value) { t.Host = v.text },
			func(t *Timing, v Value) { t.Attempt = int64(v.bits) },
			func(t *Timing, v Value) { t.Start = instant(v) },
			func(t *Timing, v Value) { t.End = instant(v) },
			func(t *Timing, v Value) { t.Wall = math.Float64frombits(v.bits) },
			func(t *Timing, v Value) { t.Rate = math.Float64frombits(v.bits) },
			func(t *Timing, v Value) { t.CPU = v.text },
			func(t *Timing, v Value) { t.SIMD = v.text },
			func(t *Timing, v Value) { t.Go = v.text },
			func(t *Timing, v Value) { t.Revision = v.text },
			func(t *Timing, v Value) { t.Stack = v.text },
		}
		for i, f := range set {
			values(columns[i+1], rows, func(row int, v Value) { f(&timings[row], v) })
		}
		for row, id := range columns[0].Strings {
			if i, ok := at[id]; ok {
				runs[i].Timing = timings[row]
			}
		}
		return nil
	})
}

// decodeVariance reads variance.parquet.
func decodeVariance(t *tableReader, runs []Run) error {
	at := make(map[string]int, len(runs))
	for i := range runs {
		at[runs[i].ID] = i
	}
	var names []string
	for _, c := range varianceTable.lead {
		names = append(names, c.Name)
	}
	return t.each(names, func(rows int, columns []*columnar.Column) error {
		all := make([]VarianceRow, rows)
		for row := range all {
			all[row].TraceCovStdErr, all[row].CosineStdErr = math.NaN(), math.NaN()
		}
		measured := make([]Cell, rows)
		for i := 4; i <= 8; i++ {
			values(columns[i], rows, func(row int, v Value) { measured[row].set(names[i], v) })
		}
		ints := map[int]func(*VarianceRow) *int64{
			3:  func(v *VarianceRow) *int64 { return &v.Step },
			9:  func(v *VarianceRow) *int64 { return &v.Batch },
			10: func(v *VarianceRow) *int64 { return &v.Replicates },
			16: func(v *VarianceRow) *int64 { return &v.ReferenceBatch },
		}
		for i, f := range ints {
			values(columns[i], rows, func(row int, v Value) { *f(&all[row]) = int64(v.bits) })
		}
		floats := []func(*VarianceRow) *float64{
			func(v *VarianceRow) *float64 { return &v.TraceCov },
			func(v *VarianceRow) *float64 { return &v.TraceCovStdErr },
			func(v *VarianceRow) *float64 { return &v.GradNormSq },
			func(v *VarianceRow) *float64 { return &v.Cosine },
			func(v *VarianceRow) *float64 { return &v.CosineStdErr },
		}
		for i, f := range floats {
			values(columns[11+i], rows, func(row int, v Value) { *f(&all[row]) = math.Float64frombits(v.bits) })
		}
		values(columns[17], rows, func(row int, v Value) { all[row].Exact = v.bits == 1 })
		for row, id := range columns[0].Strings {
			v, m := &all[row], &measured[row]
			v.Objective, v.Alpha, v.A, v.Lambda, v.ControlVariate = m.Objective, m.Alpha, m.A, m.Lambda, m.ControlVariate
			if i, ok := at[id]; ok {
				runs[i].Variance = append(runs[i].Variance, *v)
			}
		}
		return nil
	})
}

// decodeInstances reads instances.parquet.
func decodeInstances(t *tableReader) (all []Instance, err error) {
	type row struct {
		id, environment, field, text string
		number                       float64
		isText                       bool
	}
	err = t.each([]string{"instance", "environment", "field", "value", "text"}, func(n int, columns []*columnar.Column) error {
		rows := make([]row, n)
		values(columns[0], n, func(i int, v Value) { rows[i].id = v.text })
		values(columns[1], n, func(i int, v Value) { rows[i].environment = v.text })
		values(columns[2], n, func(i int, v Value) { rows[i].field = v.text })
		values(columns[3], n, func(i int, v Value) { rows[i].number = math.Float64frombits(v.bits) })
		values(columns[4], n, func(i int, v Value) { rows[i].text, rows[i].isText = v.text, true })
		for _, r := range rows {
			if len(all) == 0 || all[len(all)-1].ID != r.id {
				all = append(all, Instance{ID: r.id, Environment: r.environment})
			}
			in := &all[len(all)-1]
			if len(in.Fields) == 0 || in.Fields[len(in.Fields)-1].Name != r.field {
				in.Fields = append(in.Fields, Field{Name: r.field})
			}
			f := &in.Fields[len(in.Fields)-1]
			if r.isText {
				f.Texts = append(f.Texts, r.text)
			} else {
				f.Numbers = append(f.Numbers, r.number)
			}
		}
		return nil
	})
	return all, err
}
