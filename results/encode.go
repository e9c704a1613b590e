package results

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// groupRows is how many rows a row group gets; tests take fewer.
var groupRows = columnar.MaxGroup

// A tableWriter collects rows and writes them as row groups.
type tableWriter struct {
	w       *columnar.Writer
	columns []*columnar.Column
}

// A footer is what the footers of one generation of files say.
type footer struct {
	generation int64
	suite      string
	provenance Provenance
	variance   int64 // rows of variance.parquet
}

func (f footer) pairs(t *table) []columnar.KeyValue {
	kv := []columnar.KeyValue{
		{Key: keySchema, Value: strconv.Itoa(SchemaVersion)},
		{Key: keyTable, Value: t.file},
		{Key: keyGeneration, Value: strconv.FormatInt(f.generation, 10)},
		{Key: keySuite, Value: f.suite},
		{Key: keyVariance, Value: strconv.FormatInt(f.variance, 10)},
	}
	for _, p := range f.provenance {
		kv = append(kv, columnar.KeyValue{Key: keyPrefix + p.Key, Value: p.Value})
	}
	return kv
}

// encodeTable writes a table whose rows are appended by rows.
func encodeTable(w io.Writer, t *table, params []Column, f footer, rows func(*tableWriter) error) error {
	var fields []columnar.Field
	tw := &tableWriter{}
	for _, c := range t.columns(params) {
		fields = append(fields, c.Field)
		tw.columns = append(tw.columns, columnar.NewColumn(c.Field))
	}
	var err error
	if tw.w, err = columnar.NewWriter(w, fields, f.pairs(t)); err != nil {
		return err
	}
	if err := rows(tw); err != nil {
		return err
	}
	if err := tw.flush(); err != nil {
		return err
	}
	return tw.w.Close()
}

func (t *tableWriter) flush() error {
	err := t.w.WriteGroup(t.columns)
	for _, c := range t.columns {
		c.Reset()
	}
	return err
}

// end ends a row.
func (t *tableWriter) end() error {
	if t.columns[0].Rows() < groupRows {
		return nil
	}
	return t.flush()
}

func encodeRuns(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, runsTable, s.Columns, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Runs {
			r := &s.Runs[i]
			row = cellValues(row[:0], &r.Cell, s.Columns)
			appendValues(t.columns, row)
			c := t.columns[len(row):]
			c[0].String(string(r.Status))
			c[1].Int(r.Step)
			c[2].Int(int64(len(r.Curve)))
			final := r.Final()
			appendMetrics(c[3:], &final)
			text(c[3+len(metricColumns)], r.Message)
			if err := t.end(); err != nil {
				return err
			}
		}
		return nil
	})
}

