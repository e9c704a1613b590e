package figure

import (
	"cmp"
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/suites"
)

// finals takes one number from each run of a panel: for a strip a point for each unit, for
// costs one for each line, at its mean cost.
func (p *Panel) finals(s *report.Sweep, f *Figure) error {
	var rows []*report.Row
	for _, series := range p.Series {
		rows = append(rows, series.Rows...)
	}
	of, err := s.Stats(f.Spec.Metric, cmp.Or(f.Spec.Stat, "final"), nil, rows)
	if err != nil {
		return err
	}
	m := of[rows[0].Environment()].Metric
	p.YLabel, p.Better, p.Null = labelOf(s.Names(), m), m.Info().Better, math.NaN()
	if f.Spec.Kind == suites.FigureOfPoints {
		p.XLabel, p.YLabel, p.Rows, p.Titles = p.YLabel, "", f.Labels, f.Name
	} else {
		p.XLabel = xLabels[f.Spec.X]
	}
	for _, series := range p.Series {
		slot := report.NewSlot(of[series.Rows[0].Environment()], "mean", cmp.Or(f.Spec.Over, suites.OverSeeds), series.Rows)
		series.final(slot)
		if f.Spec.Kind == suites.FigureOfPoints {
			for _, u := range slot.Units() {
				series.Points = append(series.Points, u.Value)
			}
			series.X = []float64{0}
		} else {
			series.X = []float64{costOf(slot.Rows, f.Spec.X)}
		}
	}
	if f.Spec.Kind == suites.FigureOfCosts {
		p.pareto()
	}
	return nil
}

// final takes the slot's estimate, with its interval.
func (s *Series) final(slot *report.Slot) {
	in := slot.Interval()
	s.Mean, s.Low, s.High = []float64{slot.Estimate}, []float64{in.Low}, []float64{in.High}
	s.Seeds, s.Diverged = slot.N, slot.Diverged
	for _, n := range slot.Absent {
		s.Absent += n
	}
}

// costOf returns the mean cost of the runs: their steps, trajectories or seconds.
func costOf(rows []*report.Row, x string) float64 {
	sum, n := 0.0, 0.0
	for _, r := range rows {
		if r.Run != nil && r.Run.Step > 0 {
			sum += float64(r.Run.Step) * r.PerStep(x+"-to")
			n++
		}
	}
	return sum / n
}

// pareto finds the front of the panel: the lines of which none is both cheaper and
// better than another, in the order of their costs.
func (p *Panel) pareto() {
	better := func(a, b float64) bool { return a != b && (a < b) == (p.Better == metric.LowerBetter) }
	var candidates []*Series
	for _, s := range p.Series {
		if !math.IsNaN(s.X[0]) && !math.IsNaN(s.Mean[0]) && p.Better != metric.NoBetter {
			candidates = append(candidates, s)
		}
	}
	slices.SortStableFunc(candidates, func(a, b *Series) int { return cmp.Compare(a.X[0], b.X[0]) })
	for _, s := range candidates {
		if !slices.ContainsFunc(candidates, func(o *Series) bool {
			return o.X[0] <= s.X[0] && better(o.Mean[0], s.Mean[0]) || o.X[0] < s.X[0] && !better(s.Mean[0], o.Mean[0])
		}) {
			p.Front = append(p.Front, [2]float64{s.X[0], s.Mean[0]})
		}
	}
}
