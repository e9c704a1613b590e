package stats

import "fmt"

// Holm returns the p-values of one family adjusted by Holm's step-down method
// (Holm 1979), in the order given: with the p ascending, the running maximum of
// (m-i)·p(i), i from 0, at most 1. Rejecting what is ≤ alpha bounds the chance
// of any false rejection by alpha, whatever the dependence. Equal p stay equal.
// It returns an error if a p is NaN or outside [0, 1], and nothing for no p.
func Holm(p []float64) ([]float64, error) {
	if err := checkProbabilities(p); err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	worst := 0.0
	for i, o := range ascending(p) {
		worst = max(worst, min(1, float64(len(p)-i)*p[o]))
		adjusted[o] = worst
	}
	return adjusted, nil
}

// checkProbabilities rejects values that are not probabilities.
func checkProbabilities(p []float64) error {
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("p[%d] = %v: %w: a p-value lies in [0, 1]; leave out tests that were not run", i, v, ErrRange)
		}
	}
	return nil
}
