// Package sweep plans and runs the cells of a suite. [Load] reads a suite and
// selects cells; [Run] trains those that a directory does not hold yet and records
// them through package results, so running is also resuming.
//
// Whatever the number of workers, processes and shards, and however often processes
// are killed, a suite ends with the same rows, bit for bit, because a cell's
// numbers depend only on the cell.
//
// A run goes in steps, each of which hands a finished value to the next:
//
//  1. [Load]: a suite and a [Selection] become a [Plan], whose cells are divided into
//     blocks, longest first. Every process divides in the same way.
//  2. openStore: the plan's directory becomes a store: what it holds, what is missing,
//     and what to try again.
//  3. trainAll: the process joins the others in the directory as a holder of leases
//     ([gfnbench/results/lease]) and makes a runner: the store with a trainer, a
//     journal, the losses of earlier processes, and a room, which is the available
//     memory ([gfnbench/sweep/machine]).
//  4. A dealer claims blocks and deals out their cells as tasks, each once there is
//     room for what it needs. Blocks that need more memory than there is, or whose
//     process ran out of memory, come last and alone.
//  5. A trainer turns a task into an attempt, which starts or continues from the cell's
//     checkpoint and writes checkpoints.
//  6. The journal records how attempts ended. Blocks are released once their cells are
//     on stable storage.
//  7. The store is compacted into Parquet files and summed up in a [Summary].
package sweep
