package figure

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A drawing is a figure laid out on its paper: the title, panels in a grid, the legend
// and the notes, one below the other.
type drawing struct {
	paper  Paper
	title  []string // lines of text, like the notes
	rows   [][]*cell
	legend []*legend // one below the other
	said   []string  // the notes
	notes  []string  // in lines
	heads  bool      // columns have heads above the first row, and rows have heads on their right

	data   vg.Point // size of the data of each panel
	room   vg.Point // size of the data when ticks were chosen and titles broken
	frame  vg.Point // size of the grid
	height vg.Length

	overhang vg.Length // distance of heads from the data of the last column
}

// A cell is one plot of the grid; nil if the grid is not full.
type cell struct {
	panel   *Panel
	plot    *plot.Plot
	name    string   // above it; "": none
	title   []string // the name in lines
	head    string   // of the row, at its right
	ceiling float64  // of the colour bar at the right; 0 if there is none
}

// Spaces of a figure, in points.
const (
	margin = vg.Length(2) // around the figure
	gap    = vg.Length(8) // between its parts, and between panels
)

// lay lays out a figure. The error is a *usage.Error if the paper is too small.
func lay(f *Figure, paper Paper) (*drawing, error) {
	d := &drawing{paper: paper}
	width := paper.Width - 2*margin
	d.title = wrapped(titleOf(f.Spec), paper.FontSize+1, width)
	notes := slices.Clone(f.Notes)
	styles := Styles(f)
	if f.keyed() {
		styles = f.factorial()
	}
	if f.Spec.Kind == "density" {
		notes = d.heatRows(f, notes)
	} else {
		if f.Panels[0].Rows == nil {
			d.legend = newLegend(f, styles, width, paper)
			if f.keyed() {
				notes = append(notes, f.noteKeys())
			}
		}
		if note := cutNote(f); note != "" {
			notes = append(notes, note)
		}
	}
	for _, note := range notes {
		d.said = append(d.said, plainPowers(note))
	}
	for _, note := range d.said {
		d.notes = append(d.notes, wrapped(note, paper.small(), width)...)
	}
	if f.Spec.Kind == "density" {
		return d, d.measure(f)
	}
	for most := max(1, int(paper.Width/narrowest)); ; most-- { // their axes may leave panels too little room
		if err := d.lineRows(f, styles, most); err != nil {
			return nil, err
		}
		if err := d.measure(f); most == 1 || d.data.X >= leastWidth || len(d.rows[0]) == 1 {
			return d, err
		}
	}
}

// cutNote says how far bands are drawn, where one reaches further.
func cutNote(f *Figure) string {
	switch {
	case f.Spec.Kind == suites.FigureOfPoints:
		if slices.ContainsFunc(f.Panels, (*Panel).cutAlong) {
			return "bands are cut off at the points"
		}
	case f.Panels[0].Rows == nil && slices.ContainsFunc(f.Panels, (*Panel).cut):
		if f.Spec.Kind == suites.FigureOfCosts {
			return "bars are cut off half as far again as the points reach"
		}
		return "bands are clipped at 1.5 times the range of the lines"
	}
	return ""
}

// wrapped returns a text in lines that fit, words broken where they must be; "" is
// none.
func wrapped(s string, size, width vg.Length) (lines []string) {
	if s == "" {
		return nil
	}
	style := textStyle(size)
	fits := func(s string) bool { return style.Width(s) <= width }
	for _, line := range sheet.Lines(s, "", fits) {
		for !fits(line) {
			at := 0
			for i, r := range line {
				if end := i + utf8.RuneLen(r); fits(line[:end]) && (at == 0 || hyphenated(line[:end]) || !hyphenated(line[:at])) {
					at = end
				}
			}
			if at == 0 {
				break
			}
			lines, line = append(lines, line[:at]), line[at:]
		}
		lines = append(lines, line)
	}
	return lines
}

// hyphenated reports whether a text ends where a word may be broken.
func hyphenated(s string) bool {
	return strings.HasSuffix(s, "-") || strings.HasSuffix(s, "_") || strings.HasSuffix(s, "–")
}

// lineRows makes the plots of lines, in rows of at most so many panels.
func (d *drawing) lineRows(f *Figure, styles map[string]Style, most int) error {
	columns, full := columnsOf(f.Panels, most)
	d.rows = nil
	for _, panels := range rowsOf(f.Panels, columns) {
		row := make([]*cell, columns)
		for i, p := range panels {
			of := panel
			if p.Rows != nil {
				of = rowsPanel
			}
			plt, err := of(p, styles, d.paper)
			if err != nil {
				return fmt.Errorf("panel %s: %w", p.Label, err)
			}
			row[i] = &cell{panel: p, plot: plt, name: p.Title()}
		}
		d.rows = append(d.rows, row)
	}
	if d.heads = full; full {
		for i, row := range d.rows {
			for _, c := range row {
				c.head, c.name = "", ""
				if i == 0 {
					c.name = c.panel.Names[1]
				}
			}
			row[columns-1].head = row[0].panel.Names[0]
		}
	}
	for _, row := range d.rows {
		shareRow(row)
	}
	shareColumns(d.rows)
	return nil
}

