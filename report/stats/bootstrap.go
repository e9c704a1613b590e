package stats

import (
	"fmt"
	"math"

	"gfnbench/gfn/stream"
)

// DefaultResamples is the number of resamples a [Bootstrap] draws by default.
const DefaultResamples = 2000

// FewSeeds is the number of seeds below which an interval carries a
// [TooFewSeeds] warning. With normal data the 95% percentile interval of a mean
// covers 74% from 3 seeds, 83% from 5, and 90% from 10: resampling n values
// understates the variance by (n-1)/n and knows nothing of the tails.
const FewSeeds = 5

// A Bootstrap makes percentile intervals (Efron & Tibshirani, An Introduction to
// the Bootstrap, 1993, §13.3) by resampling whole seeds with
// replacement, independently within each stratum; strata are tasks (the
// stratified bootstrap of Agarwal et al. 2021, §4.1). Tasks themselves are
// fixed, not resampled.
//
// If there are no more distinct resamples than Resamples, each is visited once
// with its probability and the interval is exact: for one task with the default,
// up to 7 seeds (1716 resamples). Otherwise they are drawn from the stream of
// Key, and the same key, sizes and data give the same interval, bit for bit.
type Bootstrap struct {
	Key       stream.Key // of the random numbers
	Resamples int        // 0 means DefaultResamples
	Coverage  float64    // in (0, 1); 0 means 1 - Level
}

// An Interval is a point estimate with a confidence interval.
type Interval struct {
	Estimate  float64   // the statistic of the data themselves
	Low, High float64   // NaN where there is no interval
	Coverage  float64   // nominal
	Seeds     int       // fewest seeds of a stratum
	Resamples int       // visited or drawn
	Exact     bool      // every distinct resample was visited
	Warnings  []Warning // what a reader must see
}

// A Statistic summarises the scores of the seeds of several tasks (task ×
// seed) as a number. It must not keep or change the slices.
type Statistic func(strata [][]float64) float64

// Pooled makes a [Statistic] of all scores of all tasks in one sample, as
// Agarwal et al. do for the IQM.
func Pooled(summary func([]float64) float64) Statistic {
	return func(strata [][]float64) float64 {
		if len(strata) == 1 {
			return summary(strata[0])
		}
		var all []float64
		for _, s := range strata {
			all = append(all, s...)
		}
		return summary(all)
	}
}

// Sample returns the interval of a summary, such as [Mean] or [IQM], of the
// scores of one task, one per seed.
func (b Bootstrap) Sample(x []float64, summary func([]float64) float64) (Interval, error) {
	return b.Strata([][]float64{x}, Pooled(summary))
}

// Strata returns the interval of a statistic of the scores of several tasks.
func (b Bootstrap) Strata(strata [][]float64, f Statistic) (Interval, error) {
	view := newSelection(sizesOf(strata))
	intervals, err := b.Resample(sizesOf(strata), 1, func(indices [][]int, out []float64) {
		out[0] = f(view.of(strata, indices))
	})
	if err != nil {
		return Interval{}, err
	}
	return intervals[0], nil
}

// Durations returns the interval of a summary of the times to an event of one
// task, such as a restricted mean, whose error counts as no value. Censoring is resampled with its run.
func (b Bootstrap) Durations(durations []Duration, summary func([]Duration) (float64, error)) (Interval, error) {
	view := make([]Duration, len(durations))
	intervals, err := b.Resample([]int{len(durations)}, 1, func(indices [][]int, out []float64) {
		view = view[:len(indices[0])]
		for i, o := range indices[0] {
			view[i] = durations[o]
		}
		var err error
		if out[0], err = summary(view); err != nil {
			out[0] = math.NaN()
		}
	})
	if err != nil {
		return Interval{}, err
	}
	return intervals[0], nil
}

// Resample is the general form: it resamples the seed indices of strata of the
// given sizes and returns an interval for each of the outputs numbers that
// evaluate computes from the seeds chosen in each stratum. All come from the
// same resamples. evaluate is also called with all indices, for the estimate;
// it must not keep the slices.
//
// A NaN of evaluate is not an error: that interval is NaN and says so. An error
// if there are no strata, one is empty, or a setting is out of range.
func (b Bootstrap) Resample(sizes []int, outputs int, evaluate func(indices [][]int, out []float64)) ([]Interval, error) {
	b, err := b.checked(sizes)
	if err != nil {
		return nil, err
	}
	estimates := make([]float64, outputs)
	evaluate(identity(sizes), estimates)

	values := make([][]float64, outputs)
	var weights []float64
	out := make([]float64, outputs)
	collect := func(indices [][]int) {
		evaluate(indices, out)
		for k, v := range out {
			values[k] = append(values[k], v)
		}
	}
	count := distinctResamples(sizes, b.Resamples)
	exact := count <= b.Resamples
	if exact {
		everyResample(sizes, func(indices [][]int, weight float64) {
			collect(indices)
			weights = append(weights, weight)
		})
	} else {
		count = b.Resamples
		for k := range values {
			values[k] = make([]float64, 0, count)
		}
		drawResamples(b.Key, sizes, count, collect)
	}

	intervals := make([]Interval, outputs)
	for k := range intervals {
		in := Interval{Estimate: estimates[k], Coverage: b.Coverage, Seeds: fewest(sizes), Resamples: count, Exact: exact}
		intervals[k] = in.fill(values[k], weights)
	}
	return intervals, nil
}

// checked returns b with its defaults, or an error.
func (b Bootstrap) checked(sizes []int) (Bootstrap, error) {
	if b.Resamples == 0 {
		b.Resamples = DefaultResamples
	}
	if b.Coverage == 0 {
		b.Coverage = 1 - Level
	}
	if b.Resamples < 0 {
		return b, fmt.Errorf("%d resamples: %w: give a positive number", b.Resamples, ErrRange)
	}
	if !(b.Coverage > 0 && b.Coverage < 1) {
		return b, fmt.Errorf("coverage %v: %w: it must lie between 0 and 1", b.Coverage, ErrRange)
	}
	if len(sizes) == 0 {
		return b, fmt.Errorf("tasks: %w: none given", ErrTooFew)
	}
	for t, n := range sizes {
		if n == 0 {
			return b, fmt.Errorf("task %d: %w: it has no seeds", t, ErrTooFew)
		}
	}
	return b, nil
}

// fill forms the interval from the bootstrap distribution.
func (in Interval) fill(values, weights []float64) Interval {
	in.Low, in.High = math.NaN(), math.NaN()
	if in.Seeds < FewSeeds {
		in.Warnings = append(in.Warnings, warn(TooFewSeeds, "an interval from %s covers less than it says", seedCount(in.Seeds)))
	}
	d, ok := newDistribution(values, weights)
	if !ok || math.IsNaN(in.Estimate) {
		in.Warnings = append(in.Warnings, warn(Undefined, "the statistic or some resample of it has no value"))
		return in
	}
	if len(values) == 1 { // one seed in each stratum: nothing to resample
		return in
	}
	if d.constant() {
		in.Warnings = append(in.Warnings, warn(NoVariation, "all resamples give the same value"))
	}
	tail := (1 - in.Coverage) / 2
	in.Low, in.High = d.lower(tail), d.upper(tail)
	return in
}

// fewest returns the smallest size.
func fewest(sizes []int) int {
	least := sizes[0]
	for _, n := range sizes {
		least = min(least, n)
	}
	return least
}

// seedCount returns "1 seed" or "n seeds".
func seedCount(n int) string {
	if n == 1 {
		return "1 seed"
	}
	return fmt.Sprintf("%d seeds", n)
}
