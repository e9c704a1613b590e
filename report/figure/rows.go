package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// rowsPanel draws a panel whose series stand below each other, each with its name at the
// left: points of single runs, or an estimate with its interval.
func rowsPanel(p *Panel, styles map[string]Style, paper Paper) (*plot.Plot, error) {
	if !p.drawnAlong() {
		return empty(p, paper)
	}
	plt := newPlot(p.XLabel, "", paper)
	if p.LogX {
		plt.X.Scale = plot.LogScale{}
	}
	plt.Y.Min, plt.Y.Max = -0.5, float64(len(p.Rows))-0.5
	plt.Y.LineStyle.Width, plt.Y.Tick.LineStyle.Width = 0, 0
	plt.X.Min, plt.X.Max = p.endsAlong()
	plt.Add(newGrid(), rule{p})
	for _, s := range p.Series {
		style := styles[s.Label]
		if s.Style != nil {
			style = *s.Style
		}
		plt.Add(rowOf{p, s, style})
	}
	plt.Add(groupBars{p})
	return plt, nil
}

// drawnAlong reports whether the horizontal axis can show some value.
func (p *Panel) drawnAlong() bool {
	for _, s := range p.Series {
		for _, x := range append(s.Points[:len(s.Points):len(s.Points)], s.Mean...) {
			if shown(x, p.LogX) {
				return true
			}
		}
	}
	return false
}

// endsAlong returns the ends of the horizontal axis: all points, estimates and intervals,
// and the line at p.Null, with a little room.
func (p *Panel) endsAlong() (low, high float64) {
	all := span{math.Inf(1), math.Inf(-1)}
	for _, s := range p.Series {
		values := append(s.Points[:len(s.Points):len(s.Points)], s.Mean...)
		if len(s.Points) == 0 {
			values = append(append(values, s.Low...), s.High...)
		}
		for _, x := range values {
			if shown(x, p.LogX) {
				all.add(x)
			}
		}
	}
	if shown(p.Null, p.LogX) {
		all.add(p.Null)
	}
	if p.LogX {
		return all.low * 0.9, all.high * 1.1
	}
	room := 0.04 * (all.high - all.low)
	if room == 0 {
		_, high := roomAround(all.high)
		room = high - all.high
	}
	if len(p.Groups) > 0 {
		all.high += room * 2 // for the bars
	}
	below, above := p.open()
	if below {
		all.low -= room // for the arrow
	}
	if above {
		all.high += room
	}
	return all.low - room, all.high + room
}

// cutAlong reports whether some band of a strip reaches beyond the axis.
func (p *Panel) cutAlong() bool {
	low, high := p.endsAlong()
	for _, s := range p.Series {
		if len(s.Points) > 0 && len(s.Mean) == 1 && (s.Low[0] < low || s.High[0] > high) {
			return true
		}
	}
	return false
}

// place returns the height of the row of a series.
func (p *Panel) place(label string) float64 {
	for i, name := range p.Rows {
		if name == label {
			return float64(len(p.Rows) - 1 - i)
		}
	}
	return math.NaN()
}

// named labels the rows of a panel.
type named struct {
	rows  []string
	title func(string) string
}

// Ticks implements plot.Ticker.
func (n named) Ticks(_, _ float64) (ticks []plot.Tick) {
	for i, label := range n.rows {
		ticks = append(ticks, plot.Tick{Value: float64(len(n.rows) - 1 - i), Label: n.title(label)})
	}
	return ticks
}

// rule is the vertical line at the value that stands for no difference.
type rule struct{ panel *Panel }

// Plot implements plot.Plotter.
func (r rule) Plot(c draw.Canvas, plt *plot.Plot) {
	if !shown(r.panel.Null, r.panel.LogX) {
		return
	}
	x, _ := plt.Transforms(&c)
	at := x(r.panel.Null)
	c.StrokeLine2(draw.LineStyle{Color: color.Gray{96}, Width: vg.Points(0.7)}, at, c.Min.Y, at, c.Max.Y)
}

// rowOf draws a series in its row.
type rowOf struct {
	panel  *Panel
	series *Series
	style  Style
}

// Parts of the height of a row that points, bands and strokes take, each to both sides.
const (
	spread = 0.22
	bandOf = 0.3
	stroke = 0.36
)

