package figure

import (
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// measure gives every part its size. The panels get the width that axes, heads and colour
// bars leave, and the height that is left or one that suits the width.
func (d *drawing) measure(f *Figure) error {
	columns, rows := vg.Length(len(d.rows[0])), vg.Length(len(d.rows))
	d.data.X = d.paper.Width / (columns + 1)
	for range 5 { // ticks depend on the size, and the size on the ticks
		d.fitTicks()
		d.fitLabels()
		around := d.around()
		d.data.X = (d.paper.Width - 2*margin - around.width() - d.right()) / columns
		d.data.Y = d.panelHeight(f)
		fixed := d.fixedHeight(around)
		if d.paper.Height > 0 {
			d.data.Y = (d.paper.Height - fixed) / rows
			if least := d.leastHeight(); d.data.Y < least {
				return d.tooSmall(fixed + least*rows)
			}
		}
		if f.Spec.Kind == "density" { // square
			d.data.X = min(d.data.X, d.data.Y)
			d.data.Y = d.data.X
		}
		d.height = fixed + rows*d.data.Y
		d.frame = vg.Point{X: columns*d.data.X + around.width(), Y: rows*d.data.Y + around.height()}
	}
	if d.paper.Height > 0 {
		d.height = d.paper.Height
	}
	return nil
}

// fitLabels breaks labels that are longer than their axes.
func (d *drawing) fitLabels() {
	if d.data.Y <= 0 {
		return // not known yet
	}
	for _, row := range d.rows {
		for _, c := range row {
			if c == nil || c.panel.Densities != nil {
				continue
			}
			for _, axis := range []struct {
				label  *string
				text   string
				length vg.Length
			}{{&c.plot.X.Label.Text, c.panel.XLabel, d.data.X}, {&c.plot.Y.Label.Text, c.panel.YLabel, d.data.Y}} {
				if *axis.label != "" {
					*axis.label = strings.Join(wrapped(axis.text, d.paper.FontSize, axis.length), "\n")
				}
			}
		}
	}
}

// panelHeight returns the height of a panel's data that suits its width.
func (d *drawing) panelHeight(f *Figure) vg.Length {
	const most = 2.1 * vg.Inch
	if f.Spec.Kind == "density" {
		return min(d.data.X, most)
	}
	if d.rows[0][0].panel.Rows != nil {
		return d.leastHeight()
	}
	return max(d.leastHeight(), min(0.75*d.data.X, most))
}

// leastHeight returns the height below which a panel shows nothing.
func (d *drawing) leastHeight() vg.Length {
	if p := d.rows[0][0].panel; p.Rows != nil {
		lines := 0
		for _, label := range p.Rows {
			lines = max(lines, 1+strings.Count(d.rowName(p, label), "\n"))
		}
		return max(3, vg.Length(len(p.Rows))) * d.paper.small() * (leading*vg.Length(lines) + 0.35)
	}
	return 6 * d.paper.FontSize
}

// fixedHeight returns the height of everything except the panels' data.
func (d *drawing) fixedHeight(a around) vg.Length {
	h := 2*margin + a.height() + d.titleHeight() + d.notesHeight()
	for _, l := range d.legend {
		h += l.height() + gap/2
	}
	return h
}

func (d *drawing) titleHeight() vg.Length {
	if len(d.title) == 0 {
		return 0
	}
	return vg.Length(len(d.title))*(d.paper.FontSize+1)*leading + gap/2
}

func (d *drawing) notesHeight() vg.Length {
	if len(d.notes) == 0 {
		return 0
	}
	return vg.Length(len(d.notes))*d.paper.small()*leading + gap/2
}

// right returns the width of what is to the right of the grid: heads of rows, or colour
// bars with their numbers.
func (d *drawing) right() (w vg.Length) {
	number := textStyle(d.paper.small())
	for _, row := range d.rows {
		for _, c := range row {
			if c == nil {
				continue
			}
			if c.ceiling > 0 {
				for _, t := range (linear{}).Ticks(0, c.ceiling) {
					w = max(w, colorBarWidth+2*gap+number.Width(t.Label))
				}
			}
			if c.head != "" {
				w = max(w, vg.Length(len(wrapped(c.head, d.paper.FontSize, d.room.Y)))*d.paper.FontSize*leading+gap/2)
			}
		}
	}
	return w
}

// around is the space around the data, by columns and rows of panels: axes with their
// labels, what extends beyond their ends, and the titles of panels.
type around struct {
	left, right         []vg.Length // of each column
	top, bottom, titles []vg.Length // of each row
}

// width returns the width of everything in the grid that is not data.
func (a around) width() (w vg.Length) {
	for i := range a.left {
		w += a.left[i] + a.right[i]
	}
	return w + vg.Length(len(a.left)-1)*gap
}

// height returns the height of everything in the grid that is not data.
func (a around) height() (h vg.Length) {
	for i := range a.top {
		h += a.top[i] + a.bottom[i] + a.titles[i]
	}
	return h + vg.Length(len(a.top)-1)*gap
}

// around measures the space around the data of the plots at its current size.
func (d *drawing) around() around {
	columns, rows := len(d.rows[0]), len(d.rows)
	a := around{make([]vg.Length, columns), make([]vg.Length, columns), make([]vg.Length, rows), make([]vg.Length, rows), make([]vg.Length, rows)}
	for i, row := range d.rows {
		for j, c := range row {
			if c == nil {
				continue
			}
			const side = 10 * vg.Inch // size of a canvas with large data
			all := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: side, Y: side}}}
			data := c.plot.DataCanvas(all)
			a.left[j], a.right[j] = max(a.left[j], data.Min.X, d.hang(c.plot)), max(a.right[j], side-data.Max.X)
			a.bottom[i], a.top[i] = max(a.bottom[i], data.Min.Y), max(a.top[i], side-data.Max.Y)
			if c.name != "" {
				c.title = wrapped(c.name, d.paper.FontSize, d.room.X+gap)
				a.titles[i] = max(a.titles[i], vg.Length(len(c.title))*d.paper.FontSize*leading)
			}
		}
	}
	d.overhang = a.right[columns-1] + gap/2
	return a
}

