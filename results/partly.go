package results

import (
	"errors"
	"io/fs"
	"path/filepath"

	"gfnbench/results/disk"
)

// ReadPartly reads as [Read] does but continues past what cannot be read: the set
// holds the rest, and the errors say, file by file, what was left out. A run without
// its curves still has its last evaluation. Nothing of a damaged file is used.
func ReadPartly(dirs ...string) (*Set, []error) {
	m := newMerger()
	var left []error
	var suite string
	var provenance Provenance
	pending := 0
	for i, dir := range dirs {
		snap, errs := readPartly(disk.OS, dir)
		left = append(left, errs...)
		snap.merge(m)
		pending += len(snap.chunks)
		if i == 0 {
			suite, provenance = snap.suite, snap.provenance
		}
	}
	s := m.set(nil)
	s.Suite, s.Provenance, s.Pending, s.Partial = suite, provenance, pending, pending > 0
	return s, left
}

func readPartly(fsys disk.FS, dir string) (*snapshot, []error) {
	whole, whyNot := readDir(fsys, dir, whole)
	if whyNot == nil {
		return whole, nil
	}
	s := newSnapshot(dir)
	if info, statErr := fsys.Stat(dir); statErr != nil || !info.IsDir() {
		return s, []error{whyNot}
	}
	// Read the journal and the tables, and note what cannot be read.
	var left []error
	leave := func(err error) {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			left = append(left, err)
		}
	}
	chunks, err := listChunks(fsys, dir)
	leave(err)
	for _, c := range chunks {
		runs, instances, err := readChunk(fsys, c.path)
		if err != nil {
			leave(err)
			continue
		}
		s.chunks, s.journal = append(s.chunks, c), append(s.journal, batch{runs, instances})
	}
	opened := openedTables{}
	for _, t := range tables {
		r, err := openTable(fsys, filepath.Join(dir, t.file), t)
		if err != nil {
			leave(err)
			continue
		}
		opened[t] = r
	}
	defer opened.close()
	if len(left) == 0 { // a damaged one says nothing
		leave(opened.whole(dir, s.chunks))
	}
	s.tables(opened, leave)
	if b, err := disk.Read(fsys, filepath.Join(dir, suiteFile)); err == nil {
		s.suite = string(b)
	}
	if len(left) == 0 {
		left = append(left, whyNot) // it holds nothing, or keeps changing
	}
	return s, left
}

// whole reports a file that is missing or does not belong to the others.
func (o openedTables) whole(dir string, chunks []chunk) error {
	if _, err := o.vouch(dir, chunks); err != nil {
		return err
	}
	if o[runsTable] != nil && o[curvesTable] == nil {
		return refuse(filepath.Join(dir, curvesFile), errMissing)
	}
	return nil
}

// tables decodes the open tables as far as possible.
func (s *snapshot) tables(o openedTables, leave func(error)) {
	if t := o[instancesTable]; t != nil {
		instances, err := decodeInstances(t)
		if err == nil {
			s.instances = instances
		}
		leave(err)
	}
	r := o[runsTable]
	if r == nil {
		return
	}
	s.suite, s.provenance = Provenance(r.metadata).Get(keySuite), provenanceOf(r.metadata)
	runs, extents, err := decodeRuns(r)
	if err != nil {
		leave(err)
		return
	}
	s.runs = runs
	if c := o[curvesTable]; c != nil {
		if err := decodeCurves(c, s.runs, extents, s.journaled()); err != nil {
			leave(err)
			s.runs, _, _ = decodeRuns(r) // as they were
		}
	}
	if t := o[timingTable]; t != nil {
		leave(decodeTiming(t, s.runs))
	}
	if v := o[varianceTable]; v != nil {
		leave(decodeVariance(v, s.runs, extents, s.journaled()))
	}
}