func encodeCurves(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, curvesTable, s.Columns, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Runs {
			r := &s.Runs[i]
			row = cellValues(row[:0], &r.Cell, s.Columns)
			for j := range r.Curve {
				appendValues(t.columns, row)
				c := t.columns[len(row):]
				c[0].Int(r.Curve[j].Step)
				appendMetrics(c[1:], &r.Curve[j].Values)
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// cellValues appends the cell's values in the order of a table's columns.
func cellValues(row []param.Value, c *Cell, params []Column) []param.Value {
	for _, col := range cellTableColumns {
		row = append(row, c.Get(col.Name))
	}
	next := 0
	for _, col := range params {
		if next < len(c.Params) && c.Params[next].Name == col.Name { // the usual order
			row = append(row, as(c.Params[next].Value, col.Type))
			next++
			continue
		}
		row = append(row, as(c.Get(col.Name), col.Type))
	}
	return row
}

func appendValues(columns []*columnar.Column, row []param.Value) {
	for i, v := range row {
		c := columns[i]
		switch {
		case v.IsNull():
			c.Null()
		case c.Type == columnar.Bool:
			c.Bool(v.Bool())
		case c.Type == columnar.Int64:
			c.Int(int64(v.Int()))
		case c.Type == columnar.Float64:
			c.Float(v.Float())
		default:
			c.String(v.Text())
		}
	}
}

func appendMetrics(columns []*columnar.Column, v *Values) {
	next := 0
	for i, bit := range metricBits {
		c := columns[i]
		if v.present>>bit&1 == 0 {
			c.Null()
			continue
		}
		x := v.packed[next]
		next++
		if c.Type == columnar.Int64 {
			c.Int(int64(x))
		} else {
			c.Float(x)
		}
	}
}

// text appends a text, null where it is empty.
func text(c *columnar.Column, s string) {
	if s == "" {
		c.Null()
		return
	}
	c.String(s)
}

// instant appends a time, null where it is zero.
func instant(c *columnar.Column, t time.Time) {
	if t.IsZero() {
		c.Null()
		return
	}
	c.Int(t.UnixMicro())
}

// inexact appends a standard error, null where it is NaN.
func inexact(c *columnar.Column, x float64) {
	if math.IsNaN(x) {
		c.Null()
		return
	}
	c.Float(x)
}

func encodeTiming(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, timingTable, nil, f, func(t *tableWriter) error {
		for i := range s.Runs {
			r, c := &s.Runs[i], t.columns
			c[0].String(r.ID)
			text(c[1], r.Timing.Host)
			c[2].Int(r.Timing.Attempt)
			instant(c[3], r.Timing.Start)
			instant(c[4], r.Timing.End)
			c[5].Float(r.Timing.Wall)
			c[6].Float(r.Timing.Rate)
			for k, s := range []string{r.Timing.CPU, r.Timing.SIMD, r.Timing.Go, r.Timing.Revision, r.Timing.Stack} {
				text(c[7+k], s)
			}
			if err := t.end(); err != nil {
				return err
			}
		}
		return nil
	})
}

func encodeVariance(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, varianceTable, nil, f, func(t *tableWriter) error {
		for i := range s.Runs {
			r := &s.Runs[i]
			for j := range r.Variance {
				varianceRow(t.columns, r, &r.Variance[j])
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func varianceRow(c []*columnar.Column, r *Run, v *VarianceRow) {
	measured := Cell{Objective: v.Objective, Alpha: v.Alpha, A: v.A, Lambda: v.Lambda, ControlVariate: v.ControlVariate}
	row := []param.Value{param.Of(r.ID), param.Of(r.Environment), param.Of(r.Seed), param.Of(v.Step)}
	for _, name := range []string{"objective", "alpha", "a", "lambda", "control_variate"} {
		row = append(row, measured.Get(name))
	}
	appendValues(c, append(row, param.Of(v.Batch), param.Of(v.Replicates)))
	c[11].Float(v.TraceCov)
	inexact(c[12], v.TraceCovStdErr)
	c[13].Float(v.GradNormSq)
	c[14].Float(v.Cosine)
	inexact(c[15], v.CosineStdErr)
	if v.ReferenceBatch == 0 {
		c[16].Null()
	} else {
		c[16].Int(v.ReferenceBatch)
	}
	c[17].Bool(v.Exact)
}

func encodeInstances(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, instancesTable, nil, f, func(t *tableWriter) error {
		for i := range s.Instances {
			in := &s.Instances[i]
			for _, field := range in.Fields {
				for k := range max(len(field.Numbers), len(field.Texts)) {
					row := []param.Value{param.Of(in.ID), param.Of(in.Environment), param.Of(field.Name), param.Of(int64(k)), {}, {}}
					if len(field.Texts) > 0 {
						row[5] = param.Of(field.Texts[k])
					} else {
						row[4] = param.OfFloat(field.Numbers[k])
					}
					appendValues(t.columns, row)
					if err := t.end(); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// check reports what of the instance cannot be written.
func (in *Instance) check() error {
	if in.ID == "" || len(in.Fields) == 0 {
		return fmt.Errorf("instance %q of %q has no id or no fields", in.ID, in.Environment)
	}
	texts := []string{in.ID, in.Environment}
	for i, f := range in.Fields {
		if slices.ContainsFunc(in.Fields[:i], func(g Field) bool { return g.Name == f.Name }) {
			return fmt.Errorf("instance %q: field %q is given twice", in.ID, f.Name)
		}
		texts = append(append(texts, f.Name), f.Texts...)
		if (len(f.Numbers) > 0) == (len(f.Texts) > 0) {
			return fmt.Errorf("instance %q: field %q must hold numbers or texts", in.ID, f.Name)
		}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return fmt.Errorf("instance %q: %q is not valid UTF-8", in.ID, s)
		}
	}
	return nil
}
