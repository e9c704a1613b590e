package results

import (
	"fmt"
	"strconv"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// A tableReader is an open Parquet file of a sweep directory.
type tableReader struct {
	*columnar.Reader
	path       string
	file       disk.ReadFile
	size       int64 // bytes
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
	r := &tableReader{Reader: cr, path: path, file: f, size: info.Size(), table: t}
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

// What runs, measurements and fields may be read of a file: each of them has an
// id or a number of its own, which takes more than 4 bytes.
const freeRows, bytesPerRow = 64 << 10, 4

// holds reports more runs, measurements or fields than the file's bytes can
// stand for, before memory is taken for them.
func (t *tableReader) holds(n int) error {
	if int64(n) > freeRows+t.size/bytesPerRow {
		return fmt.Errorf("it has more than %d rows in %d bytes", n, t.size)
	}
	return nil
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
func values(c *columnar.Column, rows int, f func(row int, v param.Value)) {
	next := 0
	for row := range rows {
		if !c.Required && c.Valid[row] == 0 {
			continue
		}
		f(row, valueAt(c, next))
		next++
	}
}

func valueAt(c *columnar.Column, i int) param.Value {
	switch c.Type {
	case columnar.Bool:
		return param.Of(c.Bools[i])
	case columnar.Float64:
		return param.OfFloat(c.Floats[i])
	case columnar.String:
		return param.Of(c.Strings[i])
	}
	return param.Of(c.Ints[i])
}
