package columnar

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// A Reader reads one table. Different columns may be read concurrently.
type Reader struct {
	r      *file.Reader
	fields []Field
	index  map[string]int
	size   int64
}

// Open checks the seal of a file of the given size, which reads it once from
// end to end, and then its footer. The error wraps ErrForeign, ErrTruncated or
// ErrAltered where the file is not as it was written.
func Open(f io.ReaderAt, size int64) (*Reader, error) {
	if err := checkSeal(f, size); err != nil {
		return nil, err
	}
	return open(f, size)
}

func open(f io.ReaderAt, size int64) (r *Reader, err error) {
	defer guard(&err)
	fr, err := file.NewParquetReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, err
	}
	r = &Reader{r: fr, index: map[string]int{}, size: size}
	sc := fr.MetaData().Schema
	for i := range sc.NumColumns() {
		field, err := fieldOf(sc.Column(i))
		if err != nil {
			return nil, err
		}
		if _, ok := r.index[field.Name]; ok {
			return nil, fmt.Errorf("column %q occurs twice", field.Name)
		}
		r.index[field.Name] = i
		r.fields = append(r.fields, field)
	}
	total := int64(0)
	for g := range fr.NumRowGroups() {
		rows := fr.RowGroup(g).NumRows()
		if rows <= 0 || rows > MaxGroup {
			return nil, fmt.Errorf("row group %d has %d rows, not 1 to %d", g, rows, MaxGroup)
		}
		if n := fr.RowGroup(g).NumColumns(); n != len(r.fields) {
			return nil, fmt.Errorf("row group %d has %d columns, not %d", g, n, len(r.fields))
		}
		total += rows
	}
	if total != fr.NumRows() {
		return nil, fmt.Errorf("it has %d rows in its groups and %d in its footer", total, fr.NumRows())
	}
	return r, nil
}

// Fields are the columns, in order.
func (r *Reader) Fields() []Field { return r.fields }

// Index is the position of the named column.
func (r *Reader) Index(name string) (i int, ok bool) {
	i, ok = r.index[name]
	return i, ok
}

// Rows is the number of rows of the table.
func (r *Reader) Rows() int64 { return r.r.NumRows() }

// Groups is the number of row groups.
func (r *Reader) Groups() int { return r.r.NumRowGroups() }

// GroupRows is the number of rows of a group.
func (r *Reader) GroupRows(group int) int { return int(r.r.RowGroup(group).NumRows()) }

// Metadata is the file's metadata without its seal.
func (r *Reader) Metadata() []KeyValue {
	var meta []KeyValue
	kv := r.r.MetaData().KeyValueMetadata()
	keys, values := kv.Keys(), kv.Values()
	for i, k := range keys {
		if k != sealKey {
			meta = append(meta, KeyValue{k, values[i]})
		}
	}
	return meta
}

// Read reads column i of a row group into c, whose memory it reuses. Strings
// are copies. All of it stays on the caller's goroutine, where a panic of the
// library on damaged data can be caught.
func (r *Reader) Read(group, i int, c *Column) (err error) {
	defer guard(&err)
	c.Reset()
	c.Field = r.fields[i]
	rg := r.r.RowGroup(group)
	rows := int(rg.NumRows())
	chunk, err := rg.MetaData().ColumnChunk(i)
	if err != nil {
		return err
	}
	if size := chunk.TotalCompressedSize(); size < 0 || size > r.size || chunk.NumValues() != int64(rows) {
		return fmt.Errorf("column %q does not fit the file", c.Name)
	}
	var valid []int16
	if !c.Required {
		c.Valid = resize(c.Valid, rows)
		valid = c.Valid
		if allNull(chunk, rows) {
			clear(valid)
			return nil
		}
	}
	cr, err := rg.Column(i)
	if err != nil {
		return fmt.Errorf("column %q: %w", c.Name, err)
	}
	levels, values, err := c.fill(cr, rows, valid)
	if err == nil && (levels != int64(rows) || c.Required && values != rows) {
		err = fmt.Errorf("it has %d rows of %d", levels, rows)
	}
	for _, v := range valid {
		values -= int(v)
	}
	if err == nil && !c.Required && values != 0 {
		err = fmt.Errorf("it has %d values too many or too few", values)
	}
	if err != nil {
		return fmt.Errorf("column %q: %w", c.Name, err)
	}
	return nil
}

// allNull reports whether the statistics say that no row has a value, so that
// there is nothing to decode.
func allNull(chunk *metadata.ColumnChunkMetaData, rows int) bool {
	stats, err := chunk.Statistics()
	return err == nil && stats != nil && stats.HasNullCount() && stats.NullCount() == int64(rows)
}

// fill reads rows values and their levels.
func (c *Column) fill(cr file.ColumnChunkReader, rows int, valid []int16) (levels int64, values int, err error) {
	n := int64(rows)
	switch cr := cr.(type) {
	case *file.BooleanColumnChunkReader:
		c.Bools = resize(c.Bools, rows)
		levels, values, err = cr.ReadBatch(n, c.Bools, valid, nil)
		c.Bools = c.Bools[:values]
	case *file.Int64ColumnChunkReader:
		c.Ints = resize(c.Ints, rows)
		levels, values, err = cr.ReadBatch(n, c.Ints, valid, nil)
		c.Ints = c.Ints[:values]
	case *file.Float64ColumnChunkReader:
		c.Floats = resize(c.Floats, rows)
		levels, values, err = cr.ReadBatch(n, c.Floats, valid, nil)
		c.Floats = c.Floats[:values]
	case *file.ByteArrayColumnChunkReader:
		raw := make([]parquet.ByteArray, rows)
		levels, values, err = cr.ReadBatch(n, raw, valid, nil)
		c.Strings = resize(c.Strings, 0)
		last := ""
		for _, b := range raw[:values] {
			if string(b) != last { // rows of one cell repeat its values
				last = string(b)
			}
			c.Strings = append(c.Strings, last)
		}
	default:
		err = fmt.Errorf("no reader for %T", cr)
	}
	return levels, values, err
}

// resize is s with n elements, whatever they are.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
