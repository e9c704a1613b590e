package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// front is the Pareto front of a panel, as steps: at any cost the best that is had for no
// more.
type front struct{ panel *Panel }

// Plot implements plot.Plotter.
func (f front) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	var line []vg.Point
	for _, at := range f.panel.Front {
		if !shown(at[0], f.panel.LogX) || !shown(at[1], f.panel.LogY) {
			continue
		}
		p := vg.Point{X: x(at[0]), Y: y(at[1])}
		if len(line) > 0 {
			line = append(line, vg.Point{X: p.X, Y: line[len(line)-1].Y})
		}
		line = append(line, p)
	}
	if len(line) > 0 {
		c.StrokeLines(draw.LineStyle{Color: color.Gray{150}, Width: vg.Points(0.7), Dashes: []vg.Length{vg.Points(2), vg.Points(2)}}, append(line, vg.Point{X: c.Max.X, Y: line[len(line)-1].Y}))
	}
}

// errorBar is the interval of a series of one point.
type errorBar struct {
	series *Series
	style  Style
	log    bool
}

// Plot implements plot.Plotter.
func (e errorBar) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	s := e.series
	if len(s.X) != 1 || !shown(s.Low[0], e.log) || !shown(s.High[0], e.log) {
		return
	}
	at, low, high := x(s.X[0]), max(y(s.Low[0]), c.Min.Y), min(y(s.High[0]), c.Max.Y)
	c.StrokeLine2(draw.LineStyle{Color: e.style.Color, Width: vg.Points(0.6)}, at, low, at, high)
}
