package results

import (
	"errors"
	"io/fs"
	"iter"
	"path/filepath"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// content is what the Parquet files of a directory will hold.
type content struct {
	runs              iter.Seq2[*Run, error] // in ascending order of cell id
	instances         []Instance
	columns, measured []Column // parameters of the runs, and of the objectives measured
}

// content returns the content of the set.
func (s *Set) content() *content {
	measured := newUnion(nil)
	for i := range s.Runs {
		for j := range s.Runs[i].Variance {
			measured.add(s.Runs[i].Variance[j].Params)
		}
	}
	runs := func(yield func(*Run, error) bool) {
		for i := range s.Runs {
			if !yield(&s.Runs[i], nil) {
				return
			}
		}
	}
	return &content{runs, s.Instances, s.Columns, measured.columns}
}

// replace writes the Parquet files and then renames them, in the order of the
// compaction.
func (d *Dir) replace(l *lease.Lock, c *content, f footer) error {
	temps, err := d.rewrite(c, f)
	defer func() {
		for _, t := range temps {
			t.Discard()
		}
	}()
	if err != nil {
		return err
	}
	if err := l.Held(); err != nil {
		return err
	}
	for len(temps) > 0 {
		t := temps[0]
		if err := t.Commit(); err != nil {
			return err
		}
		temps = temps[1:]
		if f.compaction.Removes || len(temps) <= 1 { // before and after runs.parquet
			if err := disk.SyncDir(d.fsys, d.path); err != nil {
				return err
			}
		}
	}
	return nil
}

// A rewriting writes the Parquet files of a compaction under temporary names, all at the
// same time and run by run.
type rewriting struct {
	d     *Dir
	c     *content
	files map[*table]*rewritten
}

type rewritten struct {
	draft *disk.Draft
	rows  *tableWriter
}

// rewrite writes the files, in the order of the compaction, and checks what was written.
func (d *Dir) rewrite(c *content, f footer) (temps []*disk.Temp, err error) {
	w := &rewriting{d, c, map[*table]*rewritten{}}
	err = w.write()
	for _, t := range tables {
		if file := w.files[t]; file != nil && err == nil {
			err = file.rows.flush()
		}
	}
	f = w.count(f)
	for _, t := range f.compaction.order() {
		file := w.files[t]
		if file == nil {
			continue
		}
		if err == nil {
			err = file.rows.w.Close(f.pairs(t))
		}
		temp, ferr := file.draft.Finish(err)
		if ferr == nil {
			temps = append(temps, temp)
			ferr = wrote(d.fsys, temp.Path, t, file.rows.w.Rows())
		}
		err = ferr
	}
	return temps, err
}

// count adds the numbers of rows to the footer.
func (w *rewriting) count(f footer) footer {
	f.compaction.Files = map[string]sister{}
	for t, file := range w.files {
		rows := file.rows.w.Rows()
		f.compaction.Files[t.file] = sister{rows, f.replaced[t.file]}
		if t == varianceTable {
			f.variance = rows
		}
	}
	return f
}

// write writes all rows. It leaves out empty files unless they replace one.
func (w *rewriting) write() error {
	for _, t := range tables {
		if t == varianceTable || t == instancesTable {
			_, err := w.d.fsys.Stat(filepath.Join(w.d.path, t.file))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
		}
		if _, err := w.rows(t); err != nil {
			return err
		}
	}
	for r, err := range w.c.runs {
		if err == nil {
			err = w.run(r)
		}
		if err != nil {
			return err
		}
	}
	for i := range w.c.instances {
		for d := range w.c.instances[i].drawn() {
			t, err := w.rows(instancesTable)
			if err == nil {
				err = t.drawn(&d)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// rows returns the writer of a table, and opens it if necessary.
func (w *rewriting) rows(t *table) (*tableWriter, error) {
	if file := w.files[t]; file != nil {
		return file.rows, nil
	}
	var params []Column
	switch t {
	case runsTable, curvesTable:
		params = w.c.columns
	case varianceTable:
		params = w.c.measured
	}
	draft, err := disk.Begin(w.d.fsys, filepath.Join(w.d.path, t.file))
	if err != nil {
		return nil, err
	}
	rows, err := newTableWriter(draft, t, params)
	if err != nil {
		_, err = draft.Finish(err)
		return nil, err
	}
	w.files[t] = &rewritten{draft, rows}
	return rows, nil
}

// run writes the rows of a run.
func (w *rewriting) run(r *Run) error {
	if err := w.files[runsTable].rows.run(r); err != nil {
		return err
	}
	if err := w.files[curvesTable].rows.curve(r); err != nil {
		return err
	}
	if err := w.files[timingTable].rows.timing(r); err != nil || len(r.Variance) == 0 {
		return err
	}
	t, err := w.rows(varianceTable)
	if err != nil {
		return err
	}
	return t.variance(r)
}
