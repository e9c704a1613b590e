// Package stats holds the statistics of the reports: point estimates and intervals over seeds that
// cover what they claim, exact tests for small samples, effects whose interval inverts the test,
// corrections for multiple testing, survival analysis of times to a threshold, and summaries of
// learning curves. Functions are pure: they read slices, leave them unchanged, and do no input or
// output.
//
// # Seeds are the unit
//
// One run is one observation. Tests and intervals take one number per seed, never single time steps
// of a curve, because the steps of a run are not independent. If there are few enough seeds, the
// distribution of a test is enumerated, not simulated.
//
// # Missing and infinite values
//
// A NaN is never ranked, sorted or dropped. Descriptive functions ([Mean], [Quantile], [IQM] and
// the like) return NaN for no observations and for data with a NaN. Tests return an error that
// wraps [ErrNaN] or [ErrTooFew]. Infinities are kept where only order matters (quantiles, rank
// tests) and rejected with [ErrInfinite] where a sum is needed, so a diverged run can count as the
// worst possible score instead of being left out.
//
// # Warnings are data
//
// A number from three seeds is still a number, but its reliability is part of the result. A [Test]
// carries the smallest p that its data could have reached, and a [Test] and an [Interval] carry
// each [Warning] that a reader must see.
package stats
