// Package results defines the rows a sweep produces and keeps them on disk.
//
// A sweep directory holds
//
//	suite.toml         the suite, verbatim
//	runs.parquet       one row per cell: axes, hyperparameters, status, final metrics
//	curves.parquet     one row per cell and evaluated step, axes repeated
//	timing.parquet     host, attempt and wall clock: what is not reproducible
//	variance.parquet   spread of the batch gradient, where a suite asks for it
//	instances.parquet  what was drawn for each environment instance
//	journal/           finished runs that are not in the Parquet files yet
//
// [Dir] writes such a directory: [Dir.Append] puts finished runs into the journal,
// one atomic file per call, and [Dir.Compact] moves them into the Parquet files.
// Both can be killed at any moment without losing what was recorded, and several
// processes on several hosts may append to one directory. [Read] merges what one or
// more directories hold, even while a sweep is writing to them, and [Digest] is the
// hash by which two sweeps are compared.
//
// Every Parquet file carries in its footer the schema version, the suite's text,
// the provenance of the program that wrote it, and a SHA-256 over the whole file. A
// file that is truncated, altered, foreign or from a newer schema is rejected by
// name and never half-read.
//
// This is the only package that imports Arrow, and it knows nothing about
// environments, objectives or suites.
package results
