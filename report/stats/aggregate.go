package stats

import (
	"fmt"
	"math"
)

// Direction says which scores are better.
type Direction int

// The two directions; errors such as L1 are LowerIsBetter.
const (
	LowerIsBetter Direction = iota
	HigherIsBetter
)

// better reports whether score x is strictly better than y; false with a NaN.
func (d Direction) better(x, y float64) bool {
	if d == HigherIsBetter {
		return x > y
	}
	return x < y
}

// String returns "lower is better" or "higher is better".
func (d Direction) String() string {
	if d == HigherIsBetter {
		return "higher is better"
	}
	return "lower is better"
}

// OptimalityGap returns the mean amount by which scores fall short of gamma,
// with scores beyond gamma counting as zero: the mean of max(gamma - x, 0) if
// higher is better (Agarwal et al. 2021, §4.3), of max(x - gamma, 0) if lower
// is better. It is NaN if x is empty or has a NaN.
func OptimalityGap(x []float64, gamma float64, d Direction) float64 {
	gaps := make([]float64, len(x))
	for i, v := range x {
		gaps[i] = max(v-gamma, 0)
		if d == HigherIsBetter {
			gaps[i] = max(gamma-v, 0)
		}
	}
	return Mean(gaps)
}

// Profile returns, for each threshold, the fraction of scores strictly better
// than it: the run-score distribution of a performance profile (Agarwal et al.
// 2021, §4.2; Dolan & Moré 2002 for the idea). Strata are tasks, and every task
// has the same weight however many seeds it has. A NaN score is better than
// nothing, so a diverged run counts as a failure at every threshold. The result
// is NaN if there are no tasks or a task has no scores.
func Profile(strata [][]float64, thresholds []float64, d Direction) []float64 {
	p := make([]float64, len(thresholds))
	shares := make([]float64, len(strata))
	for i, threshold := range thresholds {
		for t, scores := range strata {
			wins := 0
			for _, v := range scores {
				if d.better(v, threshold) {
					wins++
				}
			}
			shares[t] = float64(wins) / float64(len(scores))
		}
		p[i] = Mean(shares)
	}
	return p
}

// ProbabilityOfImprovement returns the probability that a random run of x is
// better than a random run of y on the same task, with ties counting one half,
// averaged over tasks (Agarwal et al. 2021, §4.3). It is U/(nm) of Mann &
// Whitney, also called the common-language effect size; Cliff's delta is 2P -
// 1. The slices are task × seed. It returns an error if the numbers of tasks
// differ or are zero, a task has no runs, or a score is NaN.
func ProbabilityOfImprovement(x, y [][]float64, d Direction) (float64, error) {
	if len(x) != len(y) {
		return math.NaN(), fmt.Errorf("tasks: %w: %d and %d", ErrLength, len(x), len(y))
	}
	if len(x) == 0 {
		return math.NaN(), fmt.Errorf("tasks: %w: none given", ErrTooFew)
	}
	for t := range x {
		if err := checkSample(fmt.Sprintf("x, task %d", t), x[t]); err != nil {
			return math.NaN(), err
		}
		if err := checkSample(fmt.Sprintf("y, task %d", t), y[t]); err != nil {
			return math.NaN(), err
		}
	}
	return improvement(x, y, d), nil
}

// improvement returns ProbabilityOfImprovement for scores that have been
// checked.
func improvement(x, y [][]float64, d Direction) float64 {
	shares := make([]float64, len(x))
	for t := range x {
		halves := 0
		for _, v := range x[t] {
			for _, w := range y[t] {
				switch {
				case d.better(v, w):
					halves += 2
				case v == w:
					halves++
				}
			}
		}
		shares[t] = float64(halves) / float64(2*len(x[t])*len(y[t]))
	}
	return Mean(shares)
}
