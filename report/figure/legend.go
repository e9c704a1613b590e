package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend says what each line is, below the panels, in columns of equal width that are
// filled one after the other.
type legend struct {
	entries       []entry
	columns, rows int
	column        vg.Length // width of a column, including the space to the next
	size          vg.Length // size of its type
	deep          int       // number of lines of text in an entry
}

// An entry is one line of the legend.
type entry struct {
	lines []string
	style Style
}

const (
	thumbnail = vg.Length(20) // width of an entry's line
	aside     = vg.Length(4)  // between the line and its text
	apart     = vg.Length(10) // between columns
	leading   = 1.25          // distance between lines of text, in sizes of type
)

// newLegend lays out the entries in a width. Lines with two columns in every combination,
// such as objective and control variate, are arranged in columns by the first if these
// fit.
func newLegend(f *Figure, styles map[string]Style, width vg.Length, paper Paper) *legend {
	l := &legend{size: paper.FontSize, deep: 1}
	style := textStyle(l.size)
	widest := vg.Length(0)
	for _, label := range f.Labels {
		e := entry{style: styles[label]}
		e.lines = wrapped(f.Name(label)+f.unseen(label), l.size, width-thumbnail-aside)
		for _, line := range e.lines {
			widest = max(widest, style.Width(line))
		}
		l.deep = max(l.deep, len(e.lines))
		l.entries = append(l.entries, e)
	}
	if len(l.entries) == 0 {
		return l
	}
	l.column = thumbnail + aside + widest + apart
	most := max(1, int((width+apart)/l.column))
	l.rows = (len(l.entries) + most - 1) / most
	if factors := f.factors(); len(factors) == 2 {
		if a, b := len(factors[0].levels), len(factors[1].levels); a*b == len(l.entries) && a <= most && b >= l.rows && b <= 6 {
			l.rows = b
		}
	}
	l.columns = (len(l.entries) + l.rows - 1) / l.rows
	return l
}

// unseen says why no axis of the figure can show a line.
func (f *Figure) unseen(label string) string {
	values := false
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if s.Label != label {
				continue
			}
			for i := range s.Mean {
				if shown(s.Mean[i], p.LogY) {
					return ""
				}
				values = values || shown(s.Mean[i], false)
			}
		}
	}
	if values {
		return " (no value above 0)"
	}
	return " (no values)"
}

// width returns the width of all columns.
func (l *legend) width() vg.Length {
	if l.columns == 0 {
		return 0
	}
	return vg.Length(l.columns)*l.column - apart
}

// height returns the height of the rows.
func (l *legend) height() vg.Length { return vg.Length(l.rows*l.deep) * l.size * leading }

// draw draws the entries from the top left corner.
func (l *legend) draw(c draw.Canvas, corner vg.Point) {
	style := textStyle(l.size)
	style.YAlign = draw.YCenter
	for i, e := range l.entries {
		x := corner.X + vg.Length(i/l.rows)*l.column
		y := corner.Y - (vg.Length(i%l.rows*l.deep)+0.5)*l.size*leading
		c.StrokeLine2(draw.LineStyle{Color: e.style.Color, Width: lineWidth, Dashes: e.style.Dashes}, x, y, x+thumbnail, y)
		c.DrawGlyph(draw.GlyphStyle{Color: e.style.Color, Radius: markerRadius, Shape: e.style.Marker}, vg.Point{X: x + thumbnail/2, Y: y})
		for j, line := range e.lines {
			c.FillText(style, vg.Point{X: x + thumbnail + aside, Y: y - vg.Length(j)*l.size*leading}, line)
		}
	}
}
