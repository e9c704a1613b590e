package results

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Runs is the folder in which sweep directories can be named alone.
const Runs = "runs"

// Locate finds the results that a user means by a word: the sweep directory, a
// merged Parquet file, or the sweep of that name under [Runs]. A file of a sweep
// directory stands for the directory. A directory that is none gives way to one
// under Runs, and is returned where there is none either. ok is false where
// there is nothing.
func Locate(arg string) (path string, ok bool) {
	found := ""
	for _, path := range []string{arg, filepath.Join(Runs, arg)} {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir() && IsSweep(path):
			return filepath.Clean(path), true
		case info.IsDir() && found == "":
			found = filepath.Clean(path) // the error will say what is missing
		case info.IsDir():
		case slices.Contains(directoryFiles, filepath.Base(path)):
			return filepath.Dir(path), true
		case filepath.Ext(path) == ".parquet":
			return filepath.Clean(path), true
		}
	}
	return found, found != ""
}

// directoryFiles are the files of a sweep directory that people name in its
// stead.
var directoryFiles = []string{suiteFile, runsFile, curvesFile, timingFile, varianceFile, instancesFile}

// IsSweep reports whether a directory is one of a sweep, begun or not.
func IsSweep(dir string) bool { return !changed(dir).IsZero() }

// HasResults reports whether a sweep directory holds results, and not its suite
// alone.
func HasResults(dir string) bool { return !latest(dir, runsFile, journalDir).IsZero() }

// Sweeps are the sweep directories in a folder, the one whose results changed
// last first.
func Sweeps(folder string) []string {
	entries, _ := os.ReadDir(folder) // one that is not there holds none
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

// changed is when the results of a sweep directory changed last or, where it
// holds none yet, its suite; zero: it is no sweep directory.
func changed(dir string) time.Time {
	if at := latest(dir, runsFile, journalDir); !at.IsZero() {
		return at
	}
	return latest(dir, suiteFile)
}

// latest is when the latest of the files changed, zero where there is none.
func latest(dir string, names ...string) (at time.Time) {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.ModTime().After(at) {
			at = info.ModTime()
		}
	}
	return at
}