// Plot implements plot.Plotter.
func (r rowOf) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	s, at := r.series, r.panel.place(r.series.Label)
	ok := func(v float64) bool { return shown(v, r.panel.LogX) }
	strip := len(s.Points) > 0
	switch {
	case len(s.Mean) != 1:
	case !strip:
		r.interval(c, x, y(at))
	case ok(s.Low[0]) && ok(s.High[0]):
		low, high := max(x(s.Low[0]), c.Min.X), min(x(s.High[0]), c.Max.X)
		light := r.style.Color
		light.A = 60
		c.FillPolygon(light, []vg.Point{{X: low, Y: y(at - bandOf)}, {X: high, Y: y(at - bandOf)}, {X: high, Y: y(at + bandOf)}, {X: low, Y: y(at + bandOf)}})
	}
	for _, end := range []float64{r.panel.Null - s.Margin, r.panel.Null + s.Margin} {
		if s.Margin > 0 && ok(end) && c.Min.X <= x(end) && x(end) <= c.Max.X {
			c.StrokeLine2(draw.LineStyle{Color: color.Gray{96}, Width: lineWidth}, x(end), y(at-bandOf), x(end), y(at+bandOf))
		}
	}
	for i, v := range s.Points {
		if ok(v) {
			up := spread * (2*math.Mod(float64(i)*0.618033988749895+0.5, 1) - 1) // spread evenly, the same each time
			c.DrawGlyph(draw.GlyphStyle{Color: r.style.Color, Radius: markerRadius, Shape: r.style.Marker}, vg.Point{X: x(v), Y: y(at + up)})
		}
	}
	if len(s.Mean) != 1 || !ok(s.Mean[0]) {
		return
	}
	if m := x(s.Mean[0]); strip {
		c.StrokeLine2(draw.LineStyle{Color: color.Black, Width: lineWidth}, m, y(at-stroke), m, y(at+stroke))
	} else {
		c.DrawGlyph(draw.GlyphStyle{Color: r.style.Color, Radius: 1.4 * markerRadius, Shape: r.style.Marker}, vg.Point{X: m, Y: y(at)})
	}
}

// interval draws the interval of an estimate, with an arrow to the edge on a side where it
// has no end.
func (r rowOf) interval(c draw.Canvas, x func(float64) vg.Length, y vg.Length) {
	low, high := r.series.Low[0], r.series.High[0]
	if math.IsNaN(low) || math.IsNaN(high) {
		return
	}
	line := draw.LineStyle{Color: r.style.Color, Width: lineWidth}
	tip := func(at, back vg.Length) {
		c.StrokeLines(line, []vg.Point{{X: at + back, Y: y + markerRadius}, {X: at, Y: y}, {X: at + back, Y: y - markerRadius}})
	}
	from, to := c.Min.X, c.Max.X
	if math.IsInf(low, -1) {
		tip(from, markerRadius)
	} else {
		from = x(low)
	}
	if math.IsInf(high, 1) {
		tip(to, -markerRadius)
	} else {
		to = x(high)
	}
	c.StrokeLine2(line, from, y, to, y)
}

// open reports whether some interval of a panel of estimates has no end below, or above.
func (p *Panel) open() (below, above bool) {
	for _, s := range p.Series {
		if len(s.Points) == 0 && len(s.Mean) == 1 {
			below, above = below || math.IsInf(s.Low[0], -1), above || math.IsInf(s.High[0], 1)
		}
	}
	return below, above
}

// groupBars are the bars over rows that cannot be told apart, each right of the last of
// its rows.
type groupBars struct{ panel *Panel }

// Plot implements plot.Plotter.
func (g groupBars) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	for _, group := range g.panel.Groups {
		right := math.Inf(-1)
		for _, s := range g.panel.Series {
			if at := g.panel.place(s.Label); at == float64(len(g.panel.Rows)-1-group[1]) && len(s.Mean) == 1 {
				right = s.Mean[0]
			}
		}
		if shown(right, false) {
			at := x(right) + 3*markerRadius
			c.StrokeLine2(draw.LineStyle{Color: color.Black, Width: 2 * lineWidth}, at, y(float64(len(g.panel.Rows)-1-group[0])+stroke), at, y(float64(len(g.panel.Rows)-1-group[1])-stroke))
		}
	}
}
