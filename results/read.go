package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gfnbench/results/columnar"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// Read merges what the sweep directories hold, including their journals, and files written by
// [WriteMerged]. A sweep may be writing to them meanwhile. The error is a *[RefusedError] if a file
// is truncated, altered, foreign or from a newer schema, and wraps [fs.ErrNotExist] if a directory
// is missing or holds no results.
func Read(dirs ...string) (*Set, error) { return read(disk.OS, whole, dirs) }

// ReadFinal is like Read, but faster and without the curves and variance rows: the Curve
// of each run holds only its last evaluation, whose Step may be the run's.
func ReadFinal(dirs ...string) (*Set, error) { return read(disk.OS, finals, dirs) }

// ReadSuite returns the text of a sweep directory's suite.toml, or of the suite in a
// file written by [WriteMerged].
func ReadSuite(dir string) (string, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		t, err := openTable(disk.OS, dir, mergedTable)
		if err != nil {
			return "", err
		}
		defer t.Close()
		return Provenance(t.metadata).Get(keySuite), nil
	}
	b, err := disk.Read(disk.OS, filepath.Join(dir, suiteFile))
	return string(b), err
}

// RecordedSuites returns the texts of the suite in the Parquet files of a sweep
// directory, as far as these can be read.
func RecordedSuites(dir string) (texts []string) {
	for _, t := range tables {
		r, err := openTable(disk.OS, filepath.Join(dir, t.file), t)
		if err != nil {
			continue // another file has it
		}
		texts = append(texts, Provenance(r.metadata).Get(keySuite))
		r.Close()
	}
	return texts
}

func read(fsys disk.FS, d depth, dirs []string) (*Set, error) {
	m := newMerger()
	var suite string
	var provenance Provenance
	pending := 0
	for i, dir := range dirs {
		snap, err := readDir(fsys, dir, d)
		if err != nil {
			return nil, err
		}
		snap.merge(m)
		pending += len(snap.chunks)
		if i == 0 {
			suite, provenance = snap.suite, snap.provenance
		}
	}
	s := m.set(nil)
	s.Suite, s.Provenance, s.Pending, s.Partial = suite, provenance, pending, pending > 0
	return s, nil
}

// A snapshot is what a directory held at one moment.
type snapshot struct {
	dir        string
	file       string // file that the runs come from: runs.parquet, or a merged file
	chunks     []chunk
	journal    []batch // one per chunk
	runs       []Run   // of the Parquet files
	instances  []Instance
	generation int64             // highest of the Parquet files; 0 if there are none
	writers    map[string]string // which compaction wrote each of them
	mixed      bool              // they come from several compactions: one was cut short
	suite      string
	provenance Provenance
}

func newSnapshot(dir string) *snapshot {
	return &snapshot{dir: dir, file: filepath.Join(dir, runsFile)}
}

type batch struct {
	runs      []Run
	instances []Instance
}

// merge adds the snapshot to m, starting with the Parquet files, which are
// older.
func (s *snapshot) merge(m *merger) {
	m.grow(len(s.runs))
	for _, r := range s.runs {
		m.add(r, s.file)
	}
	for i, b := range s.journal {
		for _, r := range b.runs {
			m.add(r, s.chunks[i].path)
		}
	}
	s.mergeInstances(m)
}

// mergeInstances adds the snapshot's instances to m.
func (s *snapshot) mergeInstances(m *merger) {
	for _, in := range s.instances {
		m.addInstance(in, filepath.Join(s.dir, instancesFile))
	}
	for i, b := range s.journal {
		for _, in := range b.instances {
			m.addInstance(in, s.chunks[i].path)
		}
	}
}

// errChanging says that the directory changed while it was read.
var errChanging = errors.New("the directory keeps changing while it is read")

// readDir reads a whole directory or, if dir is a file, a merged file.
func readDir(fsys disk.FS, dir string, d depth) (*snapshot, error) {
	if merged, err := isMerged(fsys, dir); err != nil {
		return nil, err
	} else if merged {
		return readMerged(fsys, dir, d)
	}
	return settle(fsys, dir, func(settled bool) (*snapshot, error) { return readOnce(fsys, dir, d, settled) })
}

// isMerged reports whether the path is a file and not a directory.
func isMerged(fsys disk.FS, path string) (bool, error) {
	info, err := fsys.Stat(path)
	return err == nil && !info.IsDir(), err
}

// settle calls once to read a directory, and calls it again if a compaction changes the
// directory meanwhile. It accepts that a file does not belong with the others only after
// seeing that twice while no process compacted.
func settle[T any](fsys disk.FS, dir string, once func(settled bool) (T, error)) (T, error) {
	deadline := time.Now().Add(10 * time.Second)
	settled, watcher, before := false, lease.Watch(fsys, dir, 0), ""
	for wait := 5 * time.Millisecond; ; wait *= 2 {
		s, err := once(settled)
		again := errors.Is(err, errChanging)
		if errors.Is(err, errApart) || errors.Is(err, errMissing) {
			again = err.Error() != before || compacting(watcher)
			before = err.Error()
		}
		if !again || time.Now().After(deadline) {
			return s, err
		}
		if settled = wait > 300*time.Millisecond || !compacting(watcher); !settled {
			time.Sleep(wait)
		}
	}
}

// readLocked reads a directory that no other process is compacting.
func readLocked(fsys disk.FS, dir string) (*snapshot, error) { return readOnce(fsys, dir, whole, true) }

