package figure

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/report/tune"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Plane shows the scores of an arm's settings over two hyperparameters.
type Plane struct {
	X, Y, Score []float64 // of each setting
	Shade       []float64 // from 0, the worst, to 1, the best
	Chosen      int       // -1: none

	edgesX, edgesY []float64 // of the cells of a full grid; nil: settings are drawn as discs
}

// Planes draws the scores of an arm's settings over each pair of its numeric
// hyperparameters: a cell for each setting if they form a grid, otherwise a disc. The
// error is usage.ErrNoMatch if no arm has two.
func Planes(s *report.Sweep, arms []*tune.Arm) (*Figure, error) {
	f := &Figure{Spec: &suites.Figure{Name: "planes", Title: "Scores over two hyperparameters", Kind: "curves", Auto: true}}
	for _, a := range arms {
		for i := range a.Tuned {
			for j := i + 1; j < len(a.Tuned); j++ {
				plane := planeOf(a, i, j)
				if plane == nil {
					continue
				}
				p := &Panel{Label: a.Name, XLabel: lastPart(a.Tuned[i]), YLabel: lastPart(a.Tuned[j]), LogX: wide(plane.X), LogY: wide(plane.Y), Plane: plane}
				plane.edgesX, plane.edgesY = edges(plane.X, p.LogX), edges(plane.Y, p.LogY)
				if !plane.full() {
					plane.edgesX, plane.edgesY = nil, nil
				}
				f.Panels = append(f.Panels, p)
			}
		}
	}
	if len(f.Panels) == 0 {
		return nil, fmt.Errorf("%w: no arm has two hyperparameters that are numbers", usage.ErrNoMatch)
	}
	f.Notes = append(f.Notes, fmt.Sprintf("numbers: %s, mean over the tuning seeds; dark is good, light is poor; framed: the chosen setting; settings in which a seed failed are left out; the values are %s", sheet.MetricText(s.Suite.Tune.Metric), tune.CommonText(arms)))
	return f, nil
}

// planeOf returns the plane of two tuned columns, or nil if one is not numeric or does
// not vary, or if fewer than two settings have a score.
func planeOf(a *tune.Arm, i, j int) *Plane {
	p := &Plane{Chosen: -1}
	for _, x := range a.Settings {
		u, ok1 := x.Values[i].Number()
		v, ok2 := x.Values[j].Number()
		if !ok1 || !ok2 {
			return nil
		}
		if math.IsNaN(x.Common) {
			continue
		}
		if x == a.Chosen {
			p.Chosen = len(p.X)
		}
		p.X, p.Y, p.Score = append(p.X, u), append(p.Y, v), append(p.Score, x.Common)
	}
	if len(p.X) < 2 || slices.Min(p.X) == slices.Max(p.X) || slices.Min(p.Y) == slices.Max(p.Y) {
		return nil
	}
	scale := func(x float64) float64 { return x }
	if wide(p.Score) {
		scale = math.Log
	}
	low, high := scale(slices.Min(p.Score)), scale(slices.Max(p.Score))
	for _, x := range p.Score {
		t := (scale(x) - low) / cmp.Or(high-low, 1)
		if a.Better == stats.LowerIsBetter {
			t = 1 - t
		}
		p.Shade = append(p.Shade, t)
	}
	return p
}

// lastPart returns the name of a column without the table that it is in, as legends do:
// axes are short.
func lastPart(column string) string { return column[strings.LastIndex(column, ".")+1:] }

// wide reports whether values are positive and span more than a factor of ten, which a
// logarithmic scale shows best.
func wide(values []float64) bool {
	return slices.Min(values) > 0 && slices.Max(values) > 10*slices.Min(values)
}

