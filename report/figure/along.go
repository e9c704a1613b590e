package figure

import (
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// along draws the metric at the end of training against a column. It returns a
// *usage.Error if some of its values are not numbers.
func (p *Panel) along(names *report.Names, m metric.Metric, column, over string) error {
	st := report.Stat{Name: "final", Metric: m}
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range p.Series {
		for _, r := range s.Rows {
			x := r.Value(column)
			_, number := x.Number()
			if !x.IsNull() && !number {
				return usage.Errorf("the values of %s are not numbers, such as %s: it cannot be the horizontal axis", column, suites.Format(x))
			}
		}
		s.against(&st, over, func(r *report.Row) (float64, bool) { return r.Value(column).Number() })
		for _, x := range s.X {
			low, high = min(low, x), max(high, x)
		}
	}
	p.XLabel, p.LogX = names.Column(column), low > 0 && high > 10*low
	p.YLabel += " at the end"
	return nil
}

// against averages the scores of the runs at each value of a quantity, over the seeds, or over
// instances, each the mean of its seeds.
// Runs without that quantity count as absent.
func (s *Series) against(st *report.Stat, over string, quantity func(*report.Row) (float64, bool)) {
	s.Along = true
	scores := make(map[float64]map[report.Unit][]float64) // by quantity and unit
	var units []report.Unit
	for _, r := range s.Rows {
		x, ok := quantity(r)
		if !ok {
			s.Absent++
			continue
		}
		if scores[x] == nil {
			scores[x] = make(map[report.Unit][]float64)
			s.X = append(s.X, x)
		}
		unit := report.UnitOf(r, over)
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
		score := r.Score(st)
		switch score.Kind {
		case report.Measured:
			scores[x][unit] = append(scores[x][unit], score.Value)
		case report.Diverged:
			s.Diverged++
		}
	}
	if len(s.X) == 0 {
		return
	}
	slices.Sort(s.X)
	curves := make([][]float64, len(units))
	for i, unit := range units {
		for _, x := range s.X {
			curves[i] = append(curves[i], stats.Mean(scores[x][unit])) // NaN if there is none
		}
	}
	s.average(curves, st)
	for _, c := range curves {
		if slices.ContainsFunc(c, func(x float64) bool { return !math.IsNaN(x) }) {
			s.Seeds++
		}
	}
}
