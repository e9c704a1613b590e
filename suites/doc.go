// Package suites reads suite files, checks them and expands them into cells,
// one for each training run. [Read] turns a file into a [Suite] whose Cells are
// values of type [Cell]; [Cell.Spec] gives the training run of one. Every key
// of a suite file has one declaration (keys.go, sections.go), from which the
// checks, the JSON Schema for editors and the documentation are made. All
// problems of a file are reported at once, each with its file, line and column.
package suites
