package stats

// For tests of the constants of BCa against published values.
var (
	Accelerations = accelerations
	BelowShare    = func(values []float64, v float64) float64 {
		d, _ := newDistribution(values, nil)
		return d.below(v)
	}
)
