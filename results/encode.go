package results

import (
	"io"
	"strconv"

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
	for _, h := range t.headings(params) {
		fields = append(fields, h.Field)
		tw.columns = append(tw.columns, columnar.NewColumn(h.Field))
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
			row = gather(cellRow(row[:0], &r.Cell, s.Columns), runColumns, r)
			c := put(t.columns, append(row, pointsColumn.get(r)))
			final := r.Final()
			put(putMetrics(c, &final), append(row[:0], messageColumn.get(r)))
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
			row = cellRow(row[:0], &r.Cell, s.Columns)
			for j := range r.Curve {
				c := put(t.columns, append(row, stepColumn.get(&r.Curve[j])))
				putMetrics(c, &r.Curve[j].Values)
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// cellRow appends the cell's values in the order of a table's columns.
func cellRow(row []param.Value, c *Cell, params []Column) []param.Value {
	return paramRow(gather(row, cellColumns, c), c.Params, params)
}

// paramRow appends the values of the parameters in the columns.
func paramRow(row []param.Value, have []Param, columns []Column) []param.Value {
	next := 0
	for _, col := range columns {
		for next < len(have) && placed(have[next].Name) {
			next++
		}
		if next < len(have) && have[next].Name == col.Name { // the usual order
			row = append(row, as(have[next].Value, col.Type))
			next++
			continue
		}
		row = append(row, as(find(have, col.Name), col.Type))
	}
	return row
}

// put appends values to as many columns and returns those that follow.
func put(columns []*columnar.Column, row []param.Value) []*columnar.Column {
	for i, v := range row {
		c := columns[i]
		switch {
		case v.IsNull() && !c.Required:
			c.Null()
		case c.Type == columnar.Bool:
			c.Bool(v.Bool())
		case c.Type == columnar.Float64:
			c.Float(v.Float())
		case c.Type == columnar.String:
			c.String(v.Text())
		default:
			c.Int(int64(v.Int()))
		}
	}
	return columns[len(row):]
}

// putMetrics is put for the columns of the metrics.
func putMetrics(columns []*columnar.Column, v *Values) []*columnar.Column {
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
	return columns[len(metricBits):]
}

func encodeTiming(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, timingTable, nil, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Runs {
			r := &s.Runs[i]
			row = append(row[:0], param.Of(r.ID))
			put(t.columns, gather(row, timingColumns, &r.Timing))
			if err := t.end(); err != nil {
				return err
			}
		}
		return nil
	})
}

func encodeVariance(w io.Writer, s *Set, f footer) error {
	u := newUnion(nil)
	for i := range s.Runs {
		for j := range s.Runs[i].Variance {
			u.add(s.Runs[i].Variance[j].Params)
		}
	}
	return encodeTable(w, varianceTable, u.columns, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Runs {
			r := &s.Runs[i]
			for j := range r.Variance {
				v := &r.Variance[j]
				row = gather(gather(row[:0], measuredCell, r), varianceColumns, v)
				put(t.columns, paramRow(row, v.Params, u.columns))
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func encodeInstances(w io.Writer, s *Set, f footer) error {
	return encodeTable(w, instancesTable, nil, f, func(t *tableWriter) error {
		var row []param.Value
		for i := range s.Instances {
			for d := range s.Instances[i].drawn() {
				row = gather(row[:0], instanceColumns, &d)
				put(t.columns, row)
				if err := t.end(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
