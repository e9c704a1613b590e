package report

import (
	"math"

	"gfnbench/report/stats"
)

// These say how intervals are made, for captions and the methods of a paper.
const (
	IntervalName    = "95% interval"
	IntervalMethods = "Intervals are 95% intervals. Those of means and interquartile means are Student's t, the latter with the Winsorised variance, on a logarithmic scale where the metric has no negative values, and within its bounds; those of medians are order statistics. " +
		"None is given from fewer than 3 values, and none of a median from fewer than 5."
	BandMethod    = "95% interval of the mean (Student's t) at each point"
	EffectMethods = "The difference of two settings is estimated by Hodges and Lehmann's median of pairwise means, with the interval that inverts the test."
)

// Scale returns the scale of the statistic's intervals: logarithmic if it has no
// negative values.
func (s *Stat) Scale() stats.Scale {
	if !s.OfTime() && s.Metric.Info().Signed {
		return stats.Linear
	}
	return stats.Logarithmic
}

// within returns the interval cut to what the statistic can be, unless the estimate is not,
// as with results that another program wrote.
func (s *Stat) within(i stats.Interval) stats.Interval {
	least, greatest := s.Metric.Range()
	if s.OfTime() {
		least, greatest = 0, math.Inf(1)
	}
	if i.Estimate < least || i.Estimate > greatest {
		return i
	}
	return i.Within(least, greatest)
}

// MeanInterval returns the 95% interval of the mean of values of the statistic.
func (s *Stat) MeanInterval(values []float64) (stats.Interval, error) {
	i, err := stats.MeanInterval(values, s.Scale(), 1-stats.Level)
	return s.within(i), err
}

// Interval returns the 95% interval of the estimate over seeds. It is computed
// on the first call.
func (s *Summary) Interval() stats.Interval {
	if s.interval != nil {
		return *s.interval
	}
	const coverage = 1 - stats.Level
	var i stats.Interval
	var err error
	switch method := s.Method; {
	case method == "restricted mean" && s.times != nil:
		i, err = stats.RestrictedMeanInterval(s.times, s.followed(), coverage)
	case method == "iqm":
		i, err = stats.IQMInterval(s.values, s.stat.Scale(), coverage)
		i = s.stat.within(i)
	case method == "median":
		i, err = stats.MedianInterval(s.values, coverage)
	default:
		i, err = s.stat.MeanInterval(s.values)
		if method == "restricted mean" { // over instances: none is counted beyond the horizon
			i = i.Within(0, s.followed())
		}
	}
	if err != nil {
		i = stats.Interval{Estimate: s.Estimate, Low: math.NaN(), High: math.NaN(), Coverage: coverage}
	}
	s.interval = &i
	return i
}

// followed returns the horizon up to which times are compared, or the last time if no
// horizon is known.
func (s *Summary) followed() float64 {
	horizon := s.horizon
	if horizon <= 0 {
		for _, d := range s.times {
			horizon = max(horizon, d.Time)
		}
	}
	return horizon
}

// restrictedMean returns the restricted mean of the times.
func (s *Summary) restrictedMean() (stats.RestrictedMean, error) {
	survival, err := stats.KaplanMeier(s.times)
	if err != nil {
		return stats.RestrictedMean{}, err
	}
	return survival.RestrictedMean(s.followed())
}
