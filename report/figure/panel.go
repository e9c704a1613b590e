package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gfnbench/report"
)

// panel draws the lines of a panel over their bands. For a panel without values
// it says so and draws no axes.
func panel(p *Panel, styles map[string]Style, paper Paper) (*plot.Plot, error) {
	if p.Plane != nil {
		return p.Plane.plot(p, paper), nil
	}
	if !p.drawn() {
		return empty(p, paper)
	}
	plt := newPlot(p.XLabel, p.YLabel, paper)
	if p.LogX && positive(p, func(s *Series) []float64 { return s.X }) {
		plt.X.Scale = plot.LogScale{}
	}
	if p.LogY {
		plt.Y.Scale = plot.LogScale{}
	}
	plt.Add(newGrid())
	if p.Front != nil {
		plt.Add(front{p})
	}
	for _, s := range p.Series {
		plt.Add(newBand(s, styles[s.Label].Color, p.LogY))
	}
	for _, s := range p.Series {
		plt.Add(errorBar{s, styles[s.Label], p.LogY})
	}
	for i, s := range p.Series {
		if err := addLine(plt, s, styles[s.Label], i, p.LogY); err != nil {
			return nil, err
		}
	}
	for _, s := range p.Series { // those without a visible point included
		for i, x := range s.X {
			if shown(s.Mean[i], false) && (x > 0 || !p.LogX) {
				plt.X.Min, plt.X.Max = min(plt.X.Min, x), max(plt.X.Max, x)
			}
		}
	}
	if plt.Y.Min, plt.Y.Max = p.ends(); plt.Y.Min == plt.Y.Max && !p.LogY {
		plt.Y.Min, plt.Y.Max = roomAround(plt.Y.Min)
	}
	if !slices.ContainsFunc(p.Series, func(s *Series) bool { return len(s.X) != 1 }) { // points without lines
		room := max(0.05*(plt.X.Max-plt.X.Min), 0.02*math.Abs(plt.X.Max))
		plt.X.Min, plt.X.Max = plt.X.Min-room, plt.X.Max+room
	}
	if plt.X.Max == 0 && plt.X.Min == 0 {
		plt.X.Max = 1 // what was measured before the first step
	}
	return plt, nil
}

// roomAround returns the ends of an axis that shows a single value.
func roomAround(x float64) (low, high float64) {
	room := max(0.1*math.Abs(x), 0.1)
	if x > 0 && x < room {
		room = x // nothing negative
	}
	return x - room, x + room
}

// drawn reports whether a panel has a value that its axes can show.
func (p *Panel) drawn() bool {
	return p.Plane != nil || !p.Empty() && (!p.LogY || positive(p, func(s *Series) []float64 { return s.Mean }))
}

// empty returns the plot of a panel without values.
func empty(p *Panel, paper Paper) (*plot.Plot, error) {
	why := "no results yet"
	for _, s := range p.Series {
		if s.Absent < len(s.Rows) || slices.ContainsFunc(s.Rows, func(r *report.Row) bool { return r.Run != nil }) {
			why = "no values"
			if !p.Empty() {
				why = "no value above 0"
			}
		}
	}
	plt := newPlot("", "", paper)
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: 0.5, Y: 0.5}}, Labels: []string{why}})
	if err != nil {
		return nil, err
	}
	labels.TextStyle[0] = textStyle(paper.FontSize)
	labels.TextStyle[0].XAlign, labels.TextStyle[0].YAlign = text.XCenter, text.YCenter
	plt.Add(labels)
	plt.X.Min, plt.X.Max, plt.Y.Min, plt.Y.Max = 0, 1, 0, 1
	plt.HideAxes()
	return plt, nil
}

// newGrid returns faint lines at the ticks.
func newGrid() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{232}, color.Gray{232}
	grid.Horizontal.Width, grid.Vertical.Width = vg.Points(0.4), vg.Points(0.4)
	return grid
}

func newPlot(x, y string, paper Paper) *plot.Plot {
	plt := plot.New()
	plt.BackgroundColor = nil // that of one panel would hide what stands out of another
	for _, axis := range []*plot.Axis{&plt.X, &plt.Y} {
		axis.Label.TextStyle.Font.Variant, axis.Tick.Label.Font.Variant = "Sans", "Sans"
		axis.Label.TextStyle.Font.Size, axis.Tick.Label.Font.Size = paper.FontSize, paper.small()
		axis.LineStyle.Width, axis.Tick.LineStyle.Width = vg.Points(0.5), vg.Points(0.4)
		axis.Tick.LineStyle.Color = color.Gray{112}
		axis.Tick.Length, axis.Padding = vg.Points(3.5), vg.Points(2)
	}
	plt.X.Label.Text, plt.Y.Label.Text = x, y
	return plt
}

// positive reports whether some value fits on a logarithmic axis.
func positive(p *Panel, values func(*Series) []float64) bool {
	return slices.ContainsFunc(p.Series, func(s *Series) bool {
		return slices.ContainsFunc(values(s), func(x float64) bool { return x > 0 && !math.IsInf(x, 1) })
	})
}

// shown reports whether a value can be drawn.
func shown(x float64, log bool) bool {
	return !math.IsNaN(x) && !math.IsInf(x, 0) && (!log || x > 0)
}

// Sizes of lines and markers.
const (
	lineWidth    = vg.Length(1)
	markerRadius = vg.Length(1.7)
)

// markEvery is roughly how many markers a line has.
const markEvery = 7

// addLine draws the mean with a few markers, which begin at a different point for each
// line so that equal lines can both be seen. It draws a cross at the end of a line
// of which runs diverged, which is early if all of them did.
func addLine(plt *plot.Plot, s *Series, style Style, index int, log bool) error {
	var stretch, marked plotter.XYs
	flush := func() error {
		if len(stretch) > 1 {
			line, err := plotter.NewLine(stretch)
			if err != nil {
				return err
			}
			line.Color, line.Dashes, line.Width = style.Color, style.Dashes, lineWidth
			plt.Add(line)
		}
		stretch = nil
		return nil
	}
	every := max(1, len(s.X)/markEvery)
	for i, x := range s.X {
		if !shown(s.Mean[i], log) {
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		xy := plotter.XY{X: x, Y: s.Mean[i]}
		stretch = append(stretch, xy)
		if i%every == index%every || len(s.X) == 1 {
			marked = append(marked, xy)
		}
	}
	if err := flush(); err != nil {
		return err
	}
	plt.Add(marks{marked, draw.GlyphStyle{Color: style.Color, Radius: markerRadius, Shape: style.Marker}})
	plt.Add(marks{s.ends(log), draw.GlyphStyle{Color: style.Color, Radius: 2 * markerRadius, Shape: draw.CrossGlyph{}}})
	return nil
}

// ends returns the last point of a line of which runs diverged.
func (s *Series) ends(log bool) plotter.XYs {
	for i := len(s.X) - 1; i >= 0 && s.Diverged > 0 && !s.Along; i-- {
		if shown(s.Mean[i], log) {
			return plotter.XYs{{X: s.X[i], Y: s.Mean[i]}}
		}
	}
	return nil
}

// marks are glyphs at points. They may extend beyond the axes, which end at the data.
type marks struct {
	at    plotter.XYs
	style draw.GlyphStyle
}

// Plot implements plot.Plotter.
func (m marks) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	for _, p := range m.at {
		c.DrawGlyph(m.style, vg.Point{X: x(p.X), Y: y(p.Y)})
	}
}
