package report

import (
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results"
	"gfnbench/usage"
)

// Newest is the sweep directory under [results.Runs] whose results changed last. The
// error is a *usage.Error where there is none.
func Newest() (string, error) {
	if dirs := sweeps(); len(dirs) > 0 {
		return dirs[0], nil
	}
	return "", usage.Errorf("there are no results under %s%c: give a results directory, or make one with `sweep run`", results.Runs, filepath.Separator)
}

// NoSuchDir is the error for an argument that is no sweep directory and none
// of the other names that it could be.
func NoSuchDir(arg string, others ...string) error {
	if err := NoResults(arg); err != nil {
		return err
	}
	names := append(sweepNames(), others...)
	return usage.Errorf("%q is neither a results directory nor a name in the suite%s", arg, Suggest(arg, names))
}

// sweeps are the directories under [results.Runs] that hold results, the newest first.
func sweeps() []string {
	return slices.DeleteFunc(results.Sweeps(results.Runs), func(dir string) bool { return !results.HasResults(dir) })
}

// sweepNames are the names of the directories under [results.Runs] that hold results.
func sweepNames() []string {
	dirs := sweeps()
	for i, dir := range dirs {
		dirs[i] = filepath.Base(dir)
	}
	return dirs
}

// nameOf is the name that a directory gives its sweep.
func nameOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	return strings.TrimSuffix(filepath.Base(abs), filepath.Ext(abs))
}

// Suggest returns " (did you mean \"x\"?)" for the nearest of the names, else the
// list of them.
func Suggest(name string, names []string) string {
	if nearest := usage.DidYouMean(name, names); nearest != "" || len(names) == 0 {
		return nearest
	}
	return ": there are " + strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", ")
}
