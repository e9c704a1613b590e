// Package disk writes files that exist whole or not at all, through a file
// system that tests can make fail.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// FS is the part of a file system that results need. Paths are the operating
// system's. Errors name their file, like those of package os.
type FS interface {
	// Create makes a file with mode 0644, which must not exist.
	Create(path string) (File, error)
	// Open opens a regular file for reading. The error wraps ErrIrregular if it is
	// another kind of file.
	Open(path string) (ReadFile, error)
	// Rename moves a file, over another one if there is one, in one step.
	Rename(from, to string) error
	// Link gives a file a second name, which must not exist.
	Link(from, to string) error
	// Remove removes a file or an empty directory.
	Remove(path string) error
	// Mkdir makes a directory that must not exist, in an existing parent.
	Mkdir(path string) error
	// SyncDir makes what happened to a directory's entries durable.
	SyncDir(path string) error
	// ReadDir lists a directory in order of names.
	ReadDir(path string) ([]fs.DirEntry, error)
	// Stat describes what the path names, following links.
	Stat(path string) (fs.FileInfo, error)
}

// File is a file being written.
type File interface {
	io.Writer
	// Sync returns once everything written is on stable storage.
	Sync() error
	// Close closes the file, without Sync.
	Close() error
}

// ReadFile is a file being read.
type ReadFile interface {
	io.ReaderAt
	io.Closer
	// Stat describes the file that was opened.
	Stat() (fs.FileInfo, error)
}

// OS is the operating system's file system.
var OS FS = system{}

type system struct{}

func (system) Create(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// ErrIrregular says that a pipe, a socket, a device or a directory has the name of a
// file. To open one may take for ever, and to read one may never end.
var ErrIrregular = errors.New("it is not a regular file: move it away")

func (system) Open(path string) (ReadFile, error) {
	info, err := os.Stat(path)
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		pe.Op = "open"
	}
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: ErrIrregular}
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (system) Rename(from, to string) error               { return os.Rename(from, to) }
func (system) Link(from, to string) error                 { return os.Link(from, to) }
func (system) Remove(path string) error                   { return os.Remove(path) }
func (system) Mkdir(path string) error                    { return os.Mkdir(path, 0o755) }
func (system) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (system) Stat(path string) (fs.FileInfo, error)      { return os.Stat(path) }

func (system) SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

// Linked reports whether a path is a symbolic link.
func Linked(fsys FS, path string) bool {
	entries, _ := fsys.ReadDir(filepath.Dir(path)) // a missing folder holds none
	i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() == filepath.Base(path) })
	return i >= 0 && entries[i].Type()&fs.ModeSymlink != 0
}

// Read returns the whole content of a file.
func Read(fsys FS, path string) ([]byte, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, info.Size()), b); err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return b, nil
}

// MkdirAll makes a directory and its missing parents, durably.
func MkdirAll(fsys FS, path string) error {
	if info, err := fsys.Stat(path); err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
		}
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MkdirAll(fsys, parent); err != nil {
			return err
		}
	}
	if err := fsys.Mkdir(path); err != nil {
		if info, serr := fsys.Stat(path); serr == nil && info.IsDir() {
			return nil // another process made it meanwhile
		}
		return err
	}
	return fsys.SyncDir(parent)
}
