package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// RunNames are the names of the sweep directories under runs/.
func RunNames() []string {
	names := results.Sweeps(results.Runs)
	for i, dir := range names {
		names[i] = filepath.Base(dir)
	}
	slices.Sort(names)
	return names
}

// SuiteArg is the suite that is meant where SUITE or DIR is asked for: a suite
// file, the name of a shipped suite, or a sweep directory, for which its name
// under runs/ stands.
func SuiteArg(arg string) string {
	info, err := os.Stat(arg)
	switch {
	case err == nil && !info.IsDir(), err == nil && results.IsSweep(arg):
	case slices.Contains(suites.Shipped(), arg):
	case results.Named(arg) != "" && results.IsSweep(results.Named(arg)):
		return results.Named(arg)
	}
	return arg
}

// Results finds the sweep directory that is meant where DIR is asked for: the
// directory, its name under runs/, or that of a suite file or a shipped suite, which
// is read no further: the directory has its own, with the settings it was run with.
// The error, a *usage.Error where there is none, says what would make it.
func Results(arg string) (dir string, err error) {
	path, ok := results.Locate(arg)
	switch {
	case ok && results.IsSweep(path):
		return path, nil
	case ok && filepath.Ext(path) == ".parquet":
		return "", usage.Errorf("%s is one file: give the directory of a sweep", usage.QuotePath(path))
	}
	if s, err := suites.Read(arg); err == nil {
		dir := filepath.Join(results.Runs, s.Name)
		if !results.IsSweep(dir) {
			return "", usage.Errorf("no results in %s: sweep run %s makes them", usage.QuotePath(dir), usage.Quote(arg))
		}
		return dir, nil
	} else if info, statErr := os.Stat(arg); statErr == nil && !info.IsDir() {
		return "", err
	}
	if ok {
		return "", usage.Errorf("%s is a directory without a suite.toml: give the directory of a sweep%s", usage.QuotePath(path), didYouMean(arg, RunNames()))
	}
	names := slices.Concat(RunNames(), files(arg), suites.Shipped())
	return "", usage.Errorf("no results in %s%s%s", usage.QuotePath(arg), didYouMean(arg, names), thereAre(RunNames()))
}

// NoSuchSuite is the error for an argument that is no suite and no directory.
func NoSuchSuite(arg string) error {
	names := slices.Concat(suites.Shipped(), RunNames(), files(arg))
	return usage.Errorf("%s is no suite file, no directory of results and no shipped suite%s%s", usage.QuotePath(arg), didYouMean(arg, names), shipped())
}

func shipped() string { return ": shipped are " + strings.Join(suites.Shipped(), ", ") }

// thereAre lists what is under runs/.
func thereAre(names []string) string {
	const most = 10
	switch {
	case len(names) == 0:
		return ": there are none under " + results.Runs + "/ yet, sweep run makes them"
	case len(names) > most:
		names = append(slices.Clone(names[:most]), "...")
	}
	for i, name := range names {
		names[i] = usage.QuotePath(name)
	}
	return ": under " + results.Runs + "/ there are " + strings.Join(names, ", ")
}

// files are the suite files beside a path.
func files(path string) []string {
	entries, _ := os.ReadDir(filepath.Dir(path)) // a folder that is not there holds none
	var names []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".toml" {
			names = append(names, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return names
}

// didYouMean is suites.DidYouMean, also for names that were given with the
// folder that they may go without.
func didYouMean(arg string, names []string) string {
	for _, name := range []string{filepath.Clean(arg), strings.TrimPrefix(filepath.Clean(arg), results.Runs+"/")} {
		if hint := usage.DidYouMean(name, names); hint != "" {
			return hint
		}
	}
	return ""
}
