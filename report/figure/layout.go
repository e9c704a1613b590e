package figure

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gfnbench/report/sheet"
)

// Sizes of a figure's parts.
const (
	panelWidth  = 6.2 * vg.Centimeter
	panelHeight = 4.8 * vg.Centimeter
	narrowWidth = 5.4 * vg.Centimeter // where a row has more than three panels
	square      = 4.6 * vg.Centimeter // of a density: its width
	gap         = 4 * vg.Millimeter
	lineHeight  = 11 // points, of the legend and the notes
	titleSpace  = 14 // points, above a panel
)

// A drawing is a figure laid out: plots in a grid, a legend to their right, the
// title above and the notes below.
type drawing struct {
	title         string
	notes         []string
	plots         [][]*plot.Plot // nil where the grid is not full
	titles        []string       // of the plots, in order
	entries       []entry
	width, height vg.Length // of the grid
}

// An entry is one line of the legend.
type entry struct {
	label string
	style Style
}

// lay lays out a figure.
func lay(f *Figure) (*drawing, error) {
	d := &drawing{title: f.Spec.Title, notes: slices.Clone(f.Notes)}
	if f.Spec.Where != "" {
		d.title = strings.TrimSpace(d.title + " (" + f.Spec.Where + ")")
	}
	var plots []*plot.Plot
	w, h := panelWidth, panelHeight
	columns := 0
	if f.Spec.Kind == "density" {
		w, h = square, square+vg.Points(titleSpace-2) // so that the picture is square
		for _, p := range f.Panels {
			top := ceiling(p.Densities)
			d.notes = append(d.notes, scale(p, top, len(f.Panels) > 1))
			for _, one := range p.Densities {
				title := one.Label
				if len(f.Panels) > 1 {
					title = p.Label + ": " + title
				}
				plots, d.titles = append(plots, heat(one, top)), append(d.titles, title)
				if one.Note != "" && !slices.Contains(d.notes, one.Label+": "+one.Note) {
					d.notes = append(d.notes, one.Label+": "+one.Note)
				}
			}
			columns = max(columns, len(p.Densities))
		}
		columns = min(columns, 5)
	} else {
		styles := Styles(f)
		for _, p := range f.Panels {
			plt, err := panel(p, styles)
			if err != nil {
				return nil, fmt.Errorf("panel %s: %w", p.Label, err)
			}
			plots, d.titles = append(plots, plt), append(d.titles, p.Label)
		}
		for _, label := range f.Labels {
			d.entries = append(d.entries, entry{label, styles[label]})
		}
		if columns = columnsOf(f.Panels); columns > 3 {
			w = narrowWidth
		}
	}
	for chunk := range slices.Chunk(plots, max(1, columns)) {
		row := make([]*plot.Plot, columns)
		copy(row, chunk)
		d.plots = append(d.plots, row)
	}
	d.width = vg.Length(columns)*(w+gap) - gap
	d.height = vg.Length(len(d.plots))*(h+gap) - gap
	return d, nil
}

// columnsOf returns how many panels a row has: where they are of two columns, such as
// environment and objective, as many as there are of the second, if these fit.
func columnsOf(panels []*Panel) int {
	const most = 5
	rows, each, first := 0, 0, ""
	for _, p := range panels {
		a, _, ok := strings.Cut(p.Label, "/")
		if !ok {
			rows = 0
			break
		}
		if a != first {
			first, rows = a, rows+1
		}
		if rows == 1 {
			each++
		}
	}
	if rows > 1 && each <= most && each*rows == len(panels) {
		return each
	}
	if len(panels) == 4 {
		return 2
	}
	return min(3, len(panels))
}

// scale says what the shades of a panel's densities mean.
func scale(p *Panel, top float64, several bool) string {
	what := "density"
	if p.Densities[0].Mass {
		what = "probability"
	}
	note := fmt.Sprintf("shades: %s from 0 (white) to the target's largest, %.3g, or more (darkest)", what, top)
	if several {
		note = p.Label + ": " + note
	}
	return note
}

