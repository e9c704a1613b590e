package figure

import (
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/suites"
	"gfnbench/usage"
)

// along draws the metric at the end of training against a column. The error is a
// *usage.Error if some of its values are not numbers.
func (p *Panel) along(names *report.Names, m metric.Metric, column string) error {
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
		s.against(&st, func(r *report.Row) (float64, bool) { return r.Value(column).Number() })
		for _, x := range s.X {
			low, high = min(low, x), max(high, x)
		}
	}
	p.XLabel, p.LogX = names.Column(column), low > 0 && high > 10*low
	p.YLabel += " at the end"
	return nil
}

// against averages the scores of the runs at each value of a quantity, over the seeds.
// Runs without that quantity count as absent.
func (s *Series) against(st *report.Stat, quantity func(*report.Row) (float64, bool)) {
	scores := make(map[float64]map[int]float64) // by quantity and seed
	var seeds []int
	for _, r := range s.Rows {
		x, ok := quantity(r)
		if !ok {
			s.Absent++
			continue
		}
		if scores[x] == nil {
			scores[x] = make(map[int]float64)
			s.X = append(s.X, x)
		}
		if !slices.Contains(seeds, r.Seed()) {
			seeds = append(seeds, r.Seed())
		}
		score := r.Score(st)
		switch scores[x][r.Seed()] = math.NaN(); score.Kind {
		case report.Measured:
			scores[x][r.Seed()] = score.Value
		case report.Diverged:
			s.Diverged++
		}
	}
	if len(s.X) == 0 {
		return
	}
	slices.Sort(s.X)
	curves := make([][]float64, len(seeds))
	for i, seed := range seeds {
		for _, x := range s.X {
			value, ok := scores[x][seed]
			if !ok {
				value = math.NaN()
			}
			curves[i] = append(curves[i], value)
		}
	}
	s.average(curves, st.Scale())
	for _, c := range curves {
		if slices.ContainsFunc(c, func(x float64) bool { return !math.IsNaN(x) }) {
			s.Seeds++
		}
	}
}
