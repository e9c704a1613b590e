// Package suites reads suite files, checks them and expands them into cells,
// one for each training run. Every key of a suite file has one declaration
// (keys.go, sections.go), from which checking, the JSON Schema for editors and
// the documentation come. All problems of a file are reported at once, each
// with its file, line and column.
package suites