// textStyle returns the style of titles, legends and notes.
func textStyle(size vg.Length) text.Style {
	return text.Style{
		Color: color.Black, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign: text.XLeft, YAlign: text.YTop, Handler: plot.DefaultTextHandler,
	}
}

// size returns the size of the whole.
func (d *drawing) size() (w, h vg.Length) {
	w = d.width + 2*gap
	if len(d.entries) > 0 {
		w += d.legendWidth() + gap
	}
	return w, d.height + d.titleHeight() + d.noteHeight(w) + 2*gap
}

func (d *drawing) titleHeight() vg.Length {
	if d.title == "" {
		return 0
	}
	return vg.Points(16)
}

const thumbnail = 30 // points

func (d *drawing) legendWidth() vg.Length {
	style := textStyle(vg.Points(8))
	widest := vg.Length(0)
	for _, e := range d.entries {
		widest = max(widest, style.Width(e.label))
	}
	return vg.Points(thumbnail+6) + widest
}

// wrapped returns the notes in lines that fit.
func (d *drawing) wrapped(width vg.Length) (lines []string) {
	style := textStyle(vg.Points(7))
	for _, note := range d.notes {
		lines = append(lines, sheet.Lines(note, "", func(s string) bool { return style.Width(s) <= width-2*gap })...)
	}
	return lines
}

func (d *drawing) noteHeight(width vg.Length) vg.Length {
	return vg.Points(float64(len(d.wrapped(width))*lineHeight)) + vg.Points(2)
}

// draw draws the figure on a canvas of its size.
func (d *drawing) draw(c draw.Canvas) {
	w, h := d.size()
	c.FillPolygon(color.White, []vg.Point{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}})
	if d.title != "" {
		c.FillText(textStyle(vg.Points(10)), vg.Point{X: gap, Y: h - gap}, d.title)
	}
	bottom := gap + d.noteHeight(w)
	area := draw.Crop(c, gap, -(w - gap - d.width), bottom, -(gap + d.titleHeight()))
	const above = titleSpace // plots have no titles of their own: they would stand at different heights
	tiles := draw.Tiles{Rows: len(d.plots), Cols: len(d.plots[0]), PadX: gap, PadY: gap + vg.Points(above), PadTop: vg.Points(above)}
	canvases := plot.Align(d.plots, tiles, area)
	title := textStyle(vg.Points(9))
	title.XAlign, title.YAlign = text.XCenter, text.YBottom
	for i, row := range d.plots {
		for j, plt := range row {
			if plt != nil {
				plt.Draw(canvases[i][j])
				data := plt.DataCanvas(canvases[i][j])
				c.FillText(title, vg.Point{X: (data.Min.X + data.Max.X) / 2, Y: data.Max.Y + vg.Points(6)}, d.titles[i*len(row)+j])
			}
		}
	}
	d.legend(c, vg.Point{X: 2*gap + d.width, Y: h - gap - d.titleHeight() - vg.Points(6)})
	style := textStyle(vg.Points(7))
	for i, line := range d.wrapped(w) {
		c.FillText(style, vg.Point{X: gap, Y: bottom - vg.Points(float64(i*lineHeight)) - vg.Points(2)}, line)
	}
}

// legend draws the entries below each other from the top left corner.
func (d *drawing) legend(c draw.Canvas, corner vg.Point) {
	style := textStyle(vg.Points(8))
	style.YAlign = text.YCenter
	for i, e := range d.entries {
		y := corner.Y - vg.Points(float64(i)*1.15*lineHeight)
		middle := vg.Point{X: corner.X + vg.Points(thumbnail)/2, Y: y}
		c.StrokeLine2(draw.LineStyle{Color: e.style.Color, Width: vg.Points(1.1), Dashes: e.style.Dashes},
			corner.X, y, corner.X+vg.Points(thumbnail), y)
		c.DrawGlyph(draw.GlyphStyle{Color: e.style.Color, Radius: vg.Points(1.9), Shape: e.style.Marker}, middle)
		c.FillText(style, vg.Point{X: corner.X + vg.Points(thumbnail+6), Y: y}, e.label)
	}
}
