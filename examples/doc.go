// Package examples holds programs and files to start from: scripts that load results in
// Python and R, suites on data files, and, in the packages below, an environment and an
// objective. Its tests run them all.
package examples
