// Package place finds what a word on the command line means where SUITE or DIR is
// expected. A name means the sweep directory of that name under runs/, and a suite
// file means the results of its suite.
package place

import (
	"os"
	"path/filepath"
	"slices"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Names returns the names of the sweep directories under runs/.
func Names() []string {
	names := results.Sweeps(results.Runs)
	for i, dir := range names {
		names[i] = filepath.Base(dir)
	}
	slices.Sort(names)
	return names
}

// Newest returns the sweep directory under runs/ whose results changed last, or
// with withResults the last one that has any. The error is a *usage.Error.
func Newest(withResults bool) (string, error) {
	for _, dir := range results.Sweeps(results.Runs) {
		if !withResults || results.HasResults(dir) {
			return dir, nil
		}
	}
	return "", usage.Errorf("there are no results under %s/: give a directory, or make one with sweep run", results.Runs)
}

// Suite returns what sweep.Load reads for a word: a suite file, the name of a
// shipped suite, or a sweep directory.
func Suite(word string) string {
	info, err := os.Stat(word)
	switch {
	case err == nil && filepath.Ext(word) == ".parquet" && slices.Contains(results.Files, filepath.Base(word)):
		return filepath.Dir(word)
	case err == nil && !info.IsDir(), err == nil && results.IsSweep(word):
	case slices.Contains(suites.Shipped(), word):
	case named(word) != "" && results.IsSweep(named(word)):
		return named(word)
	}
	return word
}

// Shadows reports whether a word names a shipped suite, but here means a sweep directory.
func Shadows(word string) bool {
	return slices.Contains(suites.Shipped(), word) && results.IsSweep(word)
}

// Results returns the results that a word names: a directory, one merged file, or the
// directory named like a suite file. It does not read the suite file further, because the
// directory keeps its own suite. It returns "" for a word that names nothing. The error
// says that a suite has no results or is invalid.
func Results(word string) (string, error) {
	if path := locate(word); path != "" {
		return path, nil
	}
	if info, err := os.Stat(word); err != nil || info.IsDir() || filepath.Ext(word) != ".toml" {
		return "", nil
	}
	suite, err := suites.Read(word)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(results.Runs, suite.Name)
	if !results.IsSweep(dir) {
		return "", notRun(dir, word)
	}
	return dir, nil
}

// Sweep returns the sweep directory that a word names. If there is none, the error is a
// *usage.Error that says what would make it.
func Sweep(word string) (string, error) {
	path, err := Results(word)
	switch {
	case err != nil:
		return "", err
	case path == "":
		return "", NoSuchDir(word)
	case filepath.Ext(path) == ".parquet":
		return "", usage.Errorf("%s is one file: give the directory of a sweep", usage.QuotePath(path))
	case !results.IsSweep(path):
		return "", usage.Errorf("%s is a directory without a suite.toml: give the directory of a sweep%s", usage.QuotePath(path), didYouMean(word, Names()))
	}
	return path, nil
}

// locate returns the sweep directory, the merged Parquet file, or the sweep under runs/
// with that name, or "" if there is none. A file of a sweep directory stands for the
// directory. A directory without results gives way to one with results under runs/, and
// one without a suite to one with a suite.
func locate(word string) string {
	var begun, found []string
	for _, path := range []string{word, named(word)} {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir() && results.HasResults(path):
			return filepath.Clean(path)
		case info.IsDir() && results.IsSweep(path):
			begun = append(begun, filepath.Clean(path))
		case info.IsDir():
			found = append(found, filepath.Clean(path)) // the error will say what is missing
		case slices.Contains(results.Files, filepath.Base(path)) && results.HasResults(filepath.Dir(path)):
			return filepath.Dir(path)
		case filepath.Ext(path) == ".parquet":
			return filepath.Clean(path)
		}
	}
	if found = append(begun, found...); len(found) > 0 {
		return found[0]
	}
	return ""
}

// named returns the path of the sweep with that name under runs/, or "" if the
// word is not a name, such as a path that leads out of it.
func named(word string) string {
	if !filepath.IsLocal(word) || filepath.Clean(word) == "." {
		return ""
	}
	return filepath.Join(results.Runs, word)
}
