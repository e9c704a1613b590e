package results

import (
	"io"
	"path/filepath"
	"slices"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

const conflictsDir = "conflicts"

// compact rewrites the Parquet files with what the journal holds.
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
	if err := d.replace(l, s, d.footer(snap), false); err != nil {
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

// footer returns the footer of the generation after the snapshot's. Where this program was
// given no suite or provenance, those of the files stay.
func (d *Dir) footer(snap *snapshot) footer {
	f := footer{generation: snap.generation + 1, suite: d.options.Suite, provenance: d.options.Provenance}
	if f.suite == "" {
		f.suite = snap.suite
	}
	if f.provenance == nil {
		f.provenance = snap.provenance
	}
	return f
}

// setAside moves the journal files with the second of two results to the
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
	if err := d.replace(l, s, d.footer(snap), true); err != nil {
		return err
	}
	return nil
}

// replace writes the Parquet files and then renames them. A reader takes a cell
// to exist if runs.parquet has it, so that file is the last where cells are
// added, and the first where some are removed: a kill in between leaves rows
// of cells that do not exist, never a cell without its rows.
func (d *Dir) replace(l *lease.Lock, s *Set, f footer, removing bool) error {
	points, drawn := int64(0), int64(0)
	for i := range s.Runs {
		points += int64(len(s.Runs[i].Curve))
		f.variance += int64(len(s.Runs[i].Variance))
	}
	for _, in := range s.Instances {
		for _, field := range in.Fields {
			drawn += int64(max(len(field.Numbers), len(field.Texts)))
		}
	}
	plan := []struct {
		t      *table
		rows   int64
		always bool
		encode func(io.Writer, *Set, footer) error
	}{
		{curvesTable, points, true, encodeCurves},
		{timingTable, int64(len(s.Runs)), true, encodeTiming},
		{varianceTable, f.variance, false, encodeVariance},
		{instancesTable, drawn, false, encodeInstances},
		{runsTable, int64(len(s.Runs)), true, encodeRuns},
	}
	if removing {
		plan[0], plan[4] = plan[4], plan[0]
	}
	var temps []*disk.Temp
	defer func() {
		for _, t := range temps {
			t.Discard()
		}
	}()
	for _, p := range plan {
		path := filepath.Join(d.path, p.t.file)
		if _, err := d.fsys.Stat(path); p.rows == 0 && !p.always && err != nil {
			continue
		}
		t, err := disk.Prepare(d.fsys, path, func(w io.Writer) error { return p.encode(w, s, f) })
		if err != nil {
			return err
		}
		temps = append(temps, t)
		if err := wrote(d.fsys, t.Path, p.t, p.rows); err != nil {
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
		if removing || len(temps) <= 1 { // before and after the one that counts
			if err := disk.SyncDir(d.fsys, d.path); err != nil {
				return err
			}
		}
	}
	return nil
}

// join writes the small files of the journal as one.
func (d *Dir) join(l *lease.Lock) error {
	chunks, err := listChunks(d.fsys, d.path)
	if err != nil {
		return err
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
