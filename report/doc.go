// Package report turns the results of sweeps into tables, tested claims and
// comparisons. Data flow through it in these steps:
//
//  1. [Load] reads one or more sweep directories through their suite. The
//     [Sweep] has one [Row] for each planned cell, with or without a result;
//     [Sweep.Filter] narrows it.
//  2. [Row.Score] takes one number from a row's run, as a [Stat] says: the
//     [Score].
//  3. [NewSlot] scores the rows of one setting, one per seed, and summarises
//     them. The [Slot] holds their [Summary]: an estimate and, from
//     [Summary.Interval], its interval.
//  4. [Sweep.Table] puts slots into the rows and columns of a [Table]. It
//     compares each slot with the base of its row in a [Comparison], by
//     [Compare], and adjusts their p by [Holm].
//  5. The packages below this one take it from there: sheet writes tables,
//     claims tests what a suite claims, diff compares two sweeps, figure draws,
//     methods describes, export writes rows for other programs, and page
//     puts all of it on a web page.
//
// Seeds are the unit of every statistic; see package stats.
//
// Runs that diverged are results. If they cannot have a score, they count as
// the worst possible one wherever only order matters (medians, ranks, tests),
// and are marked elsewhere. Cells that are planned but have no result are
// counted and marked too; nothing is left out silently.
package report
