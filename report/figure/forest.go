package figure

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/diff"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// decided, opposed, tied and open are how rows of a forest are drawn: their shapes tell
// them apart without colour.
var (
	decided = Style{Color: green, Marker: draw.CircleGlyph{}}
	opposed = Style{Color: vermillion, Marker: draw.BoxGlyph{}}
	tied    = Style{Color: blue, Marker: draw.PyramidGlyph{}}
	open    = Style{Color: grey, Marker: draw.RingGlyph{}}
)

// newForest returns a figure of one panel for rows of estimates.
func newForest(spec *suites.Figure, x string) (*Figure, *Panel) {
	p := &Panel{XLabel: x, Better: metric.NoBetter}
	f := &Figure{Spec: spec, Panels: []*Panel{p}, Names: make(map[string]string)}
	p.Titles = f.Name
	return f, p
}

// row adds an estimate with its interval.
func (p *Panel) row(f *Figure, name string, in stats.Interval, style Style) *Series {
	label := fmt.Sprint(len(p.Rows), " ", name) // names may be equal
	s := &Series{Label: label, X: []float64{0}, Mean: []float64{in.Estimate}, Low: []float64{in.Low}, High: []float64{in.High}, Style: &style}
	p.Rows, p.Series, f.Labels = append(p.Rows, label), append(p.Series, s), append(f.Labels, label)
	f.Names[label] = name
	return s
}

// Forest draws the tests of claims below each other: how far the estimate of each lies on
// the side of the claim, in standard deviations of the units' differences. Tests of ratios
// and those that were not run have no place on this scale, and are counted.
func Forest(spec *suites.Figure, results []*claims.Result) (*Figure, error) {
	f, p := newForest(spec, "standard deviations on the side of the claim")
	left := 0
	over := make(map[string]bool)
	for _, r := range results {
		for _, t := range r.Tests {
			in, margin, ok := t.Standing(r.Claim)
			if !ok {
				left++
				continue
			}
			over[report.UnitNoun(t.Over)] = true
			name := strings.TrimSpace(r.Claim.ID + ": " + t.Name())
			p.row(f, name, in, styleOfVerdict(t.Verdict)).Margin = margin
		}
	}
	if len(p.Rows) == 0 {
		return nil, fmt.Errorf("%w: no claim has an estimate with a spread", usage.ErrNoMatch)
	}
	units := "seeds"
	if over["instance"] {
		units = map[bool]string{true: "seeds or instances", false: "instances"}[over["seed"]]
	}
	f.Notes = append(f.Notes,
		"Hodges–Lehmann estimates with the intervals that decide the tests, over the standard deviation of the differences of "+units,
		"filled circle: supported; square: contradicted; triangle: a tie; ring: undecided. Brackets: the margin of tests of equality, whose sides are those of a − b")
	f.noteOpen(p)
	if left > 0 {
		f.Notes = append(f.Notes, number.Count(left, "test")+" not drawn: of ratios, not run, or without a spread")
	}
	return f, nil
}

// noteOpen explains arrows, if there are any.
func (f *Figure) noteOpen(p *Panel) {
	if below, above := p.open(); below || above {
		f.Notes = append(f.Notes, "an arrow: so few units reject no value on that side, where the interval has no end")
	}
}

func styleOfVerdict(v claims.Verdict) Style {
	switch v {
	case claims.Supported:
		return decided
	case claims.Contradicted:
		return opposed
	case claims.Tie:
		return tied
	}
	return open
}

// ofClaims makes a forest of the claims that the figure names, or of all of the suite.
func ofClaims(s *report.Sweep, spec *suites.Figure) (*Figure, error) {
	results, err := claims.Judge(s, spec.Claims...)
	if err != nil {
		return nil, err
	}
	return Forest(spec, results)
}

// OfDiff draws the settings of a comparison of two sweeps below each other: the change from
// A to B, relative to the mean of A.
func OfDiff(d *diff.Diff) (*Figure, error) {
	title := fmt.Sprintf("%s against %s", strings.Join(d.B.Dirs, ", "), strings.Join(d.A.Dirs, ", "))
	f, p := newForest(&suites.Figure{Name: "diff", Title: title, Kind: suites.FigureOfClaims}, "change from A to B, relative to the mean of A")
	same, left := 0, 0
	for _, s := range d.Settings {
		scale := math.Abs(s.A.Estimate)
		in := s.Versus.Shift
		switch {
		case s.Identical > 0 && s.Identical == s.Versus.Pairs:
			same++
			continue
		case math.IsNaN(in.Estimate) || math.IsInf(in.Estimate, 0) || !(scale > 0):
			left++
			continue
		}
		in.Estimate, in.Low, in.High = in.Estimate/scale, in.Low/scale, in.High/scale
		style := open
		if s.Improved {
			style = decided
		} else if s.Worse {
			style = opposed
		}
		p.row(f, s.Label, in, style)
	}
	if len(p.Rows) == 0 {
		return nil, fmt.Errorf("%w: no setting differs that has an estimate (%d are identical, bit for bit)", usage.ErrNoMatch, same)
	}
	f.Notes = append(f.Notes, "Hodges–Lehmann estimates with 95% intervals, adjusted by Holm's method over all settings; filled circle: better; square: worse; ring: may be chance")
	f.noteOpen(p)
	if same > 0 {
		f.Notes = append(f.Notes, number.Count(same, "setting")+" identical, bit for bit, not drawn")
	}
	if left > 0 {
		f.Notes = append(f.Notes, number.Count(left, "setting")+" without an estimate")
	}
	return f, nil
}
