package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate"
)

// AUC returns the area under a curve by the trapezoid rule, divided by the
// length of the grid: the curve's mean in its own unit. A curve of one point
// has its value. To compare curves, bring them to one grid first (see
// [OnGrid]), because the area of a curve that ended early covers a different
// length. AUC is NaN if a value is. It returns an error if there are no steps,
// or if they are not finite, not strictly increasing, or not as many as values.
func AUC(steps, values []float64) (float64, error) {
	if err := checkGrid(steps, values); err != nil {
		return math.NaN(), err
	}
	last := len(steps) - 1
	if last == 0 {
		return values[0], nil
	}
	return integrate.Trapezoidal(steps, values) / (steps[last] - steps[0]), nil
}

// OnGrid returns the values of a curve at the points of a grid, interpolated
// linearly between its steps. Outside its steps, and next to a NaN, the value
// is NaN: nothing is extrapolated. Errors are as for [AUC], and a NaN in the
// grid is one too.
func OnGrid(steps, values, grid []float64) ([]float64, error) {
	if err := checkGrid(steps, values); err != nil {
		return nil, err
	}
	on := make([]float64, len(grid))
	for i, g := range grid {
		if math.IsNaN(g) {
			return nil, fmt.Errorf("grid[%d]: %w", i, ErrNaN)
		}
		on[i] = interpolate(steps, values, g)
	}
	return on, nil
}

// interpolate returns the value of a curve at x, or NaN outside its steps.
func interpolate(steps, values []float64, x float64) float64 {
	i, found := slices.BinarySearch(steps, x)
	switch {
	case found:
		return values[i]
	case i > 0 && i < len(steps):
		share := (x - steps[i-1]) / (steps[i] - steps[i-1])
		return values[i-1] + float64(share*(values[i]-values[i-1]))
	}
	return math.NaN()
}
