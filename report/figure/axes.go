package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/report/number"
)

// noteAxes compares how far the lines reach with the paper's axes, if the suite describes
// these.
func (f *Figure) noteAxes() {
	var met, missed []string
	for _, end := range f.Spec.Axes {
		i := slices.IndexFunc(f.Panels, func(p *Panel) bool { return p.Label == end.Panel })
		if i < 0 {
			continue
		}
		x := f.Panels[i].reach(end.Top)
		word := "lowest"
		if end.Top {
			word = "highest"
		}
		text := fmt.Sprintf("%s %s %s (%s to %s)", end.Panel, word, number.Format(x), short(end.Low), short(end.High))
		if x >= end.Low && x <= end.High {
			met = append(met, text)
		} else {
			missed = append(missed, text)
		}
	}
	if len(met) > 0 {
		f.Notes = append(f.Notes, "agree with the paper's axes (range in brackets): "+strings.Join(met, "; "))
	}
	if len(missed) > 0 {
		f.Notes = append(f.Notes, "do not agree with the paper's axes (range in brackets): "+strings.Join(missed, "; "))
	}
}

// reach returns the highest or lowest point of the lines, or NaN if there is none.
func (p *Panel) reach(top bool) float64 {
	end := math.NaN()
	for _, s := range p.Series {
		for _, x := range s.Mean {
			if !math.IsNaN(x) && (math.IsNaN(end) || x > end == top) {
				end = x
			}
		}
	}
	return end
}
