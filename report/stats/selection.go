package stats

import (
	"fmt"
	"math"
)

// A selection holds the scores of chosen seeds, reused between resamples.
type selection [][]float64

func newSelection(sizes []int) selection {
	s := make(selection, len(sizes))
	for t, n := range sizes {
		s[t] = make([]float64, n)
	}
	return s
}

// of returns the scores at the indices; there may be fewer than the sizes.
func (s selection) of(strata [][]float64, indices [][]int) [][]float64 {
	for t, chosen := range indices {
		s[t] = s[t][:len(chosen)]
		for i, o := range chosen {
			s[t][i] = strata[t][o]
		}
	}
	return s
}

// sizesOf returns the lengths of the strata.
func sizesOf[T any](strata [][]T) []int {
	sizes := make([]int, len(strata))
	for t, s := range strata {
		sizes[t] = len(s)
	}
	return sizes
}

// A Contrast compares two sets of scores (task × seed) in one number.
type Contrast func(x, y [][]float64) float64

// DifferenceOf makes the contrast f(x) - f(y).
func DifferenceOf(f Statistic) Contrast {
	return func(x, y [][]float64) float64 { return f(x) - f(y) }
}

// RatioOf makes the contrast f(x)/f(y): with [Pooled] of [Mean], the ratio of
// means. It is NaN or infinite where f(y) is zero, and of little use where f(y)
// may be near zero.
func RatioOf(f Statistic) Contrast {
	return func(x, y [][]float64) float64 { return f(x) / f(y) }
}

// Improvement makes the contrast of [ProbabilityOfImprovement].
func Improvement(d Direction) Contrast {
	return func(x, y [][]float64) float64 { return improvement(x, y, d) }
}

// Paired returns the interval of a contrast of two sets of scores in which the
// same seed of the same task belongs together: both take the same resampled
// seeds. An error as for [Bootstrap.Resample], or if x and y differ in shape.
func (b Bootstrap) Paired(x, y [][]float64, f Contrast) (Interval, error) {
	if len(x) != len(y) {
		return Interval{}, fmt.Errorf("tasks: %w: %d and %d", ErrLength, len(x), len(y))
	}
	for t := range x {
		if len(x[t]) != len(y[t]) {
			return Interval{}, fmt.Errorf("task %d: %w: %d and %d seeds; pair them or use Unpaired", t, ErrLength, len(x[t]), len(y[t]))
		}
	}
	sizes := sizesOf(x)
	left, right := newSelection(sizes), newSelection(sizes)
	intervals, err := b.Resample(sizes, 1, func(indices [][]int, out []float64) {
		out[0] = f(left.of(x, indices), right.of(y, indices))
	})
	if err != nil {
		return Interval{}, err
	}
	return intervals[0], nil
}

// Unpaired is [Bootstrap.Paired] for independent sets of scores: the seeds of x
// and of y are resampled independently, and may differ in number.
func (b Bootstrap) Unpaired(x, y [][]float64, f Contrast) (Interval, error) {
	sizes := append(sizesOf(x), sizesOf(y)...)
	left, right := newSelection(sizes[:len(x)]), newSelection(sizes[len(x):])
	intervals, err := b.Resample(sizes, 1, func(indices [][]int, out []float64) {
		out[0] = f(left.of(x, indices[:len(x)]), right.of(y, indices[len(x):]))
	})
	if err != nil {
		return Interval{}, err
	}
	return intervals[0], nil
}

// Curves returns an interval for each point of learning curves: curves is task
// × seed × point, all on one grid (see [OnGrid]), and f is applied point by
// point to the scores of the chosen seeds. A resample takes whole curves, so the
// intervals of all points come from the same seeds. They hold point by point,
// not for the curve as a whole. An error as for [Bootstrap.Resample], or if the
// curves differ in length. The points of a curve may also be other numbers that
// belong to one seed, such as the ranks of the members of a comparison.
func (b Bootstrap) Curves(curves [][][]float64, f Statistic) ([]Interval, error) {
	points := 0
	if len(curves) > 0 && len(curves[0]) > 0 {
		points = len(curves[0][0])
	}
	for t := range curves {
		for s, curve := range curves[t] {
			if len(curve) != points {
				return nil, fmt.Errorf("task %d, seed %d: %w: %d points, the first has %d; bring them to one grid", t, s, ErrLength, len(curve), points)
			}
		}
	}
	sizes := sizesOf(curves)
	view := newSelection(sizes)
	return b.Resample(sizes, points, func(indices [][]int, out []float64) {
		for p := range out {
			for t, chosen := range indices {
				view[t] = view[t][:len(chosen)]
				for i, o := range chosen {
					view[t][i] = curves[t][o][p]
				}
			}
			out[p] = f(view)
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
