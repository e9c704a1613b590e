package results

import (
	"errors"
	"fmt"
	"io"
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
	size       int64 // in bytes
	table      *table
	metadata   []KeyValue
	generation int64
	compaction *compaction // compaction that wrote it; nil in version 0.1.0
}

// openTable opens a Parquet file and checks that it holds the table that its name
// implies.
func openTable(fsys disk.FS, path string, t *table) (*tableReader, error) {
	return openWith(columnar.Open, fsys, path, t)
}

// openFooter opens a Parquet file whose rows are not read.
func openFooter(fsys disk.FS, path string, t *table) (*tableReader, error) {
	return openWith(columnar.OpenFooter, fsys, path, t)
}

// An opener checks a file and opens it.
type opener func(f io.ReaderAt, size int64) (*columnar.Reader, error)

func openWith(open opener, fsys disk.FS, path string, t *table) (*tableReader, error) {
	f, err := fsys.Open(path)
	if errors.Is(err, disk.ErrIrregular) {
		return nil, refuse(path, disk.ErrIrregular)
	}
	if err != nil {
		return nil, err
	}
	r, err := readTable(open, f, path, t)
	if err != nil {
		f.Close()
		return nil, refuse(path, err)
	}
	return r, nil
}

func readTable(open opener, f disk.ReadFile, path string, t *table) (*tableReader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	cr, err := open(f, info.Size())
	if err != nil {
		return nil, err
	}
	r := &tableReader{Reader: cr, path: path, file: f, size: info.Size(), table: t}
	for _, kv := range cr.Metadata() {
		r.metadata = append(r.metadata, KeyValue(kv))
	}
	meta := Provenance(r.metadata)
	if _, err := checkVersion(meta.Get(keySchema), SchemaVersion); err != nil {
		return nil, err
	}
	if name := meta.Get(keyTable); name != t.file {
		return nil, fmt.Errorf("%w: it holds the rows of %q, not of %q", columnar.ErrForeign, name, t.file)
	}
	if r.generation, err = strconv.ParseInt(meta.Get(keyGeneration), 10, 64); err != nil {
		return nil, fmt.Errorf("%w: its generation is not a number", columnar.ErrForeign)
	}
	if r.compaction, err = parseCompaction(meta.Get(keyCompaction)); err != nil {
		return nil, err
	}
	for _, c := range t.headings(nil) {
		i, ok := r.Index(c.Name)
		switch {
		case !ok && c.Required:
			return nil, fmt.Errorf("column %q is missing", c.Name)
		case ok && (r.Fields()[i].Type != c.Type || r.Fields()[i].Required != c.Required):
			return nil, fmt.Errorf("column %q is of type %v, not %v, or is null although it must not be", c.Name, r.Fields()[i].Type, c.Type)
		}
	}
	return r, nil
}

// Limits on how many runs, measurements and fields may be read from a file.
// Each has an id or a number, which takes more than 4 bytes.
const freeRows, bytesPerRow = 64 << 10, 4

// holds reports more runs, measurements or fields than the file's bytes can
// represent, before memory is allocated for them.
func (t *tableReader) holds(n int) error {
	if int64(n) > freeRows+t.size/bytesPerRow {
		return fmt.Errorf("it has more than %d rows in %d bytes", n, t.size)
	}
	return nil
}

func (t *tableReader) Close() { t.file.Close() } // read only, so nothing can be lost

// A rowGroup holds columns of a row group by name.
type rowGroup struct {
	rows    int
	names   []string
	columns map[string]*columnar.Column
}

// each calls f with the named columns of every row group; missing columns are
// empty. The columns are valid until f returns.
func (t *tableReader) each(names []string, f func(*rowGroup) error) error {
	g := &rowGroup{names: names, columns: map[string]*columnar.Column{}}
	for _, name := range names {
		g.columns[name] = new(columnar.Column)
	}
	for i := range t.Groups() {
		g.rows = t.GroupRows(i)
		if err := t.group(i, g); err != nil {
			return refuse(t.path, err)
		}
		if err := f(g); err != nil {
			return refuse(t.path, err)
		}
	}
	return nil
}

func (t *tableReader) group(i int, g *rowGroup) error {
	for _, name := range g.names {
		c := g.columns[name]
		at, ok := t.Index(name)
		if !ok {
			c.Reset()
			c.Valid = make([]int16, g.rows)
			continue
		}
		if err := t.Read(i, at, c); err != nil {
			return err
		}
	}
	return nil
}

// values calls f with the value of each row in the named column.
func (g *rowGroup) values(name string, f func(row int, v param.Value)) {
	c, next := g.columns[name], 0
	for row := range g.rows {
		var v param.Value
		if c.Required || c.Valid[row] == 1 {
			v = valueAt(c, next)
			next++
		}
		f(row, v)
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

// parameters returns the names of the file's columns that its table does not declare.
// They are parameters.
func (t *tableReader) parameters() (names []string) {
	if t == nil {
		return nil
	}
	declared := map[string]bool{}
	for _, h := range t.table.headings(nil) {
		declared[h.Name] = true
	}
	for _, f := range t.Fields() {
		if !declared[f.Name] {
			names = append(names, f.Name)
		}
	}
	return names
}

// names returns the names of the table's columns, including parameters. A missing file
// has none.
func (t *tableReader) names() []string {
	if t == nil {
		return nil
	}
	names := t.parameters()
	for _, h := range t.table.headings(nil) {
		names = append(names, h.Name)
	}
	return names
}

// takeParams appends the parameters in the named columns to those of the rows.
func takeParams(g *rowGroup, names []string, at func(row int) *[]Param) {
	for _, name := range names {
		g.values(name, func(row int, v param.Value) {
			if params := at(row); params != nil && !v.IsNull() {
				*params = append(*params, Param{name, v})
			}
		})
	}
}
