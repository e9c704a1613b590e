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
)

// tempPrefix starts the name of every temporary file.
const tempPrefix = ".tmp-"

// IsTemp reports whether a file name is that of a file never completed.
func IsTemp(name string) bool { return strings.HasPrefix(name, tempPrefix) }

// WriteFile writes a file that appears under its name whole, with content and
// name on stable storage, or not at all, in which case whatever had the name
// before is untouched. The error names the file.
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

// A Temp is a complete file, on stable storage, that has not got its name yet.
type Temp struct {
	fsys       FS
	Path       string // of the temporary file, in the target's directory
	targetPath string
}

// Prepare writes a file under a temporary name. Nothing is left of it on error.
func Prepare(fsys FS, path string, write func(io.Writer) error) (t *Temp, err error) {
	dir, base := filepath.Split(path)
	t = &Temp{fsys, filepath.Join(dir, fmt.Sprintf("%s%016x-%s", tempPrefix, rand.Uint64(), base)), path}
	f, err := fsys.Create(t.Path)
	if err != nil {
		return nil, explain(path, err)
	}
	// A bufio.Writer keeps the first error, reports it at Flush, and takes a
	// short write for one: what writes into it cannot hide a failure.
	w := bufio.NewWriterSize(f, 256<<10)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		t.Discard()
		return nil, explain(path, err)
	}
	return t, nil
}

// Commit gives the file its name. The directory is still to be synced.
func (t *Temp) Commit() error {
	if err := t.fsys.Rename(t.Path, t.targetPath); err != nil {
		t.Discard()
		return explain(t.targetPath, err)
	}
	return nil
}

// Discard removes the file. It has no effect after Commit.
func (t *Temp) Discard() { _ = t.fsys.Remove(t.Path) } // nothing depends on it

// explain names the file and, where one helps, what to do.
func explain(path string, err error) error {
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