// edges returns the edges of cells around the distinct values.
func edges(values []float64, log bool) []float64 {
	at := slices.Clone(values)
	slices.Sort(at)
	at = slices.Compact(at)
	to, from := func(x float64) float64 { return x }, func(x float64) float64 { return x }
	if log {
		to, from = math.Log, math.Exp
	}
	n := len(at)
	list := []float64{from(to(at[0]) - (to(at[1])-to(at[0]))/2)}
	for i := 1; i < n; i++ {
		list = append(list, from((to(at[i-1])+to(at[i]))/2))
	}
	return append(list, from(to(at[n-1])+(to(at[n-1])-to(at[n-2]))/2))
}

// full reports whether the settings form a full grid.
func (p *Plane) full() bool { return (len(p.edgesX)-1)*(len(p.edgesY)-1) == len(p.X) }

// plot draws the plane.
func (p *Plane) plot(panel *Panel, paper Paper) *plot.Plot {
	plt := newPlot(panel.XLabel, panel.YLabel, paper)
	if panel.LogX {
		plt.X.Scale = plot.LogScale{}
	}
	if panel.LogY {
		plt.Y.Scale = plot.LogScale{}
	}
	x, y := edges(p.X, panel.LogX), edges(p.Y, panel.LogY)
	plt.X.Min, plt.X.Max, plt.Y.Min, plt.Y.Max = x[0], x[len(x)-1], y[0], y[len(y)-1]
	if p.edgesX == nil { // room for the number above the highest disc
		room := (y[len(y)-1] - y[0]) / 8
		if panel.LogY {
			room = y[len(y)-1] * (math.Pow(y[len(y)-1]/y[0], 1./8) - 1)
		}
		plt.Y.Max += room
	}
	plt.Add(scores{p, paper})
	return plt
}

// scores plots the settings of a plane.
type scores struct {
	*Plane
	paper Paper
}

// mostNumbered is the largest number of settings that get numbers.
const mostNumbered = 30

// Plot implements plot.Plotter.
func (s scores) Plot(c draw.Canvas, plt *plot.Plot) {
	style := textStyle(s.paper.small())
	style.XAlign, style.YAlign = text.XCenter, text.YCenter
	for i := range s.X {
		fill := shade(0.1 + 0.75*s.Shade[i])
		frame := draw.LineStyle{Color: color.White, Width: vg.Points(0.5)}
		if i == s.Chosen {
			frame = draw.LineStyle{Color: vermillion, Width: vg.Points(1.5)}
		}
		outline, label := s.outline(i, c, plt)
		c.FillPolygon(fill, outline)
		c.StrokeLines(frame, append(outline, outline[0]))
		style.Color = color.Black
		if s.edgesX != nil && s.Shade[i] > 0.5 {
			style.Color = color.White
		}
		if len(s.X) <= mostNumbered {
			c.FillText(style, label, plainPowers(number.Brief(s.Score[i])))
		}
	}
}

// outline returns the shape of a setting and the position of its number.
func (s scores) outline(i int, c draw.Canvas, plt *plot.Plot) (shape []vg.Point, label vg.Point) {
	x, y := plt.Transforms(&c)
	middle := vg.Point{X: x(s.X[i]), Y: y(s.Y[i])}
	if s.edgesX == nil {
		const radius, corners = 3.2, 24
		for k := range corners {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / corners)
			shape = append(shape, vg.Point{X: middle.X + radius*vg.Length(cos), Y: middle.Y + radius*vg.Length(sin)})
		}
		return shape, vg.Point{X: middle.X, Y: middle.Y + radius + s.paper.small()*0.6}
	}
	left, right := between(s.edgesX, s.X[i])
	low, high := between(s.edgesY, s.Y[i])
	return []vg.Point{{X: x(left), Y: y(low)}, {X: x(right), Y: y(low)}, {X: x(right), Y: y(high)}, {X: x(left), Y: y(high)}}, middle
}

// between returns the edges around a value.
func between(edges []float64, x float64) (low, high float64) {
	i, _ := slices.BinarySearch(edges, x)
	return edges[i-1], edges[i]
}
