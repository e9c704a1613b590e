package report

import (
	"errors"
	"path/filepath"
	"slices"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// NoResults is the error for a word that names a suite, shipped or a file, of
// which there are no results; nil where it names none. It is a *usage.Error, or of
// type document.Problems where the suite is invalid.
func NoResults(word string) error {
	name := word
	if !slices.Contains(suites.Shipped(), word) {
		if filepath.Ext(word) != ".toml" {
			return nil
		}
		suite, err := suites.Read(word)
		if _, invalid := errors.AsType[document.Problems](err); invalid {
			return err
		} else if err != nil {
			return nil // no such file
		}
		name = suite.Name
	}
	return usage.Errorf("there are no results in %s: `sweep run %s` makes them", filepath.Join(results.Runs, name), word)
}
