package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A band is the shaded area of a line, in stretches without gaps. Parts beyond the axes
// are cut off.
type band struct {
	stretches []stretch
	color     color.NRGBA
}

type stretch struct{ low, high plotter.XYs }

// newBand returns the band of a series. On a logarithmic axis a band that reaches 0 runs
// off the axis.
func newBand(s *Series, c color.NRGBA, log bool) *band {
	c.A = 44
	b := &band{color: c}
	open := false
	for i, x := range s.X {
		low, high := s.Low[i], s.High[i]
		if log && shown(high, true) && low <= 0 {
			low = math.SmallestNonzeroFloat32
		}
		if !shown(low, log) || !shown(high, log) {
			open = false
			continue
		}
		if !open {
			b.stretches = append(b.stretches, stretch{})
			open = true
		}
		last := &b.stretches[len(b.stretches)-1]
		last.low, last.high = append(last.low, plotter.XY{X: x, Y: low}), append(last.high, plotter.XY{X: x, Y: high})
	}
	return b
}

// Plot implements plot.Plotter.
func (b *band) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	for _, s := range b.stretches {
		var ring []vg.Point
		for _, p := range s.high {
			ring = append(ring, vg.Point{X: x(p.X), Y: y(p.Y)})
		}
		for _, p := range slices.Backward(s.low) {
			ring = append(ring, vg.Point{X: x(p.X), Y: y(p.Y)})
		}
		c.FillPolygon(b.color, c.ClipPolygonXY(ring))
	}
}

// beyond is how far bands may stretch an axis, as a fraction of the span of the lines.
const beyond = 0.5

// ends returns the ends of the vertical axis. It shows all lines, and bands up to a bound
// beyond which they would flatten the lines.
func (p *Panel) ends() (low, high float64) {
	_, value := p.scale()
	lines, bands := p.spans()
	span := lines.high - lines.low
	if span == 0 { // a single value: its band is all there is to see
		return value(min(lines.low, bands.low)), value(max(lines.high, bands.high))
	}
	return value(min(lines.low, max(bands.low, lines.low-beyond*span))), value(max(lines.high, min(bands.high, lines.high+beyond*span)))
}

// cut reports whether some band reaches beyond the axis.
func (p *Panel) cut() bool {
	lines, bands := p.spans()
	span := lines.high - lines.low
	return span > 0 && (bands.low < lines.low-beyond*span || bands.high > lines.high+beyond*span)
}

// scale returns the function that the vertical axis applies to values, and its inverse.
func (p *Panel) scale() (at, value func(float64) float64) {
	if p.LogY {
		return math.Log, math.Exp
	}
	same := func(x float64) float64 { return x }
	return same, same
}

// A span is the part of an axis that some values take up.
type span struct{ low, high float64 }

func (s *span) add(x float64) { s.low, s.high = min(s.low, x), max(s.high, x) }

// spans returns the spans of the lines and of their bands on the vertical axis, as far as
// it can show them.
func (p *Panel) spans() (lines, bands span) {
	at, _ := p.scale()
	lines = span{math.Inf(1), math.Inf(-1)}
	bands = lines
	for _, s := range p.Series {
		for i, x := range s.Mean {
			if !shown(x, p.LogY) {
				continue
			}
			lines.add(at(x))
			for _, y := range []float64{s.Low[i], s.High[i]} {
				if shown(y, p.LogY) {
					bands.add(at(y))
				}
			}
		}
	}
	return lines, bands
}
