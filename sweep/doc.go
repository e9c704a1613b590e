// Package sweep plans and runs the cells of a suite. [Load] reads a suite and
// selects cells, [Run] trains those that a directory does not hold yet and
// records them through package results, so that running is also resuming.
//
// Whatever the number of workers and processes, the shards, and the kills
// between, a suite ends with the same rows, bit for bit: a cell's numbers
// depend on nothing but the cell.
package sweep
