package columnar

import (
	"bytes"
	"fmt"
	"io"
	"unsafe"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// A Writer writes one table. After an error it must not be used further, and
// what it wrote is not a Parquet file.
type Writer struct {
	sink   *sealer
	w      *file.Writer
	fields []Field
	rows   int64
}

// guard turns a panic of the Parquet library into an error: it panics on some
// write errors, and on damaged input.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the Parquet library panicked: %v", r)
	}
}

// NewWriter starts a table.
func NewWriter(w io.Writer, fields []Field) (tw *Writer, err error) {
	tw = &Writer{sink: newSealer(w), fields: fields}
	defer func() {
		if tw.sink.err != nil {
			err = tw.sink.err // the cause of the panic that guard caught
		}
	}()
	defer guard(&err)
	props := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCreatedBy("gfnbench version 1.0.0 (parquet-go 17.0.0)"),
		parquet.WithMaxRowGroupLength(MaxGroup),
		parquet.WithStats(true),
		// By default the root is written as repeated. Some readers take that literally
		// and find no values.
		parquet.WithRootRepetition(parquet.Repetitions.Required),
	}
	var nodes schema.FieldList
	for _, f := range fields {
		n, err := f.node()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", f.Name, err)
		}
		nodes = append(nodes, n)
		if f.Plain {
			props = append(props, parquet.WithDictionaryFor(f.Name, false))
		}
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		return nil, err
	}
	tw.w = file.NewParquetWriter(tw.sink, root, file.WithWriterProps(parquet.NewWriterProperties(props...)))
	return tw, tw.sink.err
}

// WriteGroup appends the rows of the columns, one column per field, as one row
// group. There may be at most MaxGroup rows; no rows make no group.
func (tw *Writer) WriteGroup(columns []*Column) (err error) {
	defer func() {
		if tw.sink.err != nil {
			err = tw.sink.err
		}
	}()
	defer guard(&err)
	rows := columns[0].Rows()
	if len(columns) != len(tw.fields) || rows > MaxGroup {
		return fmt.Errorf("%d columns of %d rows in a table of %d columns", len(columns), rows, len(tw.fields))
	}
	if rows == 0 {
		return nil
	}
	group := tw.w.AppendRowGroup()
	for i, c := range columns {
		if c.Rows() != rows || c.Field != tw.fields[i] {
			return fmt.Errorf("column %q has %d rows, not %d, or is not column %d", c.Name, c.Rows(), rows, i)
		}
		cw, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := writeColumn(cw, c); err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
		if err := cw.Close(); err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
	}
	tw.rows += int64(rows)
	return group.Close()
}

func writeColumn(cw file.ColumnChunkWriter, c *Column) error {
	var err error
	switch cw := cw.(type) {
	case *file.BooleanColumnChunkWriter:
		_, err = cw.WriteBatch(c.Bools, c.Valid, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = cw.WriteBatch(c.Ints, c.Valid, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = cw.WriteBatch(c.Floats, c.Valid, nil)
	case *file.ByteArrayColumnChunkWriter:
		bytes := make([]parquet.ByteArray, len(c.Strings))
		text := 0
		for i, s := range c.Strings {
			if text += len(s); text > maxText {
				return fmt.Errorf("its texts take more than %d bytes", maxText) // Read would reject them
			}
			bytes[i] = unsafe.Slice(unsafe.StringData(s), len(s)) // read only: saves a copy of each
		}
		_, err = cw.WriteBatch(bytes, c.Valid, nil)
	default:
		err = fmt.Errorf("no writer for %T", cw)
	}
	return err
}

// Rows returns how many rows were written.
func (tw *Writer) Rows() int64 { return tw.rows }

// Close writes the footer with its metadata and its seal. It does not close the
// underlying writer.
func (tw *Writer) Close(meta []KeyValue) (err error) {
	defer func() {
		if tw.sink.err != nil {
			err = tw.sink.err
		}
	}()
	defer guard(&err)
	for _, m := range append(append([]KeyValue{}, meta...), KeyValue{sealKey, string(unsealed)}) {
		if err := tw.w.AppendKeyValueMetadata(m.Key, m.Value); err != nil {
			return err
		}
	}
	tw.sink.footer = new(bytes.Buffer)
	if err := tw.w.Close(); err != nil {
		return err
	}
	return tw.sink.seal()
}