// readOnce reads everything that the depth includes into memory.
func readOnce(fsys disk.FS, dir string, d depth, settled bool) (*snapshot, error) {
	var journal []batch
	s, tables, err := openOnce(fsys, dir, d, settled, func(_ chunk, b batch) error {
		for i := range b.runs {
			d.trim(&b.runs[i])
		}
		journal = append(journal, b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	defer tables.close()
	s.journal = journal
	return s, s.parquet(tables, d)
}

// openOnce reads the journal, chunk by chunk, and then opens the Parquet files, so
// it sees what is compacted in between at least once. Parquet files of several
// compactions mean that one is running or was cut short. In the latter case
// (settled) they are good as they are, because every cell whose rows differ between
// them is also in the journal.
func openOnce(fsys disk.FS, dir string, d depth, settled bool, journal func(chunk, batch) error) (*snapshot, openedTables, error) {
	s := newSnapshot(dir)
	var err error
	if s.chunks, err = listChunks(fsys, dir); err != nil {
		return nil, nil, err
	}
	for _, c := range s.chunks {
		runs, instances, err := readChunk(fsys, c.path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("%w: %w", errChanging, err)
		}
		if err == nil {
			err = journal(c, batch{runs, instances})
		}
		if err != nil {
			return nil, nil, err
		}
	}
	tables, err := openTables(fsys, dir, d)
	if err != nil {
		return nil, nil, err
	}
	s.mixed, err = tables.vouch(dir, s.chunks)
	if (s.mixed || err != nil) && !settled {
		err = errors.Join(errChanging, err)
	}
	if err == nil {
		err = s.describe(fsys, tables)
	}
	if err != nil {
		tables.close()
		return nil, nil, err
	}
	return s, tables, nil
}

// describe reads everything about a directory except its rows.
func (s *snapshot) describe(fsys disk.FS, o openedTables) error {
	s.generation, s.writers = o.generation(), o.writers()
	if r := o[runsTable]; r != nil {
		s.provenance, s.suite = provenanceOf(r.metadata), Provenance(r.metadata).Get(keySuite)
	}
	if b, err := disk.Read(fsys, filepath.Join(s.dir, suiteFile)); err == nil {
		s.suite = string(b)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.check(fsys)
}

// openTables opens the Parquet files that exist.
func openTables(fsys disk.FS, dir string, d depth) (openedTables, error) {
	opened := openedTables{}
	for _, t := range tables {
		open := openTable
		if d == footers || d == states && t != runsTable && t != timingTable {
			open = openFooter
		}
		r, err := open(fsys, filepath.Join(dir, t.file), t)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			opened.close()
			return nil, err
		}
		opened[t] = r
	}
	return opened, nil
}

type openedTables map[*table]*tableReader

func (o openedTables) close() {
	for _, r := range o {
		r.Close()
	}
}

func (o openedTables) generation() (g int64) {
	for _, r := range o {
		g = max(g, r.generation)
	}
	return g
}

// parquet reads the Parquet files.
func (s *snapshot) parquet(o openedTables, d depth) error {
	if d == states {
		return s.states(o)
	}
	var err error
	if s.instances, err = decodeInstances(o[instancesTable]); err != nil {
		return err
	}
	r := o[runsTable]
	if r == nil || d == whole {
		err = s.lacks(o)
	}
	if r == nil || err != nil {
		return err
	}
	var extents []extent
	if s.runs, extents, err = decodeRuns(r); err != nil {
		return err
	}
	if t := o[timingTable]; t != nil {
		if err := decodeTiming(t, s.runs); err != nil {
			return err
		}
	}
	if d == finals {
		return nil
	}
	if err := decodeCurves(o[curvesTable], s.runs, extents, s.journaled()); err != nil {
		return err
	}
	if v := o[varianceTable]; v != nil {
		return decodeVariance(v, s.runs, extents, s.journaled())
	}
	return nil
}

// lacks reports a missing Parquet file without which the others cannot be understood.
func (s *snapshot) lacks(o openedTables) error {
	r := o[runsTable]
	missing := ""
	switch {
	case r == nil && o[curvesTable] != nil && len(s.chunks) == 0:
		missing = runsFile
	case r == nil:
	case o[curvesTable] == nil:
		missing = curvesFile
	case o[varianceTable] == nil && Provenance(r.metadata).Get(keyVariance) != "0":
		missing = varianceFile
	}
	if missing == "" {
		return nil
	}
	return refuse(filepath.Join(s.dir, missing), errMissing)
}

// journaled returns the cells in the journal: a compaction that was cut short may
// have written their curves but not yet their runs.
func (s *snapshot) journaled() map[string]bool {
	cells := map[string]bool{}
	for _, b := range s.journal {
		for _, r := range b.runs {
			cells[r.ID] = true
		}
	}
	return cells
}

var errMissing = errors.New("it is missing although the files beside it are there")

// check reports a directory that holds no results at all.
func (s *snapshot) check(fsys disk.FS) error {
	if s.generation > 0 || len(s.chunks) > 0 {
		return nil
	}
	if _, err := fsys.Stat(filepath.Join(s.dir, journalDir)); err != nil {
		return fmt.Errorf("%s holds no results: %w", s.dir, err)
	}
	return nil
}

// wrote reports whether a file that was just written can be read and has that
// many rows.
func wrote(fsys disk.FS, path string, t *table, rows int64) error {
	r, err := openTable(fsys, path, t)
	if err != nil {
		return err
	}
	defer r.Close()
	if r.Rows() != rows {
		return refuse(path, fmt.Errorf("%w: it has %d rows, not the %d written", columnar.ErrAltered, r.Rows(), rows))
	}
	return nil
}
