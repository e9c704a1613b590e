package stats

import "fmt"

// A Contrast compares two sets of scores (task × seed) in one number.
type Contrast func(x, y [][]float64) float64

// DifferenceOf makes the contrast f(x) - f(y).
func DifferenceOf(f Statistic) Contrast {
	return func(x, y [][]float64) float64 { return f(x) - f(y) }
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
