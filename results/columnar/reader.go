package columnar

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// A Reader reads one table. Different columns may be read concurrently.
type Reader struct {
	f      io.ReaderAt
	meta   *metadata.FileMetaData
	fields []Field
	index  map[string]int
	size   int64
}

// Open checks the seal of a file of the given size, which reads it once from
// end to end, and then its footer. The error wraps ErrForeign, ErrTruncated or
// ErrAltered if the file is not as it was written. A file that declares more
// than its bytes can hold is rejected before memory is allocated for it.
func Open(f io.ReaderAt, size int64) (*Reader, error) {
	if err := checkSeal(f, size); err != nil {
		return nil, err
	}
	return open(f, size)
}

// OpenFooter opens a file of which only the footer is needed, and reads no more. It does
// not check the seal, so nothing about the columns can be trusted.
func OpenFooter(f io.ReaderAt, size int64) (*Reader, error) {
	if _, _, err := checkFrame(f, size); err != nil {
		return nil, err
	}
	return open(f, size)
}

func open(f io.ReaderAt, size int64) (r *Reader, err error) {
	defer guard(&err)
	meta, err := readFooter(f, size)
	if err != nil {
		return nil, err
	}
	r = &Reader{f: f, meta: meta, index: map[string]int{}, size: size}
	for i := range meta.Schema.NumColumns() {
		field, err := fieldOf(meta.Schema.Column(i))
		if err != nil {
			return nil, err
		}
		if _, ok := r.index[field.Name]; ok {
			return nil, fmt.Errorf("column %q occurs twice", field.Name)
		}
		r.index[field.Name] = i
		r.fields = append(r.fields, field)
	}
	return r, r.checkSizes()
}

// Fields returns the columns, in order.
func (r *Reader) Fields() []Field { return r.fields }

// Index returns the position of the named column.
func (r *Reader) Index(name string) (i int, ok bool) {
	i, ok = r.index[name]
	return i, ok
}

// Rows returns the number of rows of the table.
func (r *Reader) Rows() int64 { return r.meta.NumRows }

// Groups returns the number of row groups.
func (r *Reader) Groups() int { return len(r.meta.RowGroups) }

// GroupRows returns the number of rows of a group.
func (r *Reader) GroupRows(group int) int { return int(r.meta.RowGroups[group].GetNumRows()) }

// Empty reports whether column i is null in every row.
func (r *Reader) Empty(i int) bool {
	for group := range r.Groups() {
		if c, err := r.chunk(group, i); err != nil || c.nulls < c.rows {
			return false // Read returns the error
		}
	}
	return true
}

// Metadata returns the file's metadata without its seal.
func (r *Reader) Metadata() []KeyValue {
	var meta []KeyValue
	kv := r.meta.KeyValueMetadata()
	keys, values := kv.Keys(), kv.Values()
	for i, k := range keys {
		if k != sealKey {
			meta = append(meta, KeyValue{k, values[i]})
		}
	}
	return meta
}

// Read reads column i of a row group into c, whose memory it reuses.
func (r *Reader) Read(group, i int, c *Column) error {
	c.Reset()
	c.Field = r.fields[i]
	if err := r.read(group, i, c); err != nil {
		return fmt.Errorf("column %q: %w", c.Name, err)
	}
	return nil
}

func (r *Reader) read(group, i int, c *Column) error {
	chunk, err := r.chunk(group, i)
	if err != nil {
		return err
	}
	m := memories.Get().(*memory)
	defer memories.Put(m)
	m.chunk = resize(m.chunk, int(chunk.compressed))
	if n, err := r.f.ReadAt(m.chunk, chunk.start); n < len(m.chunk) {
		return err
	}
	rows := int(chunk.rows)
	c.reserve(rows, rows-int(chunk.nulls))
	pr := &chunkReader{column: c, codec: chunk.codec, room: chunk.uncompressed, memory: m}
	if err := pr.read(m.chunk, rows); err != nil {
		return err
	}
	if got := c.packed(); got > rows-int(chunk.nulls) {
		return fmt.Errorf("it has %d values, not %d", got, rows-int(chunk.nulls))
	}
	return nil
}

// reserve allocates memory for rows and their values.
func (c *Column) reserve(rows, values int) {
	if !c.Required {
		c.Valid = resize(c.Valid, rows)[:0]
	}
	switch c.Type {
	case Bool:
		c.Bools = resize(c.Bools, values)[:0]
	case Float64:
		c.Floats = resize(c.Floats, values)[:0]
	case String:
		c.Strings = resize(c.Strings, values)[:0]
	default:
		c.Ints = resize(c.Ints, values)[:0]
	}
}

// resize returns s with n elements of any value.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
