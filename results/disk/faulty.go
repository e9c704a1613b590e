package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"syscall"
)

// ErrCrash is what a [Faulty] file system returns once it has crashed.
var ErrCrash = errors.New("injected crash")

// Faulty is a file system that fails on purpose, for tests of what survives. It
// counts the operations that change anything (create, write, sync, close,
// rename, link, remove, mkdir, sync of a directory), and is safe for concurrent
// use. A limit of zero means no limit.
type Faulty struct {
	FS
	// FailAt makes the operation with that number, counted from 1, fail once.
	FailAt int
	// CrashAt makes the operation with that number and all later ones fail, as if
	// the process had been killed just before it.
	CrashAt int
	// Space is how many bytes can be written in all. The write that would exceed it
	// is short and fails with ENOSPC.
	Space int64

	mu      sync.Mutex
	ops     int
	written int64
	log     []string
}

// Ops returns how many operations there were.
func (f *Faulty) Ops() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ops
}

// Log lists the operations so far, one line each.
func (f *Faulty) Log() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.log...)
}

func (f *Faulty) op(name, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ops++
	f.log = append(f.log, name+" "+filepath.Base(path))
	switch {
	case f.CrashAt > 0 && f.ops >= f.CrashAt:
		return &fs.PathError{Op: name, Path: path, Err: ErrCrash}
	case f.ops == f.FailAt:
		return &fs.PathError{Op: name, Path: path, Err: fmt.Errorf("injected fault: %w", syscall.EIO)}
	}
	return nil
}

// Create makes a file.
func (f *Faulty) Create(path string) (File, error) {
	if err := f.op("create", path); err != nil {
		return nil, err
	}
	file, err := f.FS.Create(path)
	if err != nil {
		return nil, err
	}
	return &faultyFile{file, f, path}, nil
}

// Rename renames a file.
func (f *Faulty) Rename(from, to string) error {
	if err := f.op("rename", to); err != nil {
		return err
	}
	return f.FS.Rename(from, to)
}

// Link gives a file a second name.
func (f *Faulty) Link(from, to string) error {
	if err := f.op("link", to); err != nil {
		return err
	}
	return f.FS.Link(from, to)
}

// Remove removes a file.
func (f *Faulty) Remove(path string) error {
	if err := f.op("remove", path); err != nil {
		return err
	}
	return f.FS.Remove(path)
}

// Mkdir makes a directory.
func (f *Faulty) Mkdir(path string) error {
	if err := f.op("mkdir", path); err != nil {
		return err
	}
	return f.FS.Mkdir(path)
}

// SyncDir syncs a directory.
func (f *Faulty) SyncDir(path string) error {
	if err := f.op("syncdir", path); err != nil {
		return err
	}
	return f.FS.SyncDir(path)
}

type faultyFile struct {
	File
	fs   *Faulty
	path string
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if err := f.fs.op("write", f.path); err != nil {
		return 0, err
	}
	f.fs.mu.Lock()
	room := int64(len(p))
	if f.fs.Space > 0 {
		room = min(room, f.fs.Space-f.fs.written)
	}
	f.fs.written += room
	f.fs.mu.Unlock()
	n, err := f.File.Write(p[:room])
	if err == nil && n < len(p) {
		err = &fs.PathError{Op: "write", Path: f.path, Err: syscall.ENOSPC}
	}
	return n, err
}

func (f *faultyFile) Sync() error {
	if err := f.fs.op("sync", f.path); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *faultyFile) Close() error {
	if err := f.fs.op("close", f.path); err != nil {
		_ = f.File.Close() // otherwise the test would run out of descriptors
		return err
	}
	return f.File.Close()
}
