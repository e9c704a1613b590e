package results

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Runs is the folder whose sweep directories can be given by name alone.
const Runs = "runs"

// Files are the files of a sweep directory that people name instead of it.
var Files = []string{suiteFile, runsFile, curvesFile, timingFile, varianceFile, instancesFile}

// IsSweep reports whether a directory is a sweep directory, started or not.
func IsSweep(dir string) bool { return !changed(dir).IsZero() }

// HasResults reports whether a sweep directory holds results, not only its
// suite.
func HasResults(dir string) bool { return !latest(dir, runsFile, journalDir).IsZero() }

// Sweeps returns the sweep directories in a folder, the most recently changed
// first.
func Sweeps(folder string) []string {
	entries, _ := os.ReadDir(folder) // a missing folder holds none
	var dirs []string
	at := map[string]time.Time{}
	for _, e := range entries {
		dir := filepath.Join(folder, e.Name())
		if t := changed(dir); !t.IsZero() {
			dirs, at[dir] = append(dirs, dir), t
		}
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return cmp.Compare(at[b].UnixNano(), at[a].UnixNano()) })
	return dirs
}

// changed returns when the results of a sweep directory last changed or, if it
// has none yet, its suite. It is zero if dir is not a sweep directory.
func changed(dir string) time.Time {
	if at := latest(dir, runsFile, journalDir); !at.IsZero() {
		return at
	}
	return latest(dir, suiteFile)
}

// latest returns when the most recently changed of the files changed, or zero
// if there is none.
func latest(dir string, names ...string) (at time.Time) {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.ModTime().After(at) {
			at = info.ModTime()
		}
	}
	return at
}