// hang returns how far the label at the left end of a horizontal axis extends beyond it, which
// gonum leaves out.
func (d *drawing) hang(plt *plot.Plot) (w vg.Length) {
	for _, t := range plt.X.Tick.Marker.Ticks(plt.X.Min, plt.X.Max) {
		at := vg.Length(plt.X.Scale.Normalize(plt.X.Min, plt.X.Max, t.Value)) * d.room.X
		w = max(w, plt.X.Tick.Label.Width(t.Label)/2-at)
	}
	return w
}

// fitTicks gives the axes of the plots the ticks for which there is room.
func (d *drawing) fitTicks() {
	d.room = d.data // does not change while something is measured
	for _, row := range d.rows {
		for _, c := range row {
			if c == nil || c.panel.Densities == nil && !c.drawn() {
				continue
			}
			setTicks(&c.plot.X, c.ticksX(d.across))
			if p := c.panel; p.Rows != nil {
				setTicks(&c.plot.Y, named{p.Rows, func(label string) string { return d.rowName(p, label) }})
			} else {
				setTicks(&c.plot.Y, c.ticksY(d.down))
			}
		}
	}
}

// across reports whether labels fit side by side below a panel.
func (d *drawing) across(labels []string) bool {
	style := textStyle(d.paper.small())
	w := vg.Length(len(labels)-1) * d.paper.small() * 0.8
	for _, l := range labels {
		w += style.Width(l)
	}
	return w <= d.room.X+d.paper.small()
}

// down reports whether labels fit one below the other at the left of a panel.
func (d *drawing) down(labels []string) bool {
	return vg.Length(len(labels))*d.paper.small()*1.5 <= max(d.room.Y, d.leastHeight())
}

// mostOfNames is the part of the paper's width that the names of rows may take.
const mostOfNames = 0.45

// rowName returns the name of a row, in lines.
func (d *drawing) rowName(p *Panel, label string) string {
	return strings.Join(wrapped(p.Titles(label), d.paper.small(), mostOfNames*d.paper.Width), "\n")
}

// setTicks gives an axis ticks, without labels if it had none.
func setTicks(axis *plot.Axis, ticks plot.Ticker) {
	if _, ok := axis.Tick.Marker.(unlabelled); ok {
		ticks = unlabelled{ticks}
	}
	axis.Tick.Marker = ticks
}

func (c *cell) ticksX(r room) plot.Ticker {
	switch {
	case c.panel.LogX && (c.panel.Tuned || c.panel.Plane != nil):
		return decades{func(labels []string) bool { return r(slices.Concat(labels, labels[len(labels)/2:])) }} // they stand unevenly
	case c.panel.LogX && (c.panel.Rows != nil || len(c.panel.Series[0].X) > mostPlaces):
		return sparse{decades{r}, c.plot, r}
	case c.panel.LogX:
		return doublings{c.panel, r}
	}
	return linear{r}
}

// mostPlaces is how many places a logarithmic axis may have that are labelled themselves.
const mostPlaces = 24

// drawn reports whether the panel has a value that its axes can show.
func (c *cell) drawn() bool {
	if c.panel.Rows != nil {
		return c.panel.drawnAlong()
	}
	return c.panel.drawn()
}

func (c *cell) ticksY(r room) plot.Ticker {
	if c.panel.LogY {
		return decades{r}
	}
	return linear{r}
}
