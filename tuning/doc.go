// Package tuning chooses the settings with which a suite with [tune] is tested. Its one
// entry point is [Decide], a pure function of the suite and the rows that exist. The
// choice does not depend on which process made a row, when, or on which host, nor on
// kills, shards or the number of workers. Nothing but rows is recorded, every copy of
// them gives the same choice, and reports repeat the choice for themselves.
//
// Cells have two roles. Tuning cells are the settings of every arm on the seeds of
// [tune]; all are known from the start. Test cells are the chosen setting of each arm on
// the seeds of [run]. Until it is chosen, stand-ins are planned in their place, with ids
// that no result has. A cell's id does not depend on its role, so results are shared with
// suites that have the same cell without [tune].
//
// # Halving
//
// Each rung ranks the settings of an arm that are still in the race, once every one of
// their cells has been evaluated there or has ended. Each seed ranks them by the metric;
// ties share a rank, and cells that diverged, failed or timed out before the rung share
// the worst. One setting in eta goes on, the one with the best mean rank over all tuning
// seeds or, if ranks are equal, the earlier in the suite. A row only ever grows: the
// evaluation at a rung stays the same whatever becomes of the cell afterwards, and an
// attempt that ends sooner does not remove it. A rung therefore needs to be decided only
// once; deciding it again gives the same result.
//
// A cell that is cut keeps its checkpoint and the status "pruned". It continues from
// there if its suite asks for more: without halving, or with other rungs or settings.
// Rows are never shortened.
//
// # Choice
//
// Among the settings trained to the end, the choice goes to the one with the fewest
// failed seeds, then to the best mean score over the tuning seeds, then to the earlier in
// the suite.
//
// # Work
//
// The rows also determine what to train: [State.Until] says how far each cell goes. A
// process trains what is missing up to there, decides again, and ends when nothing
// changes. Several processes can do so in one directory. If parts of an arm depend on
// each other, a shard takes the whole arm, so no shard waits for another. With the filter
// role=tuning or role=test, as in the two job arrays on a cluster, it takes single cells.
package tuning
