// Package cluster runs a sweep on a batch system. It divides the cells into
// tasks of a useful length, submits them as job arrays, and remembers in the
// sweep directory which jobs they are, so they can be queried, cancelled and
// submitted again. An [Engine] is what a batch system must be able to do;
// package gfnbench/sweep/slurm is one.
//
// Data flow in these steps:
//
//  1. [Prepare] takes a [sweep.Plan] and divides what is missing into the [Job] values
//     of a [Submission].
//  2. [Submission.Submit] passes each job to the engine and writes it to the [Record]
//     of the directory.
//  3. [State] asks the engine for the [Task] values of a record, and [Record.Count]
//     turns them into a [Census] of the missing cells.
//
// Task k of n runs shard k of the sweep (sweep run --shard). After all tasks a
// final job writes the Parquet files. Tasks agree on nothing else: they find
// each other through the leases of the sweep directory.
package cluster
