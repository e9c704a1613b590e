package report

import (
	"cmp"
	"math"
	"slices"

	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Summary summarises the scores of a setting's seeds.
type Summary struct {
	Method   string  // mean, iqm, median, or restricted mean for times
	N        int     // number of seeds that it summarises
	Estimate float64 // NaN if there is none
	SD       float64 // sample standard deviation, NaN for fewer than two; for a restricted mean its standard error

	Diverged int            // seeds that diverged
	Reached  int            // for times, runs that reached the threshold
	Timed    int            // for times, runs that were followed
	Absent   map[string]int // runs without a score, by reason
	StdErr   float64        // largest standard error of a seed's score; NaN if the scores are exact

	values   []float64        // the values summarised
	times    []stats.Duration // or these
	horizon  float64
	stat     *Stat
	interval *stats.Interval
}

// summarise summarises the scores of a slot. The mean is over the seeds with a
// finite score; the IQM and the median include those that diverged, as
// infinitely bad. Times to a threshold get the restricted mean up to the
// horizon.
func summarise(method string, slot *Slot) Summary {
	method = cmp.Or(method, "mean")
	s := Summary{Method: method, Estimate: math.NaN(), SD: math.NaN(), StdErr: math.NaN(), Absent: make(map[string]int)}
	var finite, ranked []float64
	var times []stats.Duration
	for i := range slot.Scores {
		if score := &slot.Scores[i]; score.Kind == Absent {
			s.Absent[score.Why]++
		}
	}
	s.horizon, s.stat = cmp.Or(slot.Stat.Horizon, slot.Stat.Longest), &slot.Stat
	if slot.Stat.OfTime() && slot.Over == suites.OverInstances {
		s.timeInstances(slot)
		return s
	}
	units := slot.Units()
	// Sort the units' scores by kind.
	for i := range units {
		score := &units[i]
		switch score.Kind {
		case Absent:
			continue
		case Diverged:
			s.Diverged++
		case Censored:
			if score.Row.Run.Status == results.Diverged {
				s.Diverged++
			}
		case Measured:
			s.Reached++
			finite = append(finite, score.Value)
			if !(score.StdErr <= s.StdErr) && !math.IsNaN(score.StdErr) {
				s.StdErr = score.StdErr
			}
		}
		if !math.IsNaN(score.Value) {
			ranked = append(ranked, score.Value)
		}
		times = append(times, score.Time)
	}
	s.times = times
	// Summarise those that the method uses.
	switch {
	case slot.Stat.OfTime():
		s.Method, s.N = "restricted mean", len(times)
		if mean, err := s.restrictedMean(); err == nil {
			s.Estimate, s.SD = mean.Mean, mean.StdErr
		}
		s.Timed = s.N
		return s
	case method == "iqm" || method == "median":
		s.values = ranked
	default:
		s.values = finite
	}
	s.N, s.Estimate, s.SD = len(s.values), summaries[method](s.values), stats.SD(finite)
	return s
}

// timeInstances summarises times over instances. The time of an instance is the mean over
// its seeds, each counted up to the horizon.
func (s *Summary) timeInstances(slot *Slot) {
	s.Method = "restricted mean"
	scores := slices.Clone(slot.Scores)
	for i := range scores {
		score := &scores[i]
		t := score.unitValue()
		if score.Kind == Absent || math.IsNaN(t) {
			continue
		}
		if slot.Stat.Horizon > 0 {
			t = min(t, slot.Stat.Horizon)
		}
		score.Value, score.Time.Time = t, t
		s.Timed++
		switch {
		case score.Kind == Measured:
			s.Reached++
		case score.Row.Run.Status == results.Diverged:
			s.Diverged++
		}
	}
	for _, unit := range Units(scores, slot.Over) {
		if unit.Kind != Absent {
			s.values = append(s.values, unit.Value)
		}
	}
	s.N, s.Estimate = len(s.values), stats.Mean(s.values)
	s.SD = stats.SD(s.values) / math.Sqrt(float64(s.N))
}

// summaries are the summaries by name.
var summaries = map[string]func([]float64) float64{"mean": stats.Mean, "iqm": stats.IQM, "median": stats.Median}

// Cut returns the smallest horizon at which times of the table's slots are cut, and 0 if none
// is.
func (t *Table) Cut() (horizon float64) {
	for _, slot := range slices.Concat(t.Slots...) {
		if slot == nil || !slot.Stat.OfTime() || slot.Stat.Horizon == 0 {
			continue
		}
		cut := func(s Score) bool { return s.Time.Observed && s.Time.Time > slot.Stat.Horizon }
		if slices.ContainsFunc(slot.Scores, cut) && (horizon == 0 || slot.Stat.Horizon < horizon) {
			horizon = slot.Stat.Horizon
		}
	}
	return horizon
}
