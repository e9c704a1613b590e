package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gfnbench/suites"
)

// A UsageError is a mistake in what was asked for: an unknown name, or a
// directory that is not there.
type UsageError struct{ Err error }

// Error says what is wrong and what to do.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

func usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// ErrNoMatch says that a filter or selector matches no cell.
var ErrNoMatch = errors.New("no cell matches")

// Runs is the directory in which sweeps are looked for.
const Runs = "runs"

// Locate finds the results that a user means: the sweep directory, a merged
// Parquet file, or the sweep of that name under [Runs]. A file of a sweep
// directory stands for the directory. ok is false where there is nothing.
func Locate(arg string) (path string, ok bool) {
	found := ""
	for _, path := range []string{arg, filepath.Join(Runs, arg)} {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir() && holdsResults(path):
			return filepath.Clean(path), true
		case info.IsDir() && found == "":
			found = filepath.Clean(path) // the error will say what is missing
		case slices.Contains(tableFiles, filepath.Base(path)):
			return filepath.Dir(path), true
		case filepath.Ext(path) == ".parquet":
			return filepath.Clean(path), true
		}
	}
	return found, found != ""
}

// holdsResults reports whether a directory is one of a sweep.
func holdsResults(dir string) bool { return !changed(dir).IsZero() }

// tableFiles are the files of a sweep directory that people name in its stead.
var tableFiles = []string{"suite.toml", "runs.parquet", "curves.parquet", "timing.parquet", "variance.parquet", "instances.parquet"}

// Newest is the sweep directory under [Runs] whose results changed last. The
// error is a *UsageError where there is none.
func Newest() (string, error) {
	var newest string
	var at time.Time
	for _, name := range sweepNames() {
		dir := filepath.Join(Runs, name)
		if t := changed(dir); newest == "" || t.After(at) {
			newest, at = dir, t
		}
	}
	if newest == "" {
		return "", usage("there are no results under %s%c: give a results directory, or make one with `sweep run`", Runs, filepath.Separator)
	}
	return newest, nil
}

// NoSuchDir is the error for an argument that is no sweep directory and none
// of the other names that it could be.
func NoSuchDir(arg string, others ...string) error {
	if err := NoResults(arg); err != nil {
		return err
	}
	names := append(sweepNames(), others...)
	return usage("%q is neither a results directory nor a name in the suite%s", arg, didYouMean(arg, names))
}

// sweepNames are the directories under [Runs] that hold results.
func sweepNames() []string {
	entries, err := os.ReadDir(Runs)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && holdsResults(filepath.Join(Runs, e.Name())) {
			names = append(names, e.Name())
		}
	}
	return names
}

// changed is when the results of a directory last changed, zero where it holds
// none.
func changed(dir string) (at time.Time) {
	for _, name := range []string{"runs.parquet", "journal"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.ModTime().After(at) {
			at = info.ModTime()
		}
	}
	return at
}

// nameOf is the name that a directory gives its sweep.
func nameOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	return strings.TrimSuffix(filepath.Base(abs), filepath.Ext(abs))
}

// didYouMean is " (did you mean \"x\"?)" for the nearest of the names, else the
// list of them.
func didYouMean(name string, names []string) string {
	if nearest := suites.DidYouMean(name, names); nearest != "" || len(names) == 0 {
		return nearest
	}
	return ": there are " + strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", ")
}
