package results

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Follower keeps up with what a directory holds while several processes write
// to it. It reads each file once, so asking often is cheap. Only one goroutine
// may use it.
type Follower struct {
	dir     *Dir
	chunks  map[string]bool // already read
	parquet stamp           // of runs.parquet when last read
	merged  *merger
}

// A stamp distinguishes versions of a file.
type stamp struct {
	size int64
	time time.Time
}

// Follow starts with what the directory holds now.
func (d *Dir) Follow() (*Follower, error) {
	f := &Follower{dir: d, chunks: map[string]bool{}, merged: newMerger()}
	return f, f.Update()
}

// Update reads what was added since. Errors are as for [Read].
func (f *Follower) Update() error {
	now, err := f.stamp()
	if err != nil {
		return err
	}
	if now != f.parquet {
		return f.reread(now)
	}
	entries, err := f.dir.fsys.ReadDir(filepath.Join(f.dir.path, journalDir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if f.chunks[e.Name()] || strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), chunkSuffix) {
			continue
		}
		path := filepath.Join(f.dir.path, journalDir, e.Name())
		runs, instances, err := readChunk(f.dir.fsys, path)
		if errors.Is(err, fs.ErrNotExist) {
			return f.reread(now) // compacted or joined meanwhile
		}
		if err != nil {
			return err
		}
		f.chunks[e.Name()] = true
		f.add(runs, instances, path)
	}
	return nil
}

// reread reads everything. The stamp was taken before, so whatever changes
// meanwhile is read again.
func (f *Follower) reread(now stamp) error {
	snap, err := readDir(f.dir.fsys, f.dir.path, finals)
	if err != nil {
		return err
	}
	f.parquet, f.merged = now, newMerger()
	f.chunks = map[string]bool{}
	snap.merge(f.merged)
	for _, c := range snap.chunks {
		f.chunks[filepath.Base(c.path)] = true
	}
	return nil
}

func (f *Follower) add(runs []Run, instances []Instance, source string) {
	for _, r := range runs {
		finals.trim(&r)
		f.merged.add(r, source)
	}
	for _, in := range instances {
		f.merged.addInstance(in, source)
	}
}

func (f *Follower) stamp() (stamp, error) {
	info, err := f.dir.fsys.Stat(filepath.Join(f.dir.path, runsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return stamp{}, nil
	}
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.Size(), info.ModTime()}, nil
}

// Find returns the run of a cell, with only the last evaluation of its curve, or nil
// if there is none. It is valid until the next Update.
func (f *Follower) Find(id string) *Run {
	if i, ok := f.merged.at[id]; ok {
		return &f.merged.runs[i]
	}
	return nil
}

// HasInstance reports whether what was drawn for an environment instance is
// recorded.
func (f *Follower) HasInstance(id string) bool {
	_, ok := f.merged.drawn[id]
	return ok
}

// Len returns the number of cells that the directory holds.
func (f *Follower) Len() int { return len(f.merged.runs) }

// Stamp returns a text that changes whenever what sweep directories hold does, without
// reading it.
func Stamp(dirs ...string) string {
	var b strings.Builder
	for _, dir := range dirs {
		for _, name := range []string{suiteFile, runsFile, curvesFile, addedFile, journalDir} {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
				fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}
