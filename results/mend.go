package results

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results/columnar"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// damagedDir is the folder of a sweep directory into which [Dir.Mend] moves
// what it removes.
const damagedDir = "damaged"

// Mended says what [Dir.Mend] did.
type Mended struct {
	Wrong []error  // what was wrong, file by file; if empty, nothing was done
	Aside string   // folder that now holds the original files
	Kept  int      // cells whose rows are complete
	Lost  []string // ids of cells whose rows are not; a run trains them again
	Times int      // cells kept whose timing is lost
}

// Mend makes a directory readable in which files are damaged, missing or older
// than those beside them. It keeps every cell whose rows are complete and agree,
// and forgets the others. It sets aside journal files that cannot be read, and
// the Parquet files as they were. It rejects files of a newer version.
func (d *Dir) Mend() (m *Mended, err error) {
	err = d.locked(compactWait, func(l *lease.Lock) error {
		m, err = d.mend(l)
		return err
	})
	return m, err
}

func (d *Dir) mend(l *lease.Lock) (*Mended, error) {
	if _, err := readLocked(d.fsys, d.path); err == nil {
		return &Mended{}, nil
	}
	w := &wreck{dir: d, m: &Mended{Aside: d.aside()}, snap: newSnapshot(d.path)}
	if err := w.salvage(); err != nil {
		return nil, err
	}
	if len(w.m.Wrong) == 0 {
		_, err := readLocked(d.fsys, d.path)
		return nil, err // something that Mend cannot repair
	}
	merged := newMerger()
	w.snap.merge(merged)
	s := merged.set(d.options.Columns)
	w.count(s)
	if err := w.putAside(); err != nil {
		return nil, err
	}
	if err := d.replace(l, s.content(), d.footer(w.snap)); err != nil {
		return nil, err
	}
	if err := d.setAside(s.Conflicts); err != nil {
		return nil, err
	}
	return w.m, d.removeChunks(w.snap.chunks)
}

// A wreck is a directory that is being mended.
type wreck struct {
	dir   *Dir
	m     *Mended
	snap  *snapshot // what is whole
	lost  []string  // cells that are not, as far as the Parquet files know them
	moved []string  // files of the journal that cannot be read
}

// wrong notes what is wrong with a file. It returns the error if mending cannot
// help: the file cannot be read at the moment, or is of a newer version.
func (w *wreck) wrong(err error) error {
	var r *RefusedError
	if errors.Is(err, errNewer) || !errors.As(err, &r) {
		return err
	}
	w.m.Wrong = append(w.m.Wrong, fmt.Errorf("%s: %w", r.Path, r.Err))
	return nil
}

// salvage reads what can be read.
func (w *wreck) salvage() error {
	if err := w.journal(); err != nil {
		return err
	}
	opened := openedTables{}
	defer opened.close()
	for _, t := range tables {
		r, err := openTable(w.dir.fsys, filepath.Join(w.dir.path, t.file), t)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			if err := w.wrong(err); err != nil {
				return err
			}
		default:
			opened[t] = r
		}
	}
	w.snap.generation, w.snap.writers = opened.generation(), opened.writers()
	if b, err := disk.Read(w.dir.fsys, filepath.Join(w.dir.path, suiteFile)); err == nil {
		w.snap.suite = string(b)
	}
	if len(w.m.Wrong) == 0 {
		if _, err := opened.vouch(w.dir.path, w.snap.chunks); err != nil {
			if err := w.wrong(err); err != nil {
				return err
			}
		}
	}
	return w.decode(opened)
}

// journal reads the journal, and notes the files that cannot be read.
func (w *wreck) journal() error {
	folder := filepath.Join(w.dir.path, journalDir)
	entries, err := w.dir.fsys.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		err := refuse(path, fmt.Errorf("%w: it is not a journal file", columnar.ErrForeign))
		var b batch
		if strings.HasSuffix(e.Name(), chunkSuffix) {
			b.runs, b.instances, err = readChunk(w.dir.fsys, path)
		}
		if err == nil {
			w.snap.chunks = append(w.snap.chunks, chunk{path: path})
			w.snap.journal = append(w.snap.journal, b)
			continue
		}
		w.moved = append(w.moved, path)
		if err := w.wrong(err); err != nil {
			return err
		}
	}
	return nil
}

