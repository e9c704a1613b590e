package place

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// NoSuchSuite returns the error for a word that is neither a suite nor a
// directory.
func NoSuchSuite(word string) error {
	names := slices.Concat(suites.Shipped(), Names(), Files(word))
	return usage.Errorf("%s is not a suite file, a results directory or a shipped suite%s: the shipped suites are %s", usage.QuotePath(word), didYouMean(word, names), strings.Join(suites.Shipped(), ", "))
}

// NoSuchDir returns the error for a word that names no results.
func NoSuchDir(word string) error {
	if err := NotRun(word); err != nil {
		return err
	}
	if cell.MatchString(word) {
		return usage.Errorf("no results in %s: if it is a cell, sweep why %s and sweep logs %s tell about it", word, word, word)
	}
	if _, err := os.Lstat(word); err != nil && filepath.Ext(word) == ".toml" {
		return usage.Errorf("%s does not exist%s%s", usage.QuotePath(word), didYouMean(word, Files(word)), thereAre(Names()))
	}
	names := slices.Concat(Names(), Files(word), suites.Shipped())
	return usage.Errorf("no results in %s%s%s", usage.QuotePath(word), didYouMean(word, names), thereAre(Names()))
}

// cell matches what is probably the id of a cell, or the beginning of one.
var cell = regexp.MustCompile(`^[0-9a-f]{6,16}$`)

// NoSuchCell adds to the error for a word that names no cell what it does name.
func NoSuchCell(err error, program, word, dir string) error {
	path := locate(word)
	if path == "" && filepath.Ext(word) != ".toml" || !errors.As(err, new(*usage.Error)) {
		return err
	}
	if path == "" || !results.IsSweep(path) {
		return usage.Errorf("%s is not a cell: expected its id, or the beginning of it: %s CELL %s", usage.QuotePath(word), program, usage.QuotePath(dir))
	}
	return usage.Errorf("%s names results and not a cell: expected %s CELL %s; report export %s lists the cells", usage.QuotePath(word), program, usage.QuotePath(path), usage.QuotePath(path))
}

// NoSuchName returns the error for a word that names neither results nor a table,
// or another kind of thing, declared by the suite.
func NoSuchName(word, kind string, declared []string) error {
	if err := NotRun(word); err != nil {
		return err
	}
	hint := didYouMean(word, declared)
	if hint == "" {
		hint = didYouMean(word, Names())
	}
	if hint == "" && len(declared) > 0 {
		hint = ": there are " + strings.Join(declared, ", ")
	}
	return usage.Errorf("%q is neither a results directory nor a %s of the suite%s", word, kind, hint)
}

// NotRun returns the error for the name of a shipped suite that has no results,
// or nil for any other word.
func NotRun(word string) error {
	if !slices.Contains(suites.Shipped(), word) {
		return nil
	}
	return notRun(filepath.Join(results.Runs, word), word)
}

func notRun(dir, word string) error {
	return usage.Errorf("no results in %s: sweep run %s makes them", usage.QuotePath(dir), usage.QuotePath(word))
}

// Begun returns the error for a sweep directory that holds no results yet.
func Begun(dir string) error {
	if !results.IsSweep(dir) || results.HasResults(dir) {
		return nil
	}
	return usage.Errorf("no results in %s yet: sweep run %s makes them", usage.QuotePath(dir), usage.QuotePath(dir))
}

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

// Files returns the suite files beside a path.
func Files(path string) []string {
	entries, _ := os.ReadDir(filepath.Dir(path)) // a missing folder holds none
	var names []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".toml" {
			names = append(names, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return names
}

// didYouMean does what usage.DidYouMean does, also for names given with the
// folder that they do not need.
func didYouMean(word string, names []string) string {
	for _, name := range []string{filepath.Clean(word), strings.TrimPrefix(filepath.Clean(word), results.Runs+"/")} {
		if hint := usage.DidYouMean(name, names); hint != "" {
			return hint
		}
	}
	return ""
}
