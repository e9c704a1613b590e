package stats

import (
	"fmt"
	"math"
)

// FirstCrossing returns the time to the first evaluated step at which the value
// meets the threshold: is at most it if lower is better, at least it if higher
// is. Nothing is interpolated, so the time is the first at which the threshold
// is known to be met. Later values do not matter: the curve need not stay beyond
// the threshold. A NaN value is not a crossing.
//
// Without a crossing the duration is censored at end. For a run that was cut
// short, pass its last step. For a run that diverged, pass the horizon of the
// comparison: such a run will never meet the threshold, and censoring it where
// it diverged would treat it as if it had continued like the others.
//
// steps may be in steps, trajectories or seconds. It returns an error if they
// are not finite and strictly increasing, or negative; if there are none, or not
// as many as values; or if the threshold is NaN, or end is NaN, infinite or
// before the last step.
func FirstCrossing(steps, values []float64, threshold float64, d Direction, end float64) (Duration, error) {
	if err := checkGrid(steps, values); err != nil {
		return Duration{}, err
	}
	if steps[0] < 0 {
		return Duration{}, fmt.Errorf("steps[0] = %v: %w: a time cannot be negative", steps[0], ErrRange)
	}
	if math.IsNaN(threshold) {
		return Duration{}, fmt.Errorf("threshold: %w", ErrNaN)
	}
	if last := steps[len(steps)-1]; !(end >= last) || math.IsInf(end, 1) {
		return Duration{}, fmt.Errorf("end %v: %w: it must be finite and not before the last step %v", end, ErrRange, last)
	}
	for i, v := range values {
		if v == threshold || d.better(v, threshold) {
			return Duration{steps[i], true}, nil
		}
	}
	return Duration{end, false}, nil
}

// checkGrid rejects grids that are empty, not finite or not strictly
// increasing, or that do not have one value per point.
func checkGrid(grid, values []float64) error {
	if len(grid) != len(values) {
		return fmt.Errorf("curve: %w: %d steps and %d values", ErrLength, len(grid), len(values))
	}
	if err := checkFinite("steps", grid); err != nil {
		return err
	}
	for i := 1; i < len(grid); i++ {
		if grid[i] <= grid[i-1] {
			return fmt.Errorf("steps[%d] = %v: %w: steps must increase, and %v comes before it", i, grid[i], ErrRange, grid[i-1])
		}
	}
	return nil
}
