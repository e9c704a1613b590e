// Package cluster puts a sweep on a batch system: it divides the cells into
// tasks of a useful length, submits them as job arrays, and remembers in the
// sweep directory which jobs they are, so they can be asked for, cancelled
// and submitted again. What a batch system must be able to do is an [Engine];
// package gfnbench/sweep/slurm is one.
//
// Task k of n runs shard k of the sweep (sweep run --shard), and after all of
// them a last job writes the Parquet files. Nothing else is agreed between
// tasks: they find each other through the leases of the sweep directory.
package cluster
