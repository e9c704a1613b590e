// Package examples holds programs and files to start from: scripts that load
// results in Python and R, suites on data of one's own, and, in packages below,
// an environment and an objective. Its tests run them all.
package examples
