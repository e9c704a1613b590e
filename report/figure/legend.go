package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend says what each line is, below the panels, in columns that are filled one after
// the other.
type legend struct {
	entries []entry
	columns []vg.Length // width of each, including the space to the next
	rows    []int       // lines of text in each
	size    vg.Length   // size of its type
}

// An entry is one line of the legend.
type entry struct {
	lines []string
	style Style
	bare  bool // a marker without a line
}

const (
	thumbnail = vg.Length(20) // width of an entry's line
	aside     = vg.Length(4)  // between the line and its text
	apart     = vg.Length(10) // between columns
	leading   = 1.25          // distance between lines of text, in sizes of type
)

// newLegend lays out the legend of a figure in a width. Long names are broken if that makes it
// lower.
func newLegend(f *Figure, styles map[string]Style, width vg.Length, paper Paper) (legends []*legend) {
	if f.keyed() {
		for _, block := range f.keys() {
			legends = append(legends, legendOf(block, width, width, paper))
		}
		return legends
	}
	if len(f.Labels) == 0 {
		return nil
	}
	entries := make([]entry, len(f.Labels))
	for i, label := range f.Labels {
		entries[i] = entry{lines: []string{f.Name(label) + f.unseen(label)}, style: styles[label]}
	}
	wide := legendOf(entries, width, width, paper)
	if factors := f.factors(); len(factors) == 2 && len(factors[0].levels)*len(factors[1].levels) == len(entries) && len(factors[1].levels) <= 6 {
		if full := *wide; full.arrange(len(factors[1].levels)) <= width { // columns by the first factor
			return []*legend{&full}
		}
	}
	if narrow := legendOf(entries, width/2, width, paper); narrow.height() < wide.height() {
		return []*legend{narrow}
	}
	return []*legend{wide}
}

// legendOf lays out entries of at most a width, in as few rows as fit.
func legendOf(entries []entry, most, width vg.Length, paper Paper) *legend {
	l := &legend{size: paper.FontSize, entries: slices.Clone(entries)}
	for i, e := range l.entries {
		l.entries[i].lines = wrapped(e.lines[0], l.size, most-thumbnail-aside-apart)
	}
	for rows := 1; l.arrange(rows) > width && rows < len(l.entries); {
		rows++
	}
	return l
}

// arrange puts the entries into so many rows, and returns the width.
func (l *legend) arrange(rows int) vg.Length {
	l.columns, l.rows = nil, make([]int, rows)
	style := textStyle(l.size)
	for column := range slices.Chunk(l.entries, rows) {
		widest := vg.Length(0)
		for i, e := range column {
			l.rows[i] = max(l.rows[i], len(e.lines))
			for _, line := range e.lines {
				widest = max(widest, style.Width(line))
			}
		}
		l.columns = append(l.columns, thumbnail+aside+widest+apart)
	}
	return l.width()
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
func (l *legend) width() (w vg.Length) {
	for _, c := range l.columns {
		w += c
	}
	return max(0, w-apart)
}

// height returns the height of the rows.
func (l *legend) height() vg.Length {
	lines := 0
	for _, n := range l.rows {
		lines += n
	}
	return vg.Length(lines) * l.size * leading
}

// draw draws the entries from the top left corner.
func (l *legend) draw(c draw.Canvas, corner vg.Point) {
	style := textStyle(l.size)
	style.YAlign = draw.YCenter
	next := l.entries
	for _, width := range l.columns {
		y := corner.Y - 0.5*l.size*leading
		for _, lines := range l.rows[:min(len(l.rows), len(next))] {
			l.drawEntry(c, next[0], vg.Point{X: corner.X, Y: y}, style)
			next, y = next[1:], y-vg.Length(lines)*l.size*leading
		}
		corner.X += width
	}
}

// drawEntry draws an entry whose first line is at a height.
func (l *legend) drawEntry(c draw.Canvas, e entry, at vg.Point, style draw.TextStyle) {
	if !e.bare {
		c.StrokeLine2(draw.LineStyle{Color: e.style.Color, Width: lineWidth, Dashes: e.style.Dashes}, at.X, at.Y, at.X+thumbnail, at.Y)
	}
	if e.style.Marker != nil {
		c.DrawGlyph(draw.GlyphStyle{Color: e.style.Color, Radius: markerRadius, Shape: e.style.Marker}, vg.Point{X: at.X + thumbnail/2, Y: at.Y})
	}
	for j, line := range e.lines {
		c.FillText(style, vg.Point{X: at.X + thumbnail + aside, Y: at.Y - vg.Length(j)*l.size*leading}, line)
	}
}
