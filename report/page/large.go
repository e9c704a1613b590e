package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/report/number"
	"gfnbench/results"
)

// A page of more cells or lines than these would take megabytes and seconds to open. It
// has the best and the worst of them, and says so.
const (
	mostCells  = 20_000
	fewerCells = 5_000 // of more than mostCells
	mostLines  = 1_000 // of one figure
)

// listed returns the cells that the page lists, in their order, and what it says of the
// others. Of more than most, these are about fewer: the best and the worst of each
// objective in each environment by the metric that a report shows, as many of each, and
// some of those that failed or have no result.
func listed(s *report.Sweep, most, fewer int) (rows []*report.Row, note string) {
	if len(s.Rows) <= most {
		return s.Rows, ""
	}
	primary := s.Primary()
	groups := make(map[[2]string][]ranked)
	keep := make(map[int]bool)
	for i, r := range s.Rows {
		value := math.NaN()
		if m, err := report.LookupMetric(primary.Of(r.Environment())); err == nil && r.Run != nil && r.Run.Status == results.Done {
			last := r.Run.Final()
			if x, ok := last.Get(m); ok {
				value = x * float64(m.Info().Better)
			}
		}
		if math.IsNaN(value) {
			if len(keep) < fewer/5 {
				keep[i] = true
			}
			continue
		}
		key := [2]string{r.Environment(), r.Objective()}
		groups[key] = append(groups[key], ranked{i, value})
	}
	each := max(1, (fewer-fewer/5)/2/max(1, len(groups)))
	for _, cells := range groups {
		ends(cells, each, func(i int) { keep[i] = true })
	}
	for i, r := range s.Rows {
		if keep[i] {
			rows = append(rows, r)
		}
	}
	return rows, fmt.Sprintf("The list has %s of %s: the %d best and the %d worst of each objective in each environment, by %s, and at most %d that failed or have no result. report export has all.",
		group(len(rows)), number.Count(len(s.Rows), "cell"), each, each, primary.Default, fewer/5)
}

// A ranked thing has a value; greater ones are better.
type ranked struct {
	at    int
	value float64
}

// ends calls keep with the first and the last n of a list by value.
func ends(list []ranked, n int, keep func(at int)) {
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.value, a.value) })
	for i, r := range list {
		if i < n || i >= len(list)-n {
			keep(r.at)
		}
	}
}

// thinned returns a figure that has the best and the worst lines of each objective in
// each panel, by their last values, if there are very many.
func thinned(f *figure.Figure, most int) *figure.Figure {
	if len(f.Labels) <= most {
		return f
	}
	groups := 0
	for _, p := range f.Panels {
		groups += len(byObjective(p))
	}
	each := max(1, most/2/groups)
	out := *f
	out.Panels = nil
	used := make(map[string]bool)
	for _, p := range f.Panels {
		panel := *p
		panel.Series = nil
		kept := make(map[int]bool)
		for _, lines := range byObjective(p) {
			ends(lines, each, func(i int) { kept[i] = true })
		}
		for i, s := range p.Series {
			if kept[i] {
				panel.Series = append(panel.Series, s)
				used[s.Label] = true
			}
		}
		out.Panels = append(out.Panels, &panel)
	}
	out.Labels = slices.DeleteFunc(slices.Clone(f.Labels), func(label string) bool { return !used[label] })
	out.Notes = append(slices.Clone(f.Notes), fmt.Sprintf("%s of %d: the %d best and the %d worst of each objective, by their last values; report figure draws the others",
		number.Count(len(out.Labels), "line"), len(f.Labels), each, each))
	return &out
}

// byObjective returns the lines of a panel, with their last values.
func byObjective(p *figure.Panel) map[string][]ranked {
	groups := make(map[string][]ranked)
	for i, s := range p.Series {
		groups[s.Objective] = append(groups[s.Objective], ranked{i, lastOf(s.Mean) * float64(cmp.Or(p.Better, metric.LowerBetter))})
	}
	return groups
}

// lastOf returns the last value that there is, or NaN.
func lastOf(y []float64) float64 {
	for _, v := range slices.Backward(y) {
		if !math.IsNaN(v) {
			return v
		}
	}
	return math.NaN()
}
