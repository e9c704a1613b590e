package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// Limits on what a file may declare, because its few bytes could represent any
// number of rows. The tables of a sweep have about 150 columns. A curve whose
// 20 metrics never change, and runs that all failed alike, have about 11 values
// per byte.
const (
	maxColumns    = 384
	freeCells     = 4 << 20  // values of a file of any size
	cellsPerByte  = 24       // values for each byte of a file
	freeText      = 64 << 20 // bytes of text in a file of any size
	textPerByte   = 256      // bytes of text for each byte of a file
	bytesPerValue = 24       // of a number, over its pages: dictionary, index, value, levels
	maxText       = 1 << 30  // bytes of a column's text in a group, written out
)

// readFooter reads the footer of a file whose seal matches. The library trusts
// the declared sizes of lists and nests as deep as they do, so the structure is
// walked first.
func readFooter(f io.ReaderAt, size int64) (*metadata.FileMetaData, error) {
	var tail [trailer]byte
	if _, err := f.ReadAt(tail[:], size-trailer); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if length > maxFooter || length > size-trailer {
		return nil, fmt.Errorf("%w: its footer does not fit", ErrAltered)
	}
	footer := make([]byte, length)
	if _, err := f.ReadAt(footer, size-trailer-length); err != nil {
		return nil, err
	}
	if err := walkFooter(footer); err != nil {
		return nil, err
	}
	return metadata.NewFileMetaData(footer, nil)
}

// walkFooter reports a footer whose lists do not fit in it, or whose schema is
// not flat.
func walkFooter(footer []byte) error {
	const schemaField, childrenField = 2, 5
	t := &thriftReader{b: footer}
	nested, columns := false, 0
	t.fields(func(id int16, kind byte) {
		if id != schemaField || kind != thriftList {
			t.skip(kind, 1)
			return
		}
		t.list(func(i int, kind byte) {
			if kind != thriftStruct {
				t.fail()
				return
			}
			columns = i
			t.fields(func(id int16, kind byte) {
				nested = nested || i > 0 && id == childrenField
				t.skip(kind, 3)
			})
		})
	})
	switch {
	case t.err != nil:
		return t.err
	case nested:
		return errors.New("its columns are not flat")
	case columns > maxColumns:
		return fmt.Errorf("it has %d columns, more than %d", columns, maxColumns)
	}
	return nil
}

// checkSizes checks what the row groups declare against each other and against
// the size of the file.
func (r *Reader) checkSizes() error {
	rows, cells, compressed, text := int64(0), int64(0), int64(0), int64(0)
	for g, group := range r.meta.RowGroups {
		n := group.GetNumRows()
		if n <= 0 || n > MaxGroup {
			return fmt.Errorf("row group %d has %d rows, not 1 to %d", g, n, MaxGroup)
		}
		if n := len(group.GetColumns()); n != len(r.fields) {
			return fmt.Errorf("row group %d has %d columns, not %d", g, n, len(r.fields))
		}
		rows += n
		for i, f := range r.fields {
			chunk, err := r.chunk(g, i)
			if err != nil {
				return fmt.Errorf("row group %d, column %q: %w", g, f.Name, err)
			}
			cells += n - chunk.nulls
			compressed += chunk.compressed
			if f.Type == String {
				text += chunk.uncompressed
			}
		}
	}
	switch {
	case rows != r.meta.NumRows:
		return fmt.Errorf("it has %d rows in its groups and %d in its footer", rows, r.meta.NumRows)
	case compressed > r.size:
		return fmt.Errorf("its columns take %d bytes in a file of %d", compressed, r.size)
	case cells > freeCells+cellsPerByte*r.size || text > freeText+textPerByte*r.size:
		return fmt.Errorf("it declares %d values and %d bytes of text, more than a file of %d bytes can hold", cells, text, r.size)
	}
	return nil
}

// A chunk is what the footer says about one column in one row group.
type chunk struct {
	start, compressed   int64 // where its pages are
	rows, nulls         int64
	uncompressed, codec int64
}

func (r *Reader) chunk(group, i int) (chunk, error) {
	g := r.meta.RowGroups[group]
	m := g.GetColumns()[i].GetMetaData()
	if m == nil {
		return chunk{}, errors.New("it has no metadata")
	}
	c := chunk{
		start: m.GetDataPageOffset(), compressed: m.GetTotalCompressedSize(),
		rows: m.GetNumValues(), uncompressed: m.GetTotalUncompressedSize(), codec: int64(m.GetCodec()),
	}
	if m.IsSetDictionaryPageOffset() {
		c.start = min(c.start, m.GetDictionaryPageOffset())
	}
	if s := m.GetStatistics(); s != nil && s.IsSetNullCount() && !r.fields[i].Required {
		c.nulls = s.GetNullCount()
	}
	switch limit := bytesPerValue*c.rows + 1<<10; {
	case c.start < 0 || c.compressed < 0 || c.start > r.size || c.compressed > r.size-c.start:
		return c, errors.New("its pages are not in the file")
	case c.rows != g.GetNumRows() || c.nulls < 0 || c.nulls > c.rows:
		return c, fmt.Errorf("it has %d rows, %d of them null, in a group of %d", c.rows, c.nulls, g.GetNumRows())
	case c.uncompressed < 0 || r.fields[i].Type != String && c.uncompressed > limit:
		return c, fmt.Errorf("%d values take %d bytes", c.rows, c.uncompressed)
	}
	return c, nil
}
