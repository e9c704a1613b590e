package results

import (
	"path/filepath"
	"slices"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

const conflictsDir = "conflicts"

// compact rewrites the Parquet files to include what the journal holds.
func (d *Dir) compact(l *lease.Lock) error {
	flow, err := d.compacted()
	if err != nil {
		return err
	}
	defer flow.close()
	d.watcher.RemoveTemps(journalDir)
	snap := flow.snap
	if len(snap.chunks) == 0 && snap.generation > 0 && !snap.mixed {
		return nil
	}
	conflicts, err := d.renew(l, flow, d.footer(snap), nil)
	if err != nil {
		return err
	}
	if len(conflicts) == 0 {
		return d.removeChunks(snap.chunks)
	}
	if err := d.setAside(conflicts); err != nil {
		return err
	}
	if err := d.removeChunks(snap.chunks); err != nil {
		return err
	}
	return &ConflictError{conflicts}
}

// renew replaces the Parquet files with what the directory holds. edit, which may be nil,
// can change a run; if it returns false, the run is left out.
func (d *Dir) renew(l *lease.Lock, flow *flow, f footer, edit func(*Run) bool) ([]Conflict, error) {
	m := newMerger()
	flow.snap.mergeInstances(m)
	all := inOrder(flow.feeds(), func(c *Conflict) { m.conflicts = append(m.conflicts, *c) })
	runs := func(yield func(*Run, error) bool) {
		for r, err := range all {
			if (err != nil || edit == nil || edit(r)) && !yield(r, err) {
				return
			}
		}
	}
	err := d.replace(l, &content{runs, m.sortedInstances(), flow.columns.columns, flow.measured.columns}, f)
	return m.conflicts, err
}

// footer returns the footer of the generation after the snapshot's. It keeps the suite
// and provenance of the files unless this program was given others.
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
	flow, err := d.compacted()
	if err != nil {
		return err
	}
	defer flow.close()
	without := map[string]bool{}
	for _, id := range cells {
		without[id] = true
	}
	f := d.footer(flow.snap)
	f.compaction.Removes = true
	_, err = d.renew(l, flow, f, func(r *Run) bool { return !without[r.ID] })
	return err
}

// relabel rewrites the Parquet files with new roles for some cells.
func (d *Dir) relabel(l *lease.Lock, roles map[string]string) error {
	flow, err := d.compacted()
	if err != nil {
		return err
	}
	defer flow.close()
	_, err = d.renew(l, flow, d.footer(flow.snap), func(r *Run) bool {
		if role, ok := roles[r.ID]; ok {
			r.SetRole(role)
		}
		return true
	})
	return err
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