// heatRows makes the plots of densities: a row for each panel, with a colour bar.
func (d *drawing) heatRows(f *Figure, notes []string) []string {
	const most = 5
	columns := 1
	for _, p := range f.Panels {
		columns = max(columns, min(most, len(p.Densities), int(d.paper.Width/narrowest)))
	}
	for _, p := range f.Panels {
		top := ceiling(p.Densities)
		if note := scale(p); !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
		for chunk := range slices.Chunk(p.Densities, columns) {
			row := make([]*cell, columns)
			for i, one := range chunk {
				title := one.Label
				if len(f.Panels) > 1 {
					title = p.Title() + ": " + title
				}
				row[i] = &cell{panel: p, plot: heat(one, top, d.paper), name: title}
				if note := one.Label + ": " + one.Note; one.Note != "" && !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
			row[len(chunk)-1].ceiling = top
			shareRow(row)
			d.rows = append(d.rows, row)
		}
	}
	shareColumns(d.rows)
	return notes
}

// scale says what the shades of a panel's densities mean.
func scale(p *Panel) string {
	what := "density"
	if p.Densities[0].Mass {
		what = "probability"
	}
	return fmt.Sprintf("shades: %s; the darkest is the target's largest value or more", what)
}

// narrowest is the width of the narrowest panel, including its share of the space around
// it.
const narrowest = 1.05 * vg.Inch

// leastWidth is the width of the data of a panel below which a row has fewer panels.
const leastWidth = 0.6 * vg.Inch

// columnsOf returns how many panels a row has, at most so many. If panels have two columns,
// such as environment and objective, with every combination of values, a row has as many as
// the second has values, if they fit, and full is true.
func columnsOf(panels []*Panel, most int) (columns int, full bool) {
	if each := Facets(panels); each > 1 && each <= most {
		return each, true
	}
	n := len(panels)
	switch {
	case n <= 3 || n == 4 && most >= 4:
		columns = n
	case n == 4:
		columns = 2
	case n == 7 || n == 8 || n >= 10:
		columns = 4
	default:
		columns = 3
	}
	if columns = min(columns, most); columns == n || !slices.ContainsFunc(panels, func(p *Panel) bool { return p.YLabel != panels[0].YLabel }) {
		return columns, false
	}
	columns = 1
	for c := 2; c <= most; c++ { // the fewest rows
		if len(rowsOf(panels, c)) < len(rowsOf(panels, columns)) {
			columns = c
		}
	}
	return columns, false
}

// rowsOf returns the panels of each row. Of several rows, none shows two quantities: the name
// of the second would push the panels of all rows apart.
func rowsOf(panels []*Panel, columns int) (rows [][]*Panel) {
	facets := Facets(panels) == columns
	for i, p := range panels {
		last := len(rows) - 1
		if i == 0 || len(rows[last]) == columns || columns < len(panels) && !facets && p.YLabel != panels[i-1].YLabel {
			rows = append(rows, nil)
			last++
		}
		rows[last] = append(rows[last], p)
	}
	return rows
}

// Facets returns how many panels each value of the first of two columns has, if all have
// the same values of the second in the same order and there are several. Otherwise it
// returns 0.
func Facets(panels []*Panel) int {
	var firsts []string
	seconds := make(map[string][]string)
	for _, p := range panels {
		if len(p.Names) != 2 {
			return 0
		}
		a, b := p.Names[0], p.Names[1]
		if seconds[a] == nil {
			firsts = append(firsts, a)
		} else if firsts[len(firsts)-1] != a {
			return 0
		}
		seconds[a] = append(seconds[a], b)
	}
	for _, a := range firsts {
		if len(firsts) < 2 || !slices.Equal(seconds[a], seconds[firsts[0]]) {
			return 0
		}
	}
	return len(panels) / max(1, len(firsts))
}

// textStyle returns the style of titles, legends and notes.
func textStyle(size vg.Length) text.Style {
	return text.Style{
		Color: color.Black, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign: text.XLeft, YAlign: text.YTop, Handler: plot.DefaultTextHandler,
	}
}

// tooSmall returns the error for a paper without room for the panels.
func (d *drawing) tooSmall(needed vg.Length) error {
	return usage.Errorf("--height %.3gin is too low for %s of panels with title, legend and notes: at least %.3gin",
		float64(d.paper.Height/vg.Inch), number.Count(len(d.rows), "row"), float64(needed/vg.Inch)+0.05)
}
