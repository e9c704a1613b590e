package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// overTasks collects the data of a figure that condenses several tasks into one panel.
func overTasks(s *report.Sweep, spec *suites.Figure) (*Figure, error) {
	o, err := s.Overview(spec.Overview())
	if err != nil {
		return nil, err
	}
	f := &Figure{Spec: spec, Names: make(map[string]string), Columns: spec.Lines}
	for _, a := range o.Arms {
		f.Labels = append(f.Labels, a.Name)
		f.Names[a.Name] = o.Names.Line(spec.Lines, a.Slots[0].Rows[0].Value)
	}
	p := &Panel{Null: math.NaN()}
	f.Panels = []*Panel{p}
	if spec.Kind == suites.FigureOfRanks {
		p.ranks(f, o)
	} else {
		f.Notes = append(f.Notes, p.profiles(o))
	}
	if f.empty() {
		return nil, noValues(s, spec)
	}
	f.Notes = append(f.Notes, sheet.Subject(o))
	f.Notes = append(f.Notes, sheet.TaskNotes(o)...)
	return f, nil
}

// armSeries returns a series for an arm.
func armSeries(a *report.Arm, columns []string) *Series {
	s := &Series{Label: a.Name, Keys: keysOf(columns, a.Slots[0].Rows[0]), Objective: a.Slots[0].Rows[0].Objective()}
	for _, slot := range a.Slots {
		s.Rows = append(s.Rows, slot.Rows...)
	}
	for _, scores := range a.Scores {
		s.Seeds += len(scores)
	}
	return s
}

// ranks fills the panel of a critical-difference diagram: the arms in the order of their
// mean ranks, with bars over those that cannot be told apart.
func (p *Panel) ranks(f *Figure, o *report.Overview) {
	r := o.Ranking()
	p.XLabel, p.Better, p.Groups, p.Titles = "mean rank (1: best on every task)", metric.LowerBetter, r.Groups, f.Name
	for i, a := range r.Arms {
		s := armSeries(a, o.Spec.Rows)
		s.X, s.Mean, s.Low, s.High = []float64{0}, []float64{r.Ranks[i]}, []float64{math.NaN()}, []float64{math.NaN()}
		p.Rows, p.Series = append(p.Rows, a.Name), append(p.Series, s)
	}
	f.Notes = append(f.Notes, sheet.RankNotes(o, r, "bar")...)
}

// profilePoints is how many thresholds a profile has.
const profilePoints = 121

// profiles fills the panel with the performance profile of each arm: the share of its
// runs, each task weighing the same, whose score is better than a threshold. It returns what
// the bands are.
func (p *Panel) profiles(o *report.Overview) (note string) {
	p.XLabel, p.YLabel, p.Better = "threshold of the score", "share of "+report.UnitNoun(o.Spec.Over)+"s that are better", metric.GreaterBetter
	if o.Ratio {
		p.XLabel, p.LogX = "threshold of the ratio to "+o.Names.Line(o.Spec.Rows, o.Base.Slots[0].Rows[0].Value), true
	}
	all := span{math.Inf(1), math.Inf(-1)}
	for _, a := range o.Arms {
		for _, scores := range a.Finite() {
			for _, x := range scores {
				all.add(x)
			}
		}
	}
	if all.low > all.high {
		return ""
	}
	widest := 0.0
	for _, a := range o.Arms {
		s := armSeries(a, o.Spec.Rows)
		p.Series = append(p.Series, s)
		if !a.Complete() {
			s.Absent = len(s.Rows)
			continue
		}
		for i := range profilePoints {
			x := all.low + (all.high-all.low)*float64(i)/(profilePoints-1)
			in, err := stats.ProfileAt(a.Scores, x, o.Direction, 1-stats.Level)
			if err != nil {
				continue // thresholds are numbers
			}
			if o.Ratio {
				x = math.Exp(x)
			}
			widest = max(widest, in.Estimate-in.Low, in.High-in.Estimate)
			if len(o.Arms) > mostBands {
				in.Low, in.High = math.NaN(), math.NaN()
			}
			s.X, s.Mean, s.Low, s.High = append(s.X, x), append(s.Mean, in.Estimate), append(s.Low, in.Low), append(s.High, in.High)
		}
	}
	over := number.Count(o.Most, report.UnitNoun(o.Spec.Over)) + " of each task"
	if len(o.Arms) > mostBands {
		return fmt.Sprintf("over %s; 95%% intervals (Wilson's, conservative) reach up to %.2f from the lines, and are drawn for at most %d lines", over, widest, mostBands)
	}
	return "band: 95% interval at each point (Wilson's, conservative), over " + over
}

// mostBands is how many lines of a profile have bands: more would hide each other.
const mostBands = 3

// Check rejects an unknown kind, unit or normalisation, and completes a figure that is made
// into one over tasks: one panel, tasks that are environments, scores by their range. The
// error is a *usage.Error.
func Check(spec *suites.Figure) error {
	for _, c := range []struct {
		what, value string
		known       []string
	}{
		{"kind of figure", cmp.Or(spec.Kind, suites.FigureOfCurves), suites.FigureKinds},
		{"unit", cmp.Or(spec.Over, suites.OverSeeds), []string{suites.OverSeeds, suites.OverInstances}},
		{"normalisation", cmp.Or(spec.Normalise, suites.ByRange), suites.Normalisations},
	} {
		if !slices.Contains(c.known, c.value) {
			return usage.Errorf("there is no %s %q%s", c.what, c.value, usage.Suggest(c.value, c.known))
		}
	}
	if !spec.OverTasks() {
		return nil
	}
	if spec.Tasks == nil {
		spec.Tasks = []string{"environment"}
	}
	spec.Panels, spec.Normalise, spec.Stat = nil, cmp.Or(spec.Normalise, suites.ByRange), cmp.Or(spec.Stat, "final")
	return nil
}
