package disk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"

	"gfnbench/results/process"
)

// A temporary file's name is tempPrefix, the process that writes it, a random
// number, and as much of the end of the target's name as fits.
const (
	tempPrefix = ".tmp-"
	tempEnding = 64
)

// IsTemp reports whether a file name is that of a temporary file.
func IsTemp(name string) bool { return strings.HasPrefix(name, tempPrefix) }

// TempPath returns a path for a temporary file beside the target that no other
// file has.
func TempPath(target string) string {
	dir, base := filepath.Split(target)
	base = base[max(0, len(base)-tempEnding):]
	return filepath.Join(dir, fmt.Sprintf("%s%s-%016x-%s", tempPrefix, process.Self(), rand.Uint64(), base))
}

// TempWriter returns the process that writes a temporary file, by the file's
// name. Names made by version 0.1.0 do not tell.
func TempWriter(name string) (writer process.ID, ok bool) {
	rest, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return process.ID{}, false
	}
	text, _, _ := strings.Cut(rest, "-")
	return process.Parse(text)
}

// WriteFile writes a file that appears under its name as a whole, with content
// and name on stable storage, or not at all. In the latter case whatever had
// the name before is untouched. The error names the file.
func WriteFile(fsys FS, path string, write func(io.Writer) error) error {
	t, err := Prepare(fsys, path, write)
	if err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return err
	}
	return SyncDir(fsys, filepath.Dir(path))
}

// SyncDir makes the entries of a directory durable.
func SyncDir(fsys FS, dir string) error {
	if err := fsys.SyncDir(dir); err != nil {
		return fmt.Errorf("making the entries of %s durable: %w", dir, err)
	}
	return nil
}

// A Temp is a complete file on stable storage that does not have its final name
// yet.
type Temp struct {
	fsys       FS
	Path       string // path of the temporary file, in the target's directory
	targetPath string
}

// Prepare writes a file under a temporary name. On error it leaves nothing
// behind.
func Prepare(fsys FS, path string, write func(io.Writer) error) (*Temp, error) {
	d, err := Begin(fsys, path)
	if err != nil {
		return nil, err
	}
	return d.Finish(write(d))
}

// A Draft is a file being written under a temporary name.
type Draft struct {
	temp *Temp
	file File
	// A bufio.Writer keeps the first error, reports it at Flush, and treats a short
	// write as one, so what writes into it cannot hide a failure.
	w *bufio.Writer
}

// Begin starts a file under a temporary name. The caller must call Finish.
func Begin(fsys FS, path string) (*Draft, error) {
	t := &Temp{fsys, TempPath(path), path}
	f, err := fsys.Create(t.Path)
	if err != nil {
		return nil, Explain(path, err)
	}
	return &Draft{t, f, bufio.NewWriterSize(f, 256<<10)}, nil
}

// Write appends to the file.
func (d *Draft) Write(p []byte) (int, error) { return d.w.Write(p) }

// Finish puts the file on stable storage. If err, an error in writing the file, is not
// nil, or if Finish fails, it leaves nothing behind.
func (d *Draft) Finish(err error) (*Temp, error) {
	if err == nil {
		err = d.w.Flush()
	}
	if err == nil {
		err = d.file.Sync()
	}
	if cerr := d.file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		d.temp.Discard()
		return nil, Explain(d.temp.targetPath, err)
	}
	return d.temp, nil
}

// Commit gives the file its name. The directory must still be synced.
func (t *Temp) Commit() error {
	if err := t.fsys.Rename(t.Path, t.targetPath); err != nil {
		t.Discard()
		return Explain(t.targetPath, err)
	}
	return nil
}

// Discard removes the file. It has no effect after Commit.
func (t *Temp) Discard() { _ = t.fsys.Remove(t.Path) } // nothing depends on the removal

// Explain names a file that could not be written and, if it helps, says what to
// do.
func Explain(path string, err error) error {
	var hint string
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		hint = " (free some space and run the same command again: nothing was overwritten)"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		hint = " (the directory must be writable)"
	case errors.Is(err, fs.ErrNotExist):
		hint = " (was the directory removed while the sweep ran?)"
	}
	return fmt.Errorf("writing %s: %w%s", path, err, hint)
}