// decode reads the Parquet files that are open.
func (w *wreck) decode(o openedTables) error {
	var runs []Run
	var extents []extent
	var err error
	note := func(e error) {
		if e != nil {
			err = cmp.Or(err, w.wrong(e))
		}
	}
	if t := o[instancesTable]; t != nil {
		instances, e := decodeInstances(t)
		if note(e); e == nil {
			w.snap.instances = instances
		}
	}
	// The runs, and what they say about the other files.
	known := int64(0) // measurements that there should be
	if t := o[runsTable]; t != nil {
		meta := Provenance(t.metadata)
		w.snap.provenance = provenanceOf(t.metadata)
		if meta.Get(keyVariance) != "0" && o[varianceTable] == nil {
			known = -1
			note(refuse(filepath.Join(w.dir.path, varianceFile), errMissing))
		}
		var e error
		if runs, extents, e = decodeRuns(t); e != nil {
			note(e)
			runs, extents = nil, nil
		}
	}
	// The rows of the other files.
	finals := make([]Values, len(runs))
	if t := o[curvesTable]; t != nil {
		filled, e := fillCurves(t, runs)
		if note(e); e == nil {
			finals = filled
		}
		note(w.orphans(t, runs))
	} else if len(runs) > 0 {
		note(refuse(filepath.Join(w.dir.path, curvesFile), errMissing))
		for i := range runs {
			runs[i].Curve = nil
		}
	}
	if t := o[varianceTable]; t != nil {
		note(fillVariance(t, runs))
	}
	if t := o[timingTable]; t != nil {
		note(decodeTiming(t, runs))
	}
	// Keep the runs whose rows are complete.
	for i := range runs {
		r, e := &runs[i], extents[i]
		if r.hasCurve(e, &finals[i]) && r.hasVariance(e) && (e.measurements >= 0 || known >= 0) {
			w.snap.runs = append(w.snap.runs, *r)
		} else {
			w.lost = append(w.lost, r.ID)
		}
	}
	if len(w.lost) > 0 && len(w.m.Wrong) == 0 {
		note(refuse(filepath.Join(w.dir.path, runsFile), fmt.Errorf("%w: of %d cells", errUnlike, len(w.lost))))
	}
	return err
}

var errUnlike = errors.New("the files beside it do not agree with it")

// orphans notes the cells of curves.parquet that runs.parquet does not have.
func (w *wreck) orphans(t *tableReader, runs []Run) error {
	f, last := finder{runs: runs}, ""
	return t.each([]string{"cell"}, func(g *rowGroup) error {
		for _, id := range g.columns["cell"].Strings {
			if id != last && validID(id) && f.find(id) == nil {
				w.lost = append(w.lost, id)
			}
			last = id
		}
		return nil
	})
}

// count compares what is complete with what there was.
func (w *wreck) count(s *Set) {
	w.m.Kept = len(s.Runs)
	for _, id := range w.lost {
		if s.Find(id) == nil {
			w.m.Lost = append(w.m.Lost, id)
		}
	}
	slices.Sort(w.m.Lost)
	w.m.Lost = slices.Compact(w.m.Lost)
	for i := range s.Runs {
		if s.Runs[i].Timing.End.IsZero() {
			w.m.Times++
		}
	}
}

// putAside moves the journal files that cannot be read to the folder of damaged
// files, and gives the Parquet files, which will be replaced, a second name
// there.
func (w *wreck) putAside() error {
	fsys := w.dir.fsys
	if err := disk.MkdirAll(fsys, w.m.Aside); err != nil {
		return err
	}
	for _, t := range tables {
		from := filepath.Join(w.dir.path, t.file)
		if _, err := fsys.Stat(from); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		to := filepath.Join(w.m.Aside, t.file)
		if err := fsys.Link(from, to); err == nil {
			continue
		}
		b, err := disk.Read(fsys, from) // there are no hard links
		if err != nil {
			return err
		}
		if err := disk.WriteFile(fsys, to, func(f io.Writer) error { _, err := f.Write(b); return err }); err != nil {
			return err
		}
	}
	for _, from := range w.moved {
		if err := fsys.Rename(from, filepath.Join(w.m.Aside, filepath.Base(from))); err != nil {
			return err
		}
	}
	return disk.SyncDir(fsys, w.m.Aside)
}
