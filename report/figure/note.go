package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// scale puts panels of one quantity next to each other and gives them the same vertical
// scale. If nothing asks for a scale, it is logarithmic if the values are positive and
// span a decade. A note counts what logarithmic axes cannot show.
func (f *Figure) scale() {
	var below []*Panel
	for _, panels := range f.quantities() {
		low, high := extent(panels)
		log := f.Spec.Log || f.Spec.Kind == "variance" && panels[0].LogY
		if f.Spec.Auto {
			log = low > 0 && high >= 10*low
		}
		if log && high <= 0 {
			log = false
			f.Notes = appendNew(f.Notes, "the axis is linear because no value is above 0")
		}
		for _, p := range panels {
			p.LogX, p.LogY = p.LogX || log && p.Rows != nil, log && p.Rows == nil
		}
		if log && low <= 0 {
			below = append(below, panels...)
		}
	}
	if below != nil {
		f.noteBelow(below)
	}
}

// quantities sorts the panels by what they measure, in the order in which it first
// appears, and returns those of each quantity.
func (f *Figure) quantities() (groups [][]*Panel) {
	var names []string
	for _, p := range f.Panels {
		name := p.YLabel
		if p.Rows != nil {
			name = p.XLabel
		}
		i := slices.Index(names, name)
		if i < 0 {
			i, names, groups = len(names), append(names, name), append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	f.Panels = slices.Concat(groups...)
	return groups
}

// extent returns the least and the largest value that lines go through or points show.
func extent(panels []*Panel) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range panels {
		for _, s := range p.Series {
			for _, x := range s.measured() {
				if !math.IsNaN(x) && !math.IsInf(x, 0) {
					low, high = min(low, x), max(high, x)
				}
			}
		}
	}
	return low, high
}

// measured returns the points of a strip and the values that a line goes through.
func (s *Series) measured() []float64 { return slices.Concat(s.Points, s.Mean) }

// noteBelow counts the points that logarithmic axes leave out, by line.
func (f *Figure) noteBelow(panels []*Panel) {
	points := 0
	var lines []string
	for _, p := range panels {
		for _, s := range p.Series {
			n := 0
			for _, x := range s.measured() {
				if x <= 0 {
					n++
				}
			}
			if points += n; n > 0 {
				lines = appendNew(lines, f.Name(s.Label))
			}
		}
	}
	f.Notes = append(f.Notes, fmt.Sprintf("%s at or below 0 not on the logarithmic axis, of %s", number.Count(points, "point"), strings.Join(lines, "; ")))
}

// note says what the lines and bands are, and what they leave out.
func (f *Figure) note() {
	if f.Spec.Kind == "density" {
		f.noteDensities()
		return
	}
	// Count seeds and failures over all lines.
	fewest, most, diverged, absent, waiting := math.MaxInt, 0, 0, 0, 0
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if s.Seeds > 0 {
				fewest, most = min(fewest, s.Seeds), max(most, s.Seeds)
			}
			diverged, absent = diverged+s.Diverged, absent+s.Absent
			for _, r := range s.Rows {
				if r.Run == nil {
					waiting++
				}
			}
		}
	}
	f.Notes = append([]string{f.about(min(fewest, most), most)}, f.Notes...)
	if diverged > 0 {
		f.Notes = append(f.Notes, f.noteDiverged(diverged))
	}
	if waiting > 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("%s without a result yet", number.Count(waiting, "cell")))
	}
	if absent > waiting {
		what := "curve"
		if along := f.Spec.Along(); along != "" {
			what = "value of " + along
		}
		f.Notes = append(f.Notes, fmt.Sprintf("%s without a %s", number.Count(absent-waiting, "run"), what))
	}
	f.noteAxes()
}

// noteDiverged says how many runs diverged, and of which lines all of them did.
func (f *Figure) noteDiverged(runs int) string {
	var all []string
	for _, p := range f.Panels {
		for _, s := range p.Series {
			switch name := f.Name(s.Label); {
			case s.Diverged == 0 || s.Diverged < len(s.Rows):
			case len(f.Panels) > 1:
				all = append(all, name+" on "+p.Title())
			default:
				all = append(all, name)
			}
		}
	}
	text := number.Count(runs, "run") + " diverged"
	if f.Spec.Along() == "" && f.Spec.Kind != "variance" {
		text += " (×)"
	}
	if all != nil {
		text += ", all those of " + strings.Join(all, "; ")
	}
	return text + "; means continue without them"
}

// noteDensities says which runs are drawn, and how many are not.
func (f *Figure) noteDensities() {
	drawn, all := 0, 0
	for _, p := range f.Panels {
		drawn += len(p.Densities) - 1
		for _, s := range p.Series {
			all += len(s.Rows)
		}
	}
	text := "each density is of the one run named above it, trained again"
	if drawn < all {
		text += fmt.Sprintf(": %d of %s", drawn, number.Count(all, "run"))
	}
	f.Notes = append(f.Notes, text)
}

// about says what the lines and bands are, or the points and bars.
func (f *Figure) about(fewest, most int) string {
	noun := report.UnitNoun(f.Spec.Over)
	n := number.Counts(fewest, most, noun)
	if f.Spec.Over == suites.OverInstances {
		n += ", each the mean of its seeds"
	}
	text, area := "mean over "+n, "; band: "
	switch f.Spec.Kind {
	case suites.FigureOfPoints:
		text = fmt.Sprintf("a point for each %s, %s; stroke: their mean", noun, n)
	case suites.FigureOfCosts:
		text, area = text+"; dashed: the Pareto front", "; bar: "
	}
	switch {
	case most >= stats.FewestSeeds:
		text += area + report.BandMethod
		if f.Spec.Kind == suites.FigureOfPoints || f.Spec.Kind == suites.FigureOfCosts {
			text = strings.TrimSuffix(text, " at each point")
		} else if fewest == 2 {
			return text + fmt.Sprintf(", of two %ss from one to the other", noun)
		}
		if fewest < stats.FewestSeeds {
			text += fmt.Sprintf(", none from fewer than %d %ss", stats.FewestSeeds, noun)
		}
	case most == 2 && f.Spec.Kind != suites.FigureOfPoints && f.Spec.Kind != suites.FigureOfCosts:
		text += fmt.Sprintf("; band: from one %s to the other, which is not an interval", noun)
	}
	return text
}
