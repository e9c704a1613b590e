package results

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

const conflictsDir = "conflicts"

// compact rewrites the Parquet files to include what the journal holds.
func (d *Dir) compact(l *lease.Lock) error {
	snap, err := readLocked(d.fsys, d.path)
	if err != nil {
		return err
	}
	d.watcher.RemoveTemps(journalDir)
	if len(snap.chunks) == 0 && snap.generation > 0 && !snap.mixed {
		return nil
	}
	m := newMerger()
	snap.merge(m)
	s := m.set(d.options.Columns)
	if err := d.replace(l, s, d.footer(snap)); err != nil {
		return err
	}
	if len(s.Conflicts) == 0 {
		return d.removeChunks(snap.chunks)
	}
	if err := d.setAside(s.Conflicts); err != nil {
		return err
	}
	if err := d.removeChunks(snap.chunks); err != nil {
		return err
	}
	return &ConflictError{s.Conflicts}
}

// footer returns the footer of the generation after the snapshot's. If this program was
// given no suite or provenance, those of the files stay.
func (d *Dir) footer(snap *snapshot) footer {
	f := footer{generation: snap.generation + 1, suite: d.options.Suite, provenance: d.options.Provenance, replaced: snap.writers}
	f.compaction = &compaction{ID: newCompactionID()}
	for _, c := range snap.chunks {
		f.compaction.Journal = append(f.compaction.Journal, filepath.Base(c.path))
	}
	if f.suite == "" {
		f.suite = snap.suite
	}
	if f.provenance == nil {
		f.provenance = snap.provenance
	}
	return f
}

// setAside moves the journal files that hold the second of two results to the
// folder of conflicts.
func (d *Dir) setAside(conflicts []Conflict) error {
	dir := filepath.Join(d.path, conflictsDir)
	if err := disk.MkdirAll(d.fsys, dir); err != nil {
		return err
	}
	var moved []string
	for _, c := range conflicts {
		if filepath.Base(filepath.Dir(c.Second)) != journalDir || slices.Contains(moved, c.Second) {
			continue
		}
		moved = append(moved, c.Second)
		if err := d.fsys.Rename(c.Second, filepath.Join(dir, filepath.Base(c.Second))); err != nil {
			return err
		}
	}
	return disk.SyncDir(d.fsys, dir)
}

// remove rewrites the Parquet files without some cells.
func (d *Dir) remove(l *lease.Lock, cells []string) error {
	snap, err := readLocked(d.fsys, d.path)
	if err != nil {
		return err
	}
	m := newMerger()
	snap.merge(m)
	s := m.set(d.options.Columns)
	gone := map[string]bool{}
	for _, id := range cells {
		gone[id] = true
	}
	s.Runs = slices.DeleteFunc(s.Runs, func(r Run) bool { return gone[r.ID] })
	f := d.footer(snap)
	f.compaction.Removes = true
	return d.replace(l, s, f)
}

// A file of a compaction, to be written.
type output struct {
	rows   int64
	encode func(io.Writer, *Set, footer) error
}

// outputs returns what replace writes of a set. Empty files are left out unless
// they replace one.
func (d *Dir) outputs(s *Set) (map[*table]output, error) {
	points, measured, drawn := int64(0), int64(0), int64(0)
	for i := range s.Runs {
		points += int64(len(s.Runs[i].Curve))
		measured += int64(len(s.Runs[i].Variance))
	}
	for _, in := range s.Instances {
		for _, field := range in.Fields {
			drawn += int64(field.len())
		}
	}
	all := map[*table]output{
		curvesTable:    {points, encodeCurves},
		timingTable:    {int64(len(s.Runs)), encodeTiming},
		varianceTable:  {measured, encodeVariance},
		instancesTable: {drawn, encodeInstances},
		runsTable:      {int64(len(s.Runs)), encodeRuns},
	}
	for _, t := range []*table{varianceTable, instancesTable} {
		_, err := d.fsys.Stat(filepath.Join(d.path, t.file))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil && all[t].rows == 0 {
			delete(all, t)
		}
	}
	return all, nil
}

// replace writes the Parquet files and then renames them, in the order of the
// compaction.
func (d *Dir) replace(l *lease.Lock, s *Set, f footer) error {
	all, err := d.outputs(s)
	if err != nil {
		return err
	}
	f.variance = all[varianceTable].rows
	f.compaction.Files = map[string]sister{}
	for t, out := range all {
		f.compaction.Files[t.file] = sister{out.rows, f.replaced[t.file]}
	}
	var temps []*disk.Temp
	defer func() {
		for _, t := range temps {
			t.Discard()
		}
	}()
	for _, t := range f.compaction.order() {
		out, ok := all[t]
		if !ok {
			continue
		}
		temp, err := disk.Prepare(d.fsys, filepath.Join(d.path, t.file), func(w io.Writer) error { return out.encode(w, s, f) })
		if err != nil {
			return err
		}
		temps = append(temps, temp)
		if err := wrote(d.fsys, temp.Path, t, out.rows); err != nil {
			return err
		}
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
		if f.compaction.Removes || len(temps) <= 1 { // before and after the file that counts
			if err := disk.SyncDir(d.fsys, d.path); err != nil {
				return err
			}
		}
	}
	return nil
}

// join rewrites the small files of the journal as one. It first finishes a
// compaction that was cut short, because that names the files it took in.
func (d *Dir) join(l *lease.Lock) error {
	chunks, err := listChunks(d.fsys, d.path)
	if err != nil {
		return err
	}
	opened, err := openTables(d.fsys, d.path, footers)
	if err != nil {
		return err
	}
	cut, err := opened.vouch(d.path, chunks)
	opened.close()
	if err != nil {
		return err
	}
	if cut {
		return d.compact(l)
	}
	chunks = slices.DeleteFunc(chunks, func(c chunk) bool { return c.size >= largeChunk })
	var all batch
	for _, c := range chunks {
		runs, instances, err := readChunk(d.fsys, c.path)
		if err != nil {
			return err
		}
		all.runs, all.instances = append(all.runs, runs...), append(all.instances, instances...)
	}
	if err := l.Held(); err != nil || len(chunks) < 2 {
		return err
	}
	if err := writeChunk(d.fsys, d.path, all.runs, all.instances); err != nil {
		return err
	}
	return d.removeChunks(chunks)
}
