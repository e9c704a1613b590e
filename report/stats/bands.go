package stats

import "math"

// Curves returns an interval for each point of learning curves: curves is task
// × seed × point, all on one grid (see [OnGrid]), and f is applied point by
// point to the scores of the chosen seeds. A resample takes whole curves, so the
// intervals of all points come from the same seeds. They hold point by point,
// not for the curve as a whole. An error as for [Bootstrap.Resample], or if the
// curves differ in length. The points of a curve may also be other numbers that
// belong to one seed, such as the ranks of the members of a comparison.
func (b Bootstrap) Curves(curves [][][]float64, f Statistic) ([]Interval, error) {
	columns, err := byPoint(curves)
	if err != nil {
		return nil, err
	}
	sizes := sizesOf(curves)
	view := newSelection(sizes)
	return b.Resample(sizes, len(columns), func(indices [][]int, out []float64) {
		for p := range out {
			out[p] = f(view.of(columns[p], indices))
		}
	})
}

// Profile returns an interval for each point of a performance profile, see the
// function [Profile].
func (b Bootstrap) Profile(strata [][]float64, thresholds []float64, d Direction) ([]Interval, error) {
	sizes := sizesOf(strata)
	view := newSelection(sizes)
	return b.Resample(sizes, len(thresholds), func(indices [][]int, out []float64) {
		copy(out, Profile(view.of(strata, indices), thresholds, d))
	})
}

// Durations returns the interval of a summary of the times to an event of one
// task, such as [ExpectedRunningTime] or a restricted mean, whose error counts
// as no value. Censoring is resampled with its run.
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
