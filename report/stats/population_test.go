package stats_test

import (
	"math"
	"slices"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
)

// horizon cuts the censored times: 30% of them come later.
const horizon = 1.2

// A population is a distribution of what is measured on a seed.
type population struct {
	name   string
	draw   func(s *stream.Stream) float64
	least  float64 // coverage required with 5, 10 and 30 seeds, 0 if no interval could have it
	scale  stats.Scale
	ratios bool // whether values are positive and finite
	times  bool // whether values are times to a threshold, censored at the horizon
}

var populations = []population{
	{"normal, 0 ± 1", (*stream.Stream).Normal, .93, stats.Linear, false, false},
	{"normal, 5 ± 1", func(s *stream.Stream) float64 { return max(.01, 5+s.Normal()) }, .93, stats.Logarithmic, true, false},
	{"lognormal, σ = 1", func(s *stream.Stream) float64 { return math.Exp(s.Normal()) }, .9, stats.Logarithmic, true, false},
	{"1 ± 0.2, one in ten at 2", func(s *stream.Stream) float64 { return bimodal(s, 2) }, .9, stats.Logarithmic, true, false},
	{"1 ± 0.2, one in ten diverges", func(s *stream.Stream) float64 { return bimodal(s, inf) }, .9, stats.Logarithmic, false, false},
	{"times, 30% censored", func(s *stream.Stream) float64 { return -math.Log(1 - s.Float64()) }, .9, stats.Logarithmic, false, true},
	{"1 ± 0.2, one in ten at 20", func(s *stream.Stream) float64 { return bimodal(s, 20) }, 0, stats.Logarithmic, true, false},
}

func bimodal(s *stream.Stream, failure float64) float64 {
	v := max(.01, 1+.2*s.Normal())
	if s.Float64() < .1 {
		return failure
	}
	return v
}

// sample draws n values and multiplies them by scale. A time beyond the horizon is
// infinite, like that of a run that never gets there.
func (p population) sample(s *stream.Stream, n int, scale float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = scale * p.draw(s)
		if p.times && x[i] > horizon {
			x[i] = inf
		}
	}
	return x
}

// An estimator makes an interval from the seeds of a population, x, or of that and
// another that is 1.5 times as large, y. truth is its estimate from very many seeds.
type estimator struct {
	name     string
	printed  func(p population) bool // whether the reports print it for such values
	interval func(p population, x, y []float64) (stats.Interval, error)
	truth    func(x, y []float64) float64
}

var estimators = []estimator{
	{"mean; band of a curve", func(p population) bool { return !p.times },
		func(p population, x, _ []float64) (stats.Interval, error) {
			return stats.MeanInterval(finite(x), p.scale, .95)
		},
		func(x, _ []float64) float64 { return stats.Mean(finite(x)) }},
	{"interquartile mean", func(p population) bool { return !p.times },
		func(p population, x, _ []float64) (stats.Interval, error) { return stats.IQMInterval(x, p.scale, .95) },
		func(x, _ []float64) float64 { return stats.IQM(x) }},
	{"median", func(p population) bool { return !p.times },
		func(p population, x, _ []float64) (stats.Interval, error) { return stats.MedianInterval(x, .95) },
		func(x, _ []float64) float64 { return stats.Median(x) }},
	{"restricted mean", func(p population) bool { return p.times },
		func(p population, x, _ []float64) (stats.Interval, error) {
			d := make([]stats.Duration, len(x))
			for i, v := range x {
				d[i] = stats.Duration{Time: min(v, horizon), Observed: v <= horizon}
			}
			return stats.RestrictedMeanInterval(d, horizon, .95)
		},
		func(x, _ []float64) float64 {
			cut := make([]float64, len(x))
			for i, v := range x {
				cut[i] = min(v, horizon)
			}
			return stats.Mean(cut)
		}},
	{"paired difference", func(population) bool { return true },
		func(_ population, x, y []float64) (stats.Interval, error) {
			effect, err := stats.PairedShift(differences(y, x), 0)
			return ends(effect, err)
		},
		func(x, y []float64) float64 {
			d := differences(y, x)
			return twoByTwo(d, d, func(a, b, _, _ float64) float64 { return a/2 + b/2 })
		}},
	{"paired ratio", func(p population) bool { return p.ratios },
		func(_ population, x, y []float64) (stats.Interval, error) {
			effect, err := stats.PairedRatio(y, x, 1)
			return ends(effect, err)
		},
		func(x, y []float64) float64 {
			return twoByTwo(y, x, func(a, b, c, d float64) float64 { return (a + b) / (c + d) })
		}},
	{"unpaired difference", func(population) bool { return true },
		func(_ population, x, y []float64) (stats.Interval, error) {
			effect, err := stats.UnpairedShift(y, x, 0)
			return ends(effect, err)
		},
		func(x, y []float64) float64 { return stats.Median(unpaired(y, x)) }},
}

// ends returns the 95% interval of an effect.
func ends(e *stats.Effect, err error) (stats.Interval, error) {
	if err != nil {
		return stats.Interval{}, err
	}
	return e.Interval(.025, .025)
}

// twoByTwo returns the median of f over the values and those half of the sample away.
func twoByTwo(y, x []float64, f func(a, b, c, d float64) float64) float64 {
	half := len(y) / 2
	values := make([]float64, half)
	for i := range values {
		values[i] = f(y[i], y[i+half], x[i], x[i+half])
	}
	return stats.Median(slices.DeleteFunc(values, math.IsNaN))
}

// differences returns y - x, with 0 for two that are infinitely bad.
func differences(y, x []float64) []float64 {
	d := make([]float64, len(y))
	for i := range y {
		if y[i] != x[i] {
			d[i] = y[i] - x[i]
		}
	}
	return d
}

// unpaired returns y - x without pairs that are both infinitely bad, which the rank test
// cannot order.
func unpaired(y, x []float64) []float64 {
	d := make([]float64, len(y))
	for i := range y {
		d[i] = y[i] - x[i]
	}
	return slices.DeleteFunc(d, math.IsNaN)
}

// finite returns the values of runs that did not diverge.
func finite(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return math.IsInf(v, 0) })
}
