package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws the figure on a canvas of its size.
func (d *drawing) draw(c draw.Canvas) {
	w, h := d.paper.Width, d.height
	c.FillPolygon(color.White, []vg.Point{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}})
	y := h - margin
	d.paragraph(c, d.title, d.paper.FontSize+1, y)
	y -= d.titleHeight()
	x := (w - d.frame.X - d.right()) / 2
	d.grid(c, vg.Point{X: x, Y: y})
	y -= d.frame.Y + gap/2
	for _, l := range d.legend {
		l.draw(c, vg.Point{X: max(margin, (w-l.width())/2), Y: y})
		y -= l.height() + gap/2
	}
	d.paragraph(c, d.notes, d.paper.small(), y)
}

// paragraph draws lines of text one below the other.
func (d *drawing) paragraph(c draw.Canvas, lines []string, size, top vg.Length) {
	for i, line := range lines {
		c.FillText(textStyle(size), vg.Point{X: margin, Y: top - vg.Length(i)*size*leading}, line)
	}
}

// grid draws the panels with their titles, heads and colour bars, starting at the top
// left corner.
func (d *drawing) grid(c draw.Canvas, corner vg.Point) {
	around := d.around()
	y := corner.Y
	for i, row := range d.rows {
		y -= around.titles[i] + around.top[i]
		x := corner.X
		bottom := y - d.data.Y - around.bottom[i]
		for j, one := range row {
			left := x + around.left[j]
			if one != nil {
				d.panel(c, one, draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
					Min: vg.Point{X: left, Y: y - d.data.Y}, Max: vg.Point{X: left + d.data.X, Y: y},
				}})
			}
			x = left + d.data.X + around.right[j] + gap
		}
		y = bottom - gap
	}
}

// panel draws a plot whose data fills the given area.
func (d *drawing) panel(c draw.Canvas, one *cell, data draw.Canvas) {
	one.plot.Draw(d.outer(one.plot, data))
	style := textStyle(d.paper.FontSize)
	style.XAlign, style.YAlign = text.XCenter, text.YBottom
	middle := vg.Point{X: (data.Min.X + data.Max.X) / 2, Y: (data.Min.Y + data.Max.Y) / 2}
	for i, line := range one.title {
		up := vg.Length(len(one.title)-1-i)*d.paper.FontSize*leading + 2
		c.FillText(style, vg.Point{X: middle.X, Y: data.Max.Y + up}, line)
	}
	if one.head != "" {
		style.Rotation, style.YAlign = -math.Pi/2, text.YBottom
		lines := wrapped(one.head, d.paper.FontSize, d.room.Y)
		for i, line := range lines {
			right := vg.Length(len(lines)-1-i) * d.paper.FontSize * leading
			c.FillText(style, vg.Point{X: data.Max.X + d.overhang + right, Y: middle.Y}, line)
		}
	}
	if one.ceiling > 0 {
		d.colorBar(c, one.ceiling, data)
	}
}

// outer returns the canvas, axes included, of a plot whose data fills the given area.
func (d *drawing) outer(p *plot.Plot, data draw.Canvas) draw.Canvas {
	out := data
	for range 4 { // labels at the ends of axes may extend beyond the data, depending on its size
		got := p.DataCanvas(out)
		out.Min.X += data.Min.X - got.Min.X
		out.Min.Y += data.Min.Y - got.Min.Y
		out.Max.X += data.Max.X - got.Max.X
		out.Max.Y += data.Max.Y - got.Max.Y
	}
	return out
}

// colorBarWidth is the width of a colour bar without its numbers.
const colorBarWidth = vg.Length(7)

// colorBar draws the shades to the right of a panel, with numbers.
func (d *drawing) colorBar(c draw.Canvas, ceiling float64, data draw.Canvas) {
	left, right := data.Max.X+gap, data.Max.X+gap+colorBarWidth
	low, height := data.Min.Y, data.Max.Y-data.Min.Y
	const steps = 100
	for i := range steps { // each from its own position to the top, to avoid seams
		y := low + height*vg.Length(i)/steps
		c.FillPolygon(shade((float64(i)+0.5)/steps), []vg.Point{{X: left, Y: y}, {X: right, Y: y}, {X: right, Y: data.Max.Y}, {X: left, Y: data.Max.Y}})
	}
	thin := draw.LineStyle{Color: color.Gray{112}, Width: vg.Points(0.4)}
	c.StrokeLines(thin, []vg.Point{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: data.Max.Y}, {X: left, Y: data.Max.Y}, {X: left, Y: low}})
	style := textStyle(d.paper.small())
	style.YAlign = text.YCenter
	for _, t := range (linear{d.down}).Ticks(0, ceiling) {
		if y := low + vg.Length(t.Value/ceiling)*height; t.Label != "" {
			c.StrokeLine2(thin, right, y, right+2, y)
			c.FillText(style, vg.Point{X: right + 4, Y: y}, t.Label)
		}
	}
}
