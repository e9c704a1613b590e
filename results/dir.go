package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/usage"
)

// A Dir is a sweep directory open for writing. It is safe for concurrent use,
// and several processes may write to one directory.
type Dir struct {
	path     string
	fsys     disk.FS
	options  Options
	watcher  *lease.Watcher
	memory   int64        // bytes of the journal's runs that a compaction keeps in memory
	appended atomic.Int64 // chunks since the journal was last listed
}

// Options configures a [Dir]. Every field is optional.
type Options struct {
	// FS is the file system of the directory: the operating system's, unless a test
	// makes it fail.
	FS disk.FS
	// Suite is the text of the suite, for the Parquet files' footers.
	Suite string
	// Columns fixes names, order and types of the parameters' columns for the whole
	// sweep, as [Columns] finds them from all its cells. They are widened if the
	// directory holds more.
	Columns []Column
	// Provenance describes this program, for the footers.
	Provenance Provenance
}

// Create opens a sweep directory for writing, making it if necessary. It keeps
// what the directory holds.
func Create(path string, o Options) (*Dir, error) {
	if err := o.Provenance.check(); err != nil {
		return nil, err
	}
	if !utf8.ValidString(o.Suite) {
		return nil, errors.New("the suite is not valid UTF-8")
	}
	d := &Dir{path: path, fsys: o.FS, options: o, memory: spillAt}
	if d.fsys == nil {
		d.fsys = disk.OS
	}
	for _, folder := range []string{journalDir, conflictsDir, damagedDir} {
		if disk.Linked(d.fsys, filepath.Join(path, folder)) { // files in it are moved and removed
			return nil, fmt.Errorf("%s is a symbolic link, and links are not followed: remove it", usage.QuotePath(filepath.Join(path, folder)))
		}
	}
	d.watcher = lease.Watch(d.fsys, path, 0)
	return d, disk.MkdirAll(d.fsys, filepath.Join(path, journalDir))
}

// WriteSuite writes suite.toml.
func (d *Dir) WriteSuite(text string) error {
	return disk.WriteFile(d.fsys, filepath.Join(d.path, suiteFile), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// Append records finished runs. They are on stable storage when it returns nil.
// When it returns an error none of them is there, except that an error in
// making the journal's entries durable may leave them readable. The cost is one
// small file and two fsyncs, so append short runs together.
func (d *Dir) Append(runs ...Run) error {
	ready := make([]Run, len(runs))
	for i, r := range runs {
		r.normalize()
		if err := r.check(); err != nil {
			return err
		}
		ready[i] = r
	}
	return d.journal(ready, nil)
}

// AppendInstances records what was drawn for environment instances. An instance
// that is already recorded is kept.
func (d *Dir) AppendInstances(instances ...Instance) error {
	for i := range instances {
		if err := instances[i].check(); err != nil {
			return err
		}
	}
	return d.journal(nil, instances)
}

func (d *Dir) journal(runs []Run, instances []Instance) error {
	if len(runs) == 0 && len(instances) == 0 {
		return nil
	}
	d.appended.Add(1)
	return writeChunk(d.fsys, d.path, runs, instances)
}

// Read reads this directory; see [Read].
func (d *Dir) Read() (*Set, error) { return read(d.fsys, whole, []string{d.path}) }

const (
	maintainEvery = 64      // chunks appended between two looks at the journal
	maxChunks     = 256     // number of journal files above which they are joined
	largeChunk    = 4 << 20 // size in bytes from which a chunk is not joined again
)

// Maintain keeps the journal from growing without bound. It is cheap if there
// is nothing to do: call it after each Append. If many files have gathered, it
// joins them into one or, if the journal has grown to half the size of the
// Parquet files, compacts it. It does nothing while another process does. An
// error, even a *[ConflictError], leaves every run recorded.
func (d *Dir) Maintain() error {
	if d.appended.Load() < maintainEvery {
		return nil
	}
	d.appended.Store(0)
	chunks, err := listChunks(d.fsys, d.path)
	if err != nil || len(chunks) < maxChunks {
		return err
	}
	journal, parquet := int64(0), int64(0)
	for _, c := range chunks {
		journal += c.size
	}
	if info, err := d.fsys.Stat(filepath.Join(d.path, curvesFile)); err == nil {
		parquet = info.Size()
	}
	if 2*journal >= parquet {
		err = d.locked(0, d.compact)
	} else {
		err = d.locked(0, d.join)
	}
	if errors.Is(err, ErrBusy) {
		return nil
	}
	return err
}

// Compact moves the journal into the Parquet files. It may be killed at any
// moment: it replaces the files as a whole, and only then removes the journal
// files that they contain. While another process compacts it waits, and gives up
// with [ErrBusy] after some minutes. The error is a *[ConflictError] if a cell
// has two different results; everything else is compacted then.
func (d *Dir) Compact() error { return d.locked(compactWait, d.compact) }

// Remove forgets the runs of the cells, so they may be run again and the new
// results stand.
func (d *Dir) Remove(cells ...string) error {
	return d.locked(compactWait, func(l *lease.Lock) error {
		if err := d.compact(l); err != nil {
			return err
		}
		return d.remove(l, cells)
	})
}

// Relabel gives the runs of some cells new roles.
func (d *Dir) Relabel(roles map[string]string) error {
	return d.locked(compactWait, func(l *lease.Lock) error {
		if err := d.compact(l); err != nil {
			return err
		}
		return d.relabel(l, roles)
	})
}

// removeChunks removes journal files whose rows are stored elsewhere.
func (d *Dir) removeChunks(chunks []chunk) error {
	for _, c := range chunks {
		if err := d.fsys.Remove(c.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing what is compacted: %w", err)
		}
	}
	return disk.SyncDir(d.fsys, filepath.Join(d.path, journalDir))
}

// A ConflictError reports that cells have two different results, or instances
// two different draws: something is not reproducible, or results of different
// programs were mixed. The first result stands; journal files with another one
// were moved to the directory's folder "conflicts".
type ConflictError struct {
	Conflicts []Conflict // in the order found
}

// Error lists the conflicts.
func (e *ConflictError) Error() string {
	lines := make([]string, len(e.Conflicts))
	for i, c := range e.Conflicts {
		lines[i] = c.Error()
	}
	return strings.Join(lines, "\n")
}
