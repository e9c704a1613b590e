// Package report turns the results of sweeps into tables, tested claims and
// comparisons.
//
// [Load] reads one or more sweep directories and looks at them through their
// suite: a [Sweep] has one [Row] for each cell of the plan, with or without a
// result. [Row.Score] takes one number from a run, its [Stat]; a table's [Slot]
// summarises the scores of the seeds that it holds. Seeds are the unit of every
// statistic, see package stats.
//
// Runs that diverged are results: a score that they cannot have counts as the
// worst there is wherever order alone matters (medians, ranks, tests), and is
// marked where it does not. Cells that are planned but have no result are
// counted and marked too; nothing is left out in silence.
package report
