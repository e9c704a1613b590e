// Package tuning chooses the settings that a suite with [tune] is tested with. Its
// one entry is [Decide], a pure function of the suite and the rows that there are:
// which process made them, when, and on which host, changes nothing, and neither do
// kills, shards and the number of workers. So nothing is recorded but rows, every
// copy of them gives the same choice, and reports make it again for themselves.
//
// Cells have two roles. Those that tune are the settings of every arm on the seeds of
// [tune], and are all known from the start. Those that test are the chosen setting of
// each arm on the seeds of [run]; until it is chosen, stand-ins with ids that no
// result has are planned in their place. The id of a cell does not depend on its
// role: results are shared with suites that have the same cell without [tune].
//
// # Halving
//
// At each rung the settings of an arm that are still in the race are ranked, once
// every one of their cells has a row that is evaluated there or has ended. Each seed
// ranks them by the metric, ties sharing a rank; cells that diverged, failed or timed
// out before the rung share the worst. One setting in eta goes on, by the mean rank
// over all tuning seeds, the earlier in the suite where ranks are equal. A row only
// ever grows: the evaluation at a rung is the same whatever becomes of the cell
// afterwards, and an attempt that ends sooner does not take it away. Hence a rung is
// decided once: to decide it again gives the same.
//
// A cell that is cut is left as "pruned" where it stopped, with its checkpoint. It
// goes on from there where its suite asks for more: without halving, or with other
// rungs or settings. Rows are never shortened.
//
// # Choice
//
// Of the settings that were trained to the end the one is chosen in which the fewest
// seeds failed, then the one with the best mean score over the tuning seeds, then the
// earlier in the suite.
//
// # Work
//
// What is to be trained follows from the rows as well: [State.Until] says how far each
// cell is to go. A process trains what is missing up to there, decides again, and
// ends when that changes nothing. Several processes in one directory do so side by
// side. A shard has whole arms where their parts depend on each other, so no shard
// waits for another; with the filter role=tuning or role=test, as the two job arrays
// of a cluster have, it has single cells.
package tuning
