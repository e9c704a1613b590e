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

// panel draws the lines of a panel, their bands behind them; of one without
// values it says so, and draws no axes.
func panel(p *Panel, styles map[string]Style) (*plot.Plot, error) {
	if p.Empty() || p.LogY && !positive(p, func(s *Series) []float64 { return s.Mean }) {
		return empty(p)
	}
	plt := newPlot(p.XLabel, p.YLabel)
	logX := p.LogX && positive(p, func(s *Series) []float64 { return s.X })
	logY := p.LogY
	if logX {
		plt.X.Scale, plt.X.Tick.Marker = plot.LogScale{}, doublings(p)
	}
	if logY {
		plt.Y.Scale, plt.Y.Tick.Marker = plot.LogScale{}, decades{}
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{232}, color.Gray{232}
	grid.Horizontal.Width, grid.Vertical.Width = vg.Points(0.4), vg.Points(0.4)
	plt.Add(grid)
	for _, s := range p.Series {
		if err := addBand(plt, s, styles[s.Label], logY); err != nil {
			return nil, err
		}
	}
	for i, s := range p.Series {
		if err := addLine(plt, s, styles[s.Label], i, logY); err != nil {
			return nil, err
		}
	}
	switch {
	case logY: // so that a tick has a label
		plt.Y.Min, plt.Y.Max = plt.Y.Min*0.9, plt.Y.Max*1.1
	case plt.Y.Min > 0 && plt.Y.Min < 0.5*plt.Y.Max:
		plt.Y.Min = 0
	}
	return plt, nil
}

// empty returns the plot of a panel without values.
func empty(p *Panel) (*plot.Plot, error) {
	why := "no results yet"
	for _, s := range p.Series {
		if s.Absent < len(s.Rows) || slices.ContainsFunc(s.Rows, func(r *report.Row) bool { return r.Run != nil }) {
			why = "no values"
			if !p.Empty() {
				why = "no value above 0"
			}
		}
	}
	plt := newPlot("", "")
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: 0.5, Y: 0.5}}, Labels: []string{why}})
	if err != nil {
		return nil, err
	}
	labels.TextStyle[0] = textStyle(vg.Points(8))
	labels.TextStyle[0].XAlign, labels.TextStyle[0].YAlign = text.XCenter, text.YCenter
	plt.Add(labels)
	plt.X.Min, plt.X.Max, plt.Y.Min, plt.Y.Max = 0, 1, 0, 1
	plt.HideAxes()
	return plt, nil
}

func newPlot(x, y string) *plot.Plot {
	plt := plot.New()
	plt.X.Label.Text, plt.Y.Label.Text = x, y
	for _, style := range []*text.Style{&plt.X.Label.TextStyle, &plt.Y.Label.TextStyle, &plt.X.Tick.Label, &plt.Y.Tick.Label, &plt.Legend.TextStyle} {
		style.Font.Variant = "Sans"
		style.Font.Size = vg.Points(8)
	}
	plt.X.Tick.Label.Font.Size, plt.Y.Tick.Label.Font.Size = vg.Points(7), vg.Points(7)
	plt.X.Padding, plt.Y.Padding = vg.Points(2), vg.Points(2)
	plt.X.Tick.Marker, plt.Y.Tick.Marker = linear{}, linear{}
	return plt
}

// positive reports whether some value can stand on a logarithmic axis.
func positive(p *Panel, values func(*Series) []float64) bool {
	return slices.ContainsFunc(p.Series, func(s *Series) bool {
		return slices.ContainsFunc(values(s), func(x float64) bool { return x > 0 && !math.IsInf(x, 1) })
	})
}

// shown reports whether a value can be drawn.
func shown(x float64, log bool) bool {
	return !math.IsNaN(x) && !math.IsInf(x, 0) && (!log || x > 0)
}

// addBand draws the interval of each point, in stretches without gaps.
func addBand(plt *plot.Plot, s *Series, style Style, log bool) error {
	fill := style.Color
	fill.A = 44
	var low, high plotter.XYs
	flush := func() error {
		if len(low) > 1 {
			ring := slices.Clone(high)
			slices.Reverse(low)
			polygon, err := plotter.NewPolygon(append(ring, low...))
			if err != nil {
				return err
			}
			polygon.Color, polygon.LineStyle.Width = fill, 0
			plt.Add(polygon)
		}
		low, high = nil, nil
		return nil
	}
	for i, x := range s.X {
		l, h := s.Low[i], s.High[i]
		if log && shown(h, true) && l <= 0 {
			l = h * 1e-3 // runs off the axis
			if s.Mean[i] > 0 {
				l = min(s.Mean[i], h) / 3
			}
		}
		if !shown(l, log) || !shown(h, log) {
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		low, high = append(low, plotter.XY{X: x, Y: l}), append(high, plotter.XY{X: x, Y: h})
	}
	return flush()
}

// markEvery is about how many markers a line has.
const markEvery = 7

// addLine draws the mean, with a few markers that begin at another point for
// each line, so that equal lines are both seen; and a cross where it ends early.
func addLine(plt *plot.Plot, s *Series, style Style, index int, log bool) error {
	var stretch, marked plotter.XYs
	flush := func() error {
		if len(stretch) > 1 {
			line, err := plotter.NewLine(stretch)
			if err != nil {
				return err
			}
			line.Color, line.Dashes, line.Width = style.Color, style.Dashes, vg.Points(1.1)
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
	var end plotter.XYs
	if s.Diverged > 0 && len(stretch) > 0 {
		end = stretch[len(stretch)-1:]
	}
	if err := flush(); err != nil {
		return err
	}
	if err := addGlyphs(plt, marked, draw.GlyphStyle{Color: style.Color, Radius: vg.Points(1.9), Shape: style.Marker}); err != nil {
		return err
	}
	return addGlyphs(plt, end, draw.GlyphStyle{Color: style.Color, Radius: vg.Points(4), Shape: draw.CrossGlyph{}})
}

func addGlyphs(plt *plot.Plot, at plotter.XYs, style draw.GlyphStyle) error {
	if len(at) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(at)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = style
	plt.Add(scatter)
	return nil
}
