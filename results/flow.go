package results

import (
	"iter"
	"os"
	"path/filepath"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// A flow is a directory or a merged file opened for reading run by run. However many runs
// there are, memory holds only one row group of each file and the places of the journal's
// runs.
type flow struct {
	snap    *snapshot // without runs
	tables  openedTables
	journal *spill
	drawn   []batch // instances from the journal, without its runs

	columns  *union // of the runs' parameters
	measured *union // of the parameters of measured objectives
}

// openFlow opens a directory or a merged file.
func openFlow(fsys disk.FS, dir string, room space) (*flow, error) {
	merged, err := isMerged(fsys, dir)
	if err != nil {
		return nil, err
	}
	if merged {
		return mergedFlow(fsys, dir, room)
	}
	return settle(fsys, dir, func(settled bool) (*flow, error) { return flowOnce(fsys, dir, room, settled) })
}

func newFlow(fsys disk.FS, room space) *flow {
	return &flow{journal: newSpill(fsys, room), columns: newUnion(nil), measured: newUnion(nil)}
}

func flowOnce(fsys disk.FS, dir string, room space, settled bool) (f *flow, err error) {
	f = newFlow(fsys, room)
	f.snap, f.tables, err = openOnce(fsys, dir, whole, settled, func(c chunk, b batch) error {
		f.drawn = append(f.drawn, batch{instances: b.instances})
		return f.put(b.runs, c.path)
	})
	if err == nil {
		err = f.snap.lacks(f.tables)
	}
	if err == nil {
		f.snap.journal = f.drawn
		f.snap.instances, err = decodeInstances(f.tables[instancesTable])
	}
	if err == nil {
		err = f.journal.sort()
	}
	if err != nil {
		f.close()
		return nil, err
	}
	f.columns.join(f.tables[runsTable].given())
	f.measured.join(f.tables[varianceTable].given())
	return f, nil
}

// mergedFlow opens a merged file, whose runs are in any order.
func mergedFlow(fsys disk.FS, path string, room space) (f *flow, err error) {
	f = newFlow(fsys, room)
	t, err := openTable(fsys, path, mergedTable)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	f.snap = describeMerged(t)
	if err = eachMerged(t, func(r *Run) error { return f.put([]Run{*r}, path) }); err == nil {
		err = f.journal.sort()
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// put keeps runs of the journal or of a merged file.
func (f *flow) put(runs []Run, path string) error {
	for i := range runs {
		f.columns.add(runs[i].Params)
		for j := range runs[i].Variance {
			f.measured.add(runs[i].Variance[j].Params)
		}
	}
	return f.journal.add(runs, path)
}

// given returns the columns of those parameters that some row of the file has.
func (t *tableReader) given() (columns []Column) {
	for _, name := range t.parameters() {
		if i, _ := t.Index(name); !t.Empty(i) {
			columns = append(columns, Column{name, paramTypes[t.Fields()[i].Type]})
		}
	}
	return columns
}

// paramTypes gives the types of parameters by the types of their columns.
var paramTypes = map[columnar.Type]param.Type{
	columnar.Bool: param.Bool, columnar.Int64: param.Int, columnar.Float64: param.Float, columnar.String: param.String,
}

// feeds returns iterators over the runs, the one with the older runs first.
func (f *flow) feeds() []iter.Seq2[sourced, error] {
	if f.tables == nil {
		return []iter.Seq2[sourced, error]{f.journal.runs()}
	}
	return []iter.Seq2[sourced, error]{f.snap.lockstep(f.tables, f.journal), f.journal.runs()}
}

func (f *flow) close() {
	f.journal.close()
	f.tables.close()
}

// inOrder yields the runs of several feeds in ascending order of cell id, one for each
// cell. It calls conflict for any two results that differ.
func inOrder(feeds []iter.Seq2[sourced, error], conflict func(*Conflict)) iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		var heads []*pulled
		defer func() {
			for _, h := range heads {
				h.stop()
			}
		}()
		for _, f := range feeds {
			h := &pulled{}
			h.next, h.stop = iter.Pull2(f)
			heads = append(heads, h)
			if err := h.advance(); err != nil {
				yield(nil, err)
				return
			}
		}
		for {
			run, err := least(heads, conflict)
			if run == nil && err == nil || !yield(run, err) || err != nil {
				return
			}
		}
	}
}

// A pulled is a feed together with its next run.
type pulled struct {
	next func() (sourced, error, bool)
	stop func()
	at   sourced
	more bool
}

func (p *pulled) advance() (err error) {
	p.at, err, p.more = p.next()
	return err
}

// least takes the runs with the smallest id from the feeds and merges them. It returns
// nil if no run is left.
func least(heads []*pulled, conflict func(*Conflict)) (*Run, error) {
	id := ""
	for _, h := range heads {
		if h.more && (id == "" || h.at.run.ID < id) {
			id = h.at.run.ID
		}
	}
	var stands sourced
	for _, h := range heads {
		for h.more && h.at.run.ID == id {
			if stands.run == nil {
				stands = h.at
			} else if c := stands.join(h.at.run, h.at.path); c != nil {
				conflict(c)
			}
			if err := h.advance(); err != nil {
				return nil, err
			}
		}
	}
	return stands.run, nil
}

// Scan reads what [Read] reads but keeps no runs in memory: it calls f with each run, in
// ascending order of cell id, and returns a set without runs. Errors are those of Read
// and of f. The runs of a large journal go through a scratch file in the system's folder
// for temporary files.
func Scan(f func(*Run) error, dirs ...string) (*Set, error) {
	return scan(space{spillAt, os.TempDir()}, f, dirs)
}

func scan(room space, f func(*Run) error, dirs []string) (*Set, error) {
	m, u := newMerger(), newUnion(nil)
	var feeds []iter.Seq2[sourced, error]
	s := &Set{}
	for i, dir := range dirs {
		flow, err := openFlow(disk.OS, dir, room)
		if err != nil {
			return nil, err
		}
		defer flow.close()
		feeds = append(feeds, flow.feeds()...)
		flow.snap.mergeInstances(m)
		u.join(flow.columns.columns)
		if s.Pending += len(flow.snap.chunks); i == 0 {
			s.Suite, s.Provenance = flow.snap.suite, flow.snap.provenance
		}
	}
	for run, err := range inOrder(feeds, func(c *Conflict) { m.conflicts = append(m.conflicts, *c) }) {
		if err == nil {
			err = f(run)
		}
		if err != nil {
			return nil, err
		}
	}
	s.Partial, s.Columns = s.Pending > 0, u.columns
	s.Conflicts, s.Instances = m.conflicts, m.sortedInstances()
	return s, nil
}

// compacted opens the directory for a compaction, during which no other process compacts
// it.
func (d *Dir) compacted() (*flow, error) {
	f, err := flowOnce(d.fsys, d.path, space{d.memory, filepath.Join(d.path, journalDir)}, true)
	if err == nil {
		u := newUnion(d.options.Columns)
		u.join(f.columns.columns)
		f.columns = u
	}
	return f, err
}
