package results

import (
	"io"
	"strconv"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// Limits on the rows of a row group, and on its values, which are in memory while it is
// written or read. Tests use fewer rows.
var (
	groupRows   = columnar.MaxGroup
	groupValues = 1 << 20
)

// A tableWriter collects rows and writes them as row groups.
type tableWriter struct {
	w       *columnar.Writer
	columns []*columnar.Column
	params  []Column      // columns of the table's parameters
	row     []param.Value // memory of the row being made
	most    int           // rows in a group
}

// A footer is what the footers of one generation of files say.
type footer struct {
	generation int64
	suite      string
	provenance Provenance
	variance   int64 // rows of variance.parquet
	compaction *compaction
	replaced   map[string]string // which compaction wrote each of the previous files
}

func (f footer) pairs(t *table) []columnar.KeyValue {
	kv := []columnar.KeyValue{
		{Key: keySchema, Value: strconv.Itoa(SchemaVersion)},
		{Key: keyTable, Value: t.file},
		{Key: keyGeneration, Value: strconv.FormatInt(f.generation, 10)},
		{Key: keySuite, Value: f.suite},
		{Key: keyVariance, Value: strconv.FormatInt(f.variance, 10)},
	}
	if f.compaction != nil {
		kv = append(kv, columnar.KeyValue{Key: keyCompaction, Value: f.compaction.String()})
	}
	for _, p := range f.provenance {
		kv = append(kv, columnar.KeyValue{Key: keyPrefix + p.Key, Value: p.Value})
	}
	return kv
}

// newTableWriter starts a table with the given parameters.
func newTableWriter(w io.Writer, t *table, params []Column) (*tableWriter, error) {
	var fields []columnar.Field
	tw := &tableWriter{params: params}
	for _, h := range t.headings(params) {
		fields = append(fields, h.Field)
		tw.columns = append(tw.columns, columnar.NewColumn(h.Field))
	}
	tw.most = min(groupRows, max(1, groupValues/len(fields)))
	var err error
	tw.w, err = columnar.NewWriter(w, fields)
	return tw, err
}

// encodeTable writes a whole table; rows adds the rows.
func encodeTable(w io.Writer, t *table, params []Column, f footer, rows func(*tableWriter) error) error {
	tw, err := newTableWriter(w, t, params)
	if err == nil {
		err = rows(tw)
	}
	if err == nil {
		err = tw.flush()
	}
	if err != nil {
		return err
	}
	return tw.w.Close(f.pairs(t))
}

func (t *tableWriter) flush() error {
	err := t.w.WriteGroup(t.columns)
	for _, c := range t.columns {
		c.Reset()
	}
	return err
}

// add appends a row: lead, then the metrics, if any, then tail.
func (t *tableWriter) add(lead []param.Value, metrics *Values, tail ...param.Value) error {
	c := put(t.columns, lead)
	if metrics != nil {
		c = putMetrics(c, metrics)
	}
	put(c, tail)
	if t.columns[0].Rows() < t.most {
		return nil
	}
	return t.flush()
}

// run appends a row to runs.parquet.
func (t *tableWriter) run(r *Run) error {
	final := r.Final()
	t.row = append(gather(t.cell(r), runColumns, r), pointsColumn.get(r), measurementsColumn.get(r))
	return t.add(t.row, &final, messageColumn.get(r))
}

// curve appends the rows of a run to curves.parquet.
func (t *tableWriter) curve(r *Run) error {
	t.row = t.cell(r)
	for i := range r.Curve {
		p := &r.Curve[i]
		if err := t.add(append(t.row, stepColumn.get(p)), &p.Values); err != nil {
			return err
		}
	}
	return nil
}

// timing appends a row to timing.parquet.
func (t *tableWriter) timing(r *Run) error {
	t.row = gather(append(t.row[:0], param.Of(r.ID)), timingColumns, &r.Timing)
	return t.add(t.row, nil)
}

// variance appends the rows of a run to variance.parquet.
func (t *tableWriter) variance(r *Run) error {
	for i := range r.Variance {
		v := &r.Variance[i]
		t.row = gather(gather(t.row[:0], measuredCell, r), varianceColumns, v)
		t.row = paramRow(t.row, v.Params, t.params)
		if err := t.add(t.row, nil); err != nil {
			return err
		}
	}
	return nil
}

// drawn appends a row to instances.parquet.
func (t *tableWriter) drawn(d *drawn) error {
	t.row = gather(t.row[:0], instanceColumns, d)
	return t.add(t.row, nil)
}

// cell begins a row with the run's cell.
func (t *tableWriter) cell(r *Run) []param.Value {
	return paramRow(gather(t.row[:0], cellColumns, &r.Cell), r.Params, t.params)
}

// paramRow appends the values of the parameters in the columns.
func paramRow(row []param.Value, have []Param, columns []Column) []param.Value {
	next := 0
	for _, col := range columns {
		for next < len(have) && placed(have[next].Name) {
			next++
		}
		if next < len(have) && have[next].Name == col.Name { // the usual case: the same order
			row = append(row, as(have[next].Value, col.Type))
			next++
			continue
		}
		row = append(row, as(find(have, col.Name), col.Type))
	}
	return row
}

// put appends values to as many columns as there are values, and returns the
// remaining columns.
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

// putMetrics does what put does for the columns of the metrics.
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
