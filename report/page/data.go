package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// These types hold the data of the scripts. Names that occur often are short.
type (
	pageData struct {
		Figures []figureData `json:"figures"`
		Arms    []armData    `json:"arms,omitempty"`
		Cells   cellData     `json:"cells"`
	}
	figureData struct {
		Name   string       `json:"name"`
		Labels []labelData  `json:"labels"`
		Panels []panelData  `json:"panels"`
		Facets int          `json:"facets,omitempty"` // panels in a row, of a full design of two columns
		Metric string       `json:"metric,omitempty"` // name in the menus, if there are menus
		Along  string       `json:"along,omitempty"`
		Views  []figureData `json:"views,omitempty"` // the other views that the menus offer
	}
	// labelData is a line of the legend, in the style of the static figures.
	labelData struct {
		Text      string `json:"text"`
		Objective string `json:"objective,omitempty"` // "" if its series have several
		Color     string `json:"color"`               // #rrggbb, or light-dark(…) of two
		Dashes    string `json:"dashes,omitempty"`    // as in SVG
		Marker    string `json:"marker"`
	}
	panelData struct {
		Title  string       `json:"title"`
		X      string       `json:"x"` // labels of the axes
		Y      string       `json:"y"`
		LogX   bool         `json:"logX,omitempty"`
		LogY   bool         `json:"logY,omitempty"`
		Better int          `json:"better,omitempty"` // -1 if lower values are better, 1 if greater are
		Grids  []numbers    `json:"grids"`            // horizontal positions, shared by series
		Lines  []seriesData `json:"lines"`
	}
	seriesData struct {
		Label    int     `json:"l"`
		Grid     int     `json:"g"`
		Mean     numbers `json:"m"`
		Low      numbers `json:"lo,omitempty"` // absent for one seed
		High     numbers `json:"hi,omitempty"`
		Seeds    int     `json:"n"`
		Diverged int     `json:"d,omitempty"`
		PerStep  numbers `json:"per,omitempty"` // trajectories and seconds per step, if there are menus
	}
	cellData struct {
		Count   int          `json:"count"`
		Columns []columnData `json:"columns"`
		Curves  *curvesData  `json:"curves,omitempty"`
	}
	// curvesData has a curve for each cell: the index of its metric among the texts, the
	// index of its steps among the grids, and its values.
	curvesData struct {
		Metric []int     `json:"metric"`
		Texts  []string  `json:"texts"`
		Grids  []numbers `json:"grids"`
		Grid   []int     `json:"g"`
		Values []numbers `json:"m"`
	}
	// columnData has numbers, or texts: each distinct text once, and for each cell
	// its index among them.
	columnData struct {
		Name    string   `json:"name"`
		Kind    string   `json:"kind"`
		Numbers numbers  `json:"v,omitempty"`
		Texts   []string `json:"texts,omitempty"`
		Index   []int    `json:"i,omitempty"`
	}
)

// digits is the number of significant digits in the data.
const digits = 6

// numbers are written as a rounded JSON array, with null for what is not
// finite.
type numbers []float64

// MarshalJSON implements json.Marshaler.
func (x numbers) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, v := range x {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			b = append(b, "null"...)
		case v == math.Trunc(v) && math.Abs(v) < 1e15:
			b = strconv.AppendFloat(b, v, 'f', -1, 64)
		default:
			b = strconv.AppendFloat(b, v, 'g', digits, 64)
		}
	}
	return append(b, ']'), nil
}

// encode returns the data as JSON that is safe inside a script element.
func encode(p *Page) ([]byte, error) {
	data := pageData{Figures: []figureData{}, Arms: p.Tuned.arms(), Cells: cells(p)}
	all := p.Figures
	if p.Tuned != nil {
		all = slices.Concat(all, p.Tuned.Figures)
	}
	for _, f := range all {
		if !still(f) {
			data.Figures = append(data.Figures, p.withViews(f))
		}
	}
	return json.Marshal(data)
}

// withViews returns a figure, with its views if it is the one that is explored.
func (p *Page) withViews(f *figure.Figure) figureData {
	out := figureOf(f)
	if f.Spec.Name != p.Explored {
		return out
	}
	out.Metric = sheet.MetricText(f.Spec.Metric)
	out.perStep(f)
	for _, v := range p.Views {
		view := figureOf(v.Figure)
		view.Metric, view.Along = v.Metric, v.Along
		if v.Along == "" {
			view.perStep(v.Figure)
		}
		out.Views = append(out.Views, view)
	}
	return out
}

// perStep adds the trajectories and seconds per step to each line.
func (f *figureData) perStep(of *figure.Figure) {
	for i, p := range of.Panels {
		line := 0
		for _, s := range p.Series {
			if len(s.X) > 0 {
				f.Panels[i].Lines[line].PerStep = numbers{s.PerStep("trajectories"), s.PerStep("seconds")}
				line++
			}
		}
	}
}

