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
//  1. [Load]: a suite and a [Selection] become a [Plan], whose cells are divided
//     into blocks, the longest first. Every process divides alike.
//  2. openStore: the plan's directory becomes a store: what it holds, what is
//     missing, what is to be tried again.
//  3. trainAll: the process joins the others in the directory as a holder of
//     leases ([gfnbench/results/lease]) and makes a runner: the store with a
//     trainer, a journal, the losses of earlier processes and a room, which is the
//     memory there is ([gfnbench/sweep/machine]).
//  4. A dealer claims blocks and deals out their cells as tasks, each once there is
//     room for what it needs. Blocks that need more than there is, or whose process
//     died for want of memory, come last and alone.
//  5. A trainer turns a task into an attempt: it starts, or goes on from the cell's
//     checkpoint, and writes checkpoints.
//  6. The journal records how attempts ended, and blocks whose cells are on stable
//     storage are released.
//  7. The store is compacted into Parquet files and summed up in a [Summary].
package sweep