func figureOf(f *figure.Figure) figureData {
	out := figureData{Name: f.Spec.Name, Facets: figure.Facets(f.Panels), Labels: []labelData{}, Panels: []panelData{}}
	styles := figure.Styles(f)
	for _, label := range f.Labels {
		style := styles[label]
		out.Labels = append(out.Labels, labelData{
			Text: f.Name(label), Objective: objectiveOf(f, label), Marker: markerName(style.Marker), Dashes: dashes(style),
			Color: paint(style.Color),
		})
	}
	for _, p := range f.Panels {
		panel := panelData{Title: p.Title(), Better: int(p.Better), X: p.XLabel, Y: p.YLabel, LogX: p.LogX, LogY: p.LogY, Grids: []numbers{}, Lines: []seriesData{}}
		for _, s := range p.Series {
			if len(s.X) > 0 {
				panel.add(s, slices.Index(f.Labels, s.Label))
			}
		}
		out.Panels = append(out.Panels, panel)
	}
	return out
}

// darkRaised is the lighter of the two papers of the dark page: --raised of page.css.
var darkRaised = color.NRGBA{0x1e, 0x22, 0x26, 255}

// paint returns a colour as CSS, lighter on the dark page if it would be faint there.
// Black stays: the page draws it in the colour of its text.
func paint(c color.NRGBA) string {
	hex := func(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
	dark := figure.OnDark(c, darkRaised)
	if dark == c || c == (color.NRGBA{A: 255}) {
		return hex(c)
	}
	return fmt.Sprintf("light-dark(%s, %s)", hex(c), hex(dark))
}

// add adds a line, and its grid unless another line has the same one.
func (p *panelData) add(s *figure.Series, label int) {
	grid := slices.IndexFunc(p.Grids, func(x numbers) bool { return slices.Equal(x, s.X) })
	if grid < 0 {
		grid = len(p.Grids)
		p.Grids = append(p.Grids, s.X)
	}
	line := seriesData{Label: label, Grid: grid, Mean: s.Mean, Seeds: s.Seeds}
	if !s.Along {
		line.Diverged = s.Diverged
	}
	if slices.ContainsFunc(s.Low, func(x float64) bool { return !math.IsNaN(x) }) {
		line.Low, line.High = s.Low, s.High
	}
	p.Lines = append(p.Lines, line)
}

// objectiveOf returns the objective of all series with a label, or "" if they
// differ.
func objectiveOf(f *figure.Figure, label string) (objective string) {
	for _, p := range f.Panels {
		for _, s := range p.Series {
			switch {
			case s.Label != label:
			case objective != "" && s.Objective != objective:
				return ""
			default:
				objective = s.Objective
			}
		}
	}
	return objective
}

// dashes returns the lengths of dashes and gaps in points, the unit of the whole
// figure.
func dashes(style figure.Style) string {
	list := make([]string, len(style.Dashes))
	for i, d := range style.Dashes {
		list[i] = strconv.FormatFloat(d.Points(), 'g', 4, 64)
	}
	return strings.Join(list, " ")
}

// markerName returns the name under which the scripts know a marker.
func markerName(g draw.GlyphDrawer) string {
	switch g.(type) {
	case draw.SquareGlyph:
		return "open-square"
	case draw.BoxGlyph:
		return "square"
	case draw.TriangleGlyph:
		return "open-triangle"
	case draw.PyramidGlyph:
		return "triangle"
	case draw.RingGlyph:
		return "open-circle"
	case draw.CrossGlyph:
		return "cross"
	case draw.PlusGlyph:
		return "plus"
	}
	return "circle"
}

func cells(p *Page) cellData {
	out := cellData{Count: p.Cells, Columns: []columnData{}, Curves: curvesOf(&p.Curves)}
	for _, c := range p.Columns {
		column := columnData{Name: c.Name, Kind: c.Kind, Numbers: c.Numbers}
		if c.Numbers == nil {
			at := make(map[string]int)
			for _, text := range c.Texts {
				i, ok := at[text]
				if !ok {
					i = len(column.Texts)
					at[text] = i
					column.Texts = append(column.Texts, text)
				}
				column.Index = append(column.Index, i)
			}
		}
		out.Columns = append(out.Columns, column)
	}
	return out
}

func curvesOf(c *CellCurves) *curvesData {
	if len(c.Steps) == 0 {
		return nil
	}
	out := &curvesData{Grid: c.Of}
	for _, name := range c.Metrics {
		i := slices.Index(out.Texts, name)
		if i < 0 {
			i = len(out.Texts)
			out.Texts = append(out.Texts, name)
		}
		out.Metric = append(out.Metric, i)
	}
	for _, x := range c.Steps {
		out.Grids = append(out.Grids, x)
	}
	for _, x := range c.Values {
		out.Values = append(out.Values, x)
	}
	return out
}

// still reports whether a figure is an image on the page: all but those of lines.
func still(f *figure.Figure) bool {
	return !slices.Contains([]string{suites.FigureOfCurves, suites.FigureOfVariance, suites.FigureOfProfiles}, f.Spec.Kind)
}

// A density is a figure that stands on the page as an image.
type density struct {
	Figure *figure.Figure
	Source template.URL // a data URL
}

func densities(figures []*figure.Figure) (list []density, err error) {
	for _, f := range figures {
		if !still(f) {
			continue
		}
		var b bytes.Buffer
		if err := figure.Write(&b, f, "svg", figure.NeurIPS); err != nil {
			return nil, fmt.Errorf("figure %s: %w", f.Spec.Name, err)
		}
		list = append(list, density{f, template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))})
	}
	return list, nil
}
