package figure

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/suites"
	"gfnbench/usage"
)

// lines returns a figure of two panels and three lines, one with a gap and one that
// diverged.
func lines() *Figure {
	x := []float64{0, 10, 20, 30}
	f := &Figure{
		Spec: &suites.Figure{Name: "test", Title: "Distance & target", Where: "Fig. 3", Kind: "curves", Log: true}, Labels: []string{"tb", "reverse-kl", "renyi"},
		Columns: []string{"objective"},
		Notes:   []string{"mean over 3 seeds; band: " + report.BandMethod},
	}
	for _, name := range []string{"sets", "sequences"} {
		p := &Panel{Label: name, XLabel: "gradient steps", YLabel: "l1", LogY: true}
		for i, label := range f.Labels {
			k := float64(i + 1)
			s := &Series{Label: label, Keys: []string{label}, Objective: label, X: x,
				Mean: []float64{1, .5 / k, .1 / k, .05 / k}, Low: []float64{.9, .4 / k, .09 / k, 0}, High: []float64{1.1, .6 / k, .2 / k, .07 / k}}
			switch i {
			case 1:
				s.Mean[1], s.Low[1], s.High[1] = math.NaN(), math.NaN(), math.NaN()
			case 2:
				s.Diverged = 1
				s.Mean[3], s.Low[3], s.High[3] = math.NaN(), math.NaN(), math.NaN()
			}
			p.Series = append(p.Series, s)
		}
		f.Panels = append(f.Panels, p)
	}
	return f
}

func densities() *Figure {
	grid := func(scale float64) [][]float64 {
		z := make([][]float64, 3)
		for y := range z {
			for x := range 3 {
				z[y] = append(z[y], scale*float64(x+y))
			}
		}
		return z
	}
	axis := []float64{0, 1, 2}
	return &Figure{
		Spec: &suites.Figure{Name: "heat", Title: "Densities", Kind: "density"},
		Panels: []*Panel{{Label: "gmm", Densities: []*Density{
			{Label: "target", X: axis, Y: axis, Z: grid(1)}, {Label: "renyi", X: axis, Y: axis, Z: grid(2), Note: "another"},
		}}},
	}
}

func render(t *testing.T, f *Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, format, NeurIPS); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFormats: every format can be read, and is the same each time.
func TestFormats(t *testing.T) {
	for name, make := range map[string]func() *Figure{"lines": lines, "densities": densities} {
		for _, format := range Formats {
			first := render(t, make(), format)
			if !bytes.Equal(first, render(t, make(), format)) {
				t.Errorf("%s as %s differs between two drawings", name, format)
			}
			switch format {
			case "png":
				image, err := png.Decode(bytes.NewReader(first))
				if err != nil {
					t.Errorf("%s: %v", name, err)
				} else if image.Bounds().Dx() < 300 {
					t.Errorf("%s: %v", name, image.Bounds())
				}
			case "svg":
				d := xml.NewDecoder(bytes.NewReader(first))
				for {
					if _, err := d.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			case "pdf":
				if !bytes.HasPrefix(first, []byte("%PDF-")) || bytes.Contains(first, []byte("(D:20")) {
					t.Errorf("%s is no PDF without a date", name)
				}
			}
		}
	}
	if err := Write(io.Discard, lines(), "gif", NeurIPS); err == nil {
		t.Error("there is a format gif")
	}
}

// TestDescribed: a reader who cannot see an SVG or PDF gets its title, and an SVG's says what
// the axes, lines and notes are.
func TestDescribed(t *testing.T) {
	svg := string(render(t, lines(), "svg"))
	want := "role=\"img\">\n<title>Distance &amp; target (Fig. 3)</title>\n<desc>Panels: sets; sequences. Axes: across: gradient steps; up, logarithmic: l1. Lines: tb; reverse-kl; renyi. Notes: mean over 3 seeds; band: "
	if !strings.Contains(svg, want) {
		t.Errorf("%q does not begin with %q", svg[:min(len(svg), 900)], want)
	}
	untitled := lines()
	untitled.Spec.Title, untitled.Spec.Where = "", ""
	if svg := string(render(t, untitled, "svg")); !strings.Contains(svg, "<title>test</title>") {
		t.Error("a figure without a title does not give its name")
	}
	if svg := string(render(t, densities(), "svg")); !strings.Contains(svg, "<desc>Panels: gmm. Densities: target; renyi. Notes: ") {
		t.Error("densities are not described")
	}
	if pdf := render(t, lines(), "pdf"); !bytes.Contains(pdf, []byte("/Title (")) || !bytes.Contains(pdf, []byte("/Subject (")) {
		t.Error("a PDF has no title")
	}
}

// TestSVG: all text is there, each line has the colour of its objective, and the panels,
// the legend and the notes are one below the other.
func TestSVG(t *testing.T) {
	svg := string(render(t, lines(), "svg"))
	for _, want := range []string{"Distance &amp; target (Fig. 3)", ">sets<", ">sequences<", ">gradient steps<", ">l1<", ">mean over 3 seeds", "#000000", "#0072B2", "#009E73", "font-family:Liberation Sans,Arimo,"} {
		if !strings.Contains(svg, want) {
			t.Errorf("there is no %q", want)
		}
	}
	height := make(map[string]float64)
	for _, text := range textsOf(t, svg) {
		height[text.text] = text.y
	}
	for _, label := range []string{"tb", "reverse-kl", "renyi"} {
		if y := height[label]; !(y > height["gradient steps"] && y < height["mean over 3 seeds; band: "+report.BandMethod]) {
			t.Errorf("%s is at %v, the panels reach %v", label, y, height["gradient steps"])
		}
	}
}

// A placed is a text of an SVG with the position of its left end, which is meaningless
// for rotated text.
type placed struct {
	text       string
	x, y, size float64
}

// textsOf returns the texts of an SVG, y from the top.
func textsOf(t *testing.T, svg string) (list []placed) {
	t.Helper()
	texts := regexp.MustCompile(`<text x="([-0-9.]+)" y="([-0-9.]+)"([^>]*)>([^<]*)<`)
	size := regexp.MustCompile(`font-size:([0-9.]+)px`)
	total := regexp.MustCompile(`viewBox="0 0 [0-9.]+ ([0-9.]+)"`).FindStringSubmatch(svg)
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, m := range texts.FindAllStringSubmatch(strings.ReplaceAll(svg, "\n", " "), -1) {
		x, y := number(m[1]), number(m[2])
		list = append(list, placed{html.UnescapeString(m[4]), x, number(total[1]) + y, number(size.FindStringSubmatch(m[3])[1])})
	}
	return list
}

// TestNothingIsCut draws figures with any number of panels and lines and names of any
// length: all text is on the paper, in type of at least 7 points.
func TestNothingIsCut(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		// Make a figure with long names.
		f := lines()
		name := rapid.StringMatching(`[a-z]{1,12}([-/ =][a-z0-9]{1,15}){0,6}`)
		f.Spec.Title = name.Draw(r, "title")
		one := f.Panels[0].Series
		f.Labels, f.Panels = nil, nil
		for i := range rapid.IntRange(1, 40).Draw(r, "lines") {
			f.Labels = append(f.Labels, fmt.Sprint(name.Draw(r, "line"), i))
		}
		for i := range rapid.IntRange(1, 13).Draw(r, "panels") {
			p := &Panel{Label: fmt.Sprint(name.Draw(r, "panel"), i), XLabel: "gradient steps", YLabel: "l1", LogY: rapid.Bool().Draw(r, "log")}
			for i, label := range f.Labels {
				s := *one[i%len(one)]
				s.Label, s.Keys = label, nil
				p.Series = append(p.Series, &s)
			}
			f.Panels = append(f.Panels, p)
		}
		paper := rapid.SampledFrom([]Paper{NeurIPS, TwoColumn, {Width: 9 * vg.Inch, FontSize: 12}, {Width: 4 * vg.Inch, Height: 30 * vg.Inch, FontSize: 7}}).Draw(r, "paper")
		// Draw it.
		var b bytes.Buffer
		if err := Write(&b, f, "svg", paper); err != nil {
			r.Fatal(err)
		}
		texts := textsOf(t, b.String())
		if len(texts) < len(f.Labels) {
			r.Fatalf("%d texts of %d lines", len(texts), len(f.Labels))
		}
		bottom := strings.SplitN(strings.SplitN(b.String(), `viewBox="0 0 `, 2)[1], `"`, 2)[0]
		height, err := strconv.ParseFloat(strings.Fields(bottom)[1], 64)
		if err != nil {
			r.Fatal(err)
		}
		// All texts are within the figure.
		for _, text := range texts {
			if text.text == "l1" { // it is rotated
				continue
			}
			right := text.x + textStyle(vg.Length(text.size)).Width(text.text).Points()
			if text.x < 0 || right > paper.Width.Points()+0.5 || text.y-text.size*0.75 < 0 || text.y > height || text.size < 7 {
				r.Errorf("%q from %.1f to %.1f at %.1f, %.1f points, on %.1f × %.1f", text.text, text.x, right, text.y, text.size, paper.Width.Points(), height)
			}
		}
	})
}

// TestPaper: widths have names or units; unreadably small type and paper without room for
// the panels are rejected.
func TestPaper(t *testing.T) {
	for _, tt := range []struct {
		width, height, font string
		want                Paper
		err                 string
	}{
		{"", "", "", NeurIPS, ""},
		{"two-column", "", "9pt", Paper{Width: 3.25 * vg.Inch, FontSize: 9}, ""},
		{"10cm", "50.8 mm", "", Paper{Width: 10 * vg.Centimeter, Height: 2 * vg.Inch, FontSize: 8}, ""},
		{"5", "", "", Paper{}, "--width 5: expected a length in in, cm, mm or pt, such as 5.5in, or neurips or two-column"},
		{"NaNin", "", "", Paper{}, "--width NaNin: expected"},
		{"", "", "5pt", Paper{}, "--font-size 5pt: expected 7 to 72pt: smaller type"},
		{"", "400in", "", Paper{}, "--height 400in: expected 0.5 to 40in"},
	} {
		got, err := ParsePaper(tt.width, tt.height, tt.font)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q, %q, %q: %v, want %q", tt.width, tt.height, tt.font, err, tt.err)
			}
		case err != nil || math.Abs(float64(got.Width-tt.want.Width)) > 1e-9 || math.Abs(float64(got.Height-tt.want.Height)) > 1e-9 || got.FontSize != tt.want.FontSize:
			t.Errorf("%q, %q, %q: %v, %v", tt.width, tt.height, tt.font, got, err)
		}
	}
	low := NeurIPS
	low.Height = vg.Inch
	err := Write(io.Discard, lines(), "svg", low)
	if _, ok := errors.AsType[*usage.Error](err); !ok || !strings.Contains(err.Error(), "--height 1in is too low") {
		t.Errorf("%v", err)
	}
}

// TestLetters: letters that the font lacks are named if the figure embeds the font.
func TestLetters(t *testing.T) {
	f := lines()
	f.Spec.Title = "α² ≤ ½ − x₁, 中文"
	for format, want := range map[string]string{"svg": "", "png": "has no 中 文", "pdf": "has no 中 文"} {
		err := Write(io.Discard, f, format, NeurIPS)
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// TestPDFText reads the text of a PDF with pdftotext, if it is installed.
func TestPDFText(t *testing.T) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("there is no pdftotext")
	}
	f := lines()
	f.Spec.Title = "Rényi-½: α ≤ ½, x₁ − x₂"
	path := filepath.Join(t.TempDir(), "f.pdf")
	if err := os.WriteFile(path, render(t, f, "pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{f.Spec.Title, "reverse-kl", "gradient steps", "mean over 3 seeds"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the text of the PDF has no %q: %s", want, out)
		}
	}
}

// TestTitles: the titles of the panels in a row are at one height, whatever labels extend
// beyond the axes. A panel without values has no axes and says so.
func TestTitles(t *testing.T) {
	f := lines()
	for _, s := range f.Panels[1].Series { // its topmost label is at the top
		for i := range s.Mean {
			s.Mean[i], s.Low[i], s.High[i] = s.Mean[i]*0.91, s.Low[i]*0.9, s.High[i]*0.9
		}
	}
	f.Panels = append(f.Panels, &Panel{Label: "phylo", XLabel: "of nothing", Series: []*Series{{Label: "tb", Rows: []*report.Row{{}}, Absent: 1}}})
	height := make(map[string]float64)
	for _, text := range textsOf(t, string(render(t, f, "svg"))) {
		height[text.text] = text.y
	}
	if y := height["sets"]; y == 0 || math.Abs(y-height["sequences"]) > 0.1 || math.Abs(y-height["phylo"]) > 0.1 {
		t.Errorf("the titles are at %v, %v, %v", height["sets"], height["sequences"], height["phylo"])
	}
	if height["no results yet"] == 0 || height["of nothing"] != 0 {
		t.Errorf("a panel without results: %v, %v", height["no results yet"], height["of nothing"])
	}
}

// TestColumns: if every combination of two columns exists, panels are in rows by the
// first, with heads; otherwise they fill rows.
func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		labels  string
		paper   Paper
		columns int
		full    bool
	}{
		{"grid", NeurIPS, 1, false}, {"a b c d", NeurIPS, 4, false}, {"a b c d", TwoColumn, 2, false}, {"a b c d e", NeurIPS, 3, false},
		{"a b c d e f g", NeurIPS, 4, false}, {"a/1 a/2 a/3 a/4 a/5 b/1 b/2 b/3 b/4 b/5", NeurIPS, 5, true},
		{"a/1 a/2 a/3 b/1 b/2 b/4", NeurIPS, 3, false}, {"a/1 b/1 a/2 b/2", NeurIPS, 4, false},
	} {
		var panels []*Panel
		for _, label := range strings.Fields(tt.labels) {
			panels = append(panels, &Panel{Label: label, Names: strings.Split(label, "/")})
		}
		if columns, full := columnsOf(panels, int(tt.paper.Width/narrowest)); columns != tt.columns || full != tt.full {
			t.Errorf("%s: %d columns, full %v, want %d, %v", tt.labels, columns, full, tt.columns, tt.full)
		}
	}
}

// design returns a figure with a line for each row of values.
func design(columns string, rows ...string) *Figure {
	f := &Figure{Columns: strings.Fields(columns), Panels: []*Panel{{}}}
	for _, row := range rows {
		keys := strings.Split(row, "/")
		f.Labels = append(f.Labels, row)
		f.Panels[0].Series = append(f.Panels[0].Series, &Series{Label: row, Keys: keys})
	}
	return f
}

// TestStyles: the colour shows the first column, dashes the second, the marker the third.
// An objective has the same colour in every figure, and no other line has it.
func TestStyles(t *testing.T) {
	// Columns choose colours, dashes and markers.
	a := Styles(design("objective", "tb", "renyi"))
	b := Styles(design("objective control_variate optimizer.lr", "renyi/none/0.1", "renyi/loo/0.1", "renyi/loo/0.01", "tb//0.1", "tb//0.01"))
	if a["tb"].Color != b["tb//0.1"].Color || a["renyi"].Color != b["renyi/none/0.1"].Color || b["renyi/none/0.1"].Color != b["renyi/loo/0.1"].Color {
		t.Error("an objective changes its colour")
	}
	if slices.Equal(b["renyi/none/0.1"].Dashes, b["renyi/loo/0.1"].Dashes) || !slices.Equal(b["renyi/loo/0.01"].Dashes, b["renyi/loo/0.1"].Dashes) {
		t.Error("dashes do not say the second column")
	}
	if b["renyi/loo/0.01"].Marker == b["renyi/loo/0.1"].Marker || b["renyi/loo/0.1"].Marker != b["tb//0.1"].Marker {
		t.Error("markers do not say the third column")
	}
	if c := Styles(design("objective environment", "tb/sets", "tb/grid")); c["tb/sets"].Color == objectives["tb"].Color || c["tb/sets"].Color == c["tb/grid"].Color {
		t.Error("where one column alone differs, the colour does not say it")
	}
	d := Styles(design("alpha", "-1", "5", "0.5"))
	if light := func(name string) float64 { return luminance(d[name].Color) }; !(light("-1") < light("0.5") && light("0.5") < light("5")) {
		t.Error("the colours of numbers do not grow lighter with them")
	}
	// Many lines, and all objectives, look different.
	var many []string
	for i := range 48 {
		many = append(many, fmt.Sprint("line", i))
	}
	taken := make(map[string]bool)
	for label, s := range Styles(design("trainer", many...)) {
		if taken[s.print()] {
			t.Errorf("%s looks like another", label)
		}
		taken[s.print()] = true
		for name, o := range objectives {
			if s.Color == o.Color {
				t.Errorf("%s has the colour of %s", label, name)
			}
		}
	}
	for name, s := range objectives {
		for other, o := range objectives {
			if name != other && s.Color == o.Color {
				t.Errorf("%s and %s look alike", name, other)
			}
		}
	}
}

// TestEnds: labels at both ends of neighbouring axes neither touch nor leave the paper, and an
// axis that shows one value has it in the middle and nothing negative.
func TestEnds(t *testing.T) {
	f := &Figure{Spec: &suites.Figure{Name: "f", Kind: suites.FigureOfPoints}, Labels: []string{"tb"}}
	for range 4 {
		p := &Panel{XLabel: "l1", Rows: f.Labels, Titles: f.Name, Null: math.NaN()}
		p.Series = []*Series{{Label: "tb", X: []float64{0}, Mean: []float64{0.5}, Low: []float64{math.NaN()}, High: []float64{math.NaN()}, Points: []float64{0.5, 0.5}}}
		f.Panels = append(f.Panels, p)
	}
	size := textStyle(NeurIPS.small())
	var ends [][2]float64
	for _, text := range textsOf(t, string(render(t, f, "svg"))) {
		if text.text == "0.4" || text.text == "0.6" {
			ends = append(ends, [2]float64{text.x, text.x + size.Width(text.text).Points()})
		}
	}
	slices.SortFunc(ends, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	if len(ends) != 8 || ends[7][1] > NeurIPS.Width.Points() {
		t.Errorf("%d ends: %v", len(ends), ends)
	}
	for i := 1; i < len(ends); i++ {
		if ends[i][0] < ends[i-1][1]+1 {
			t.Errorf("labels touch at %v and %v", ends[i-1], ends[i])
		}
	}
	for x, want := range map[float64]string{0.5: "0.4 0.6", 0.01: "0 0.02", 200: "180 220", -3: "-3.3 -2.7", 0: "-0.1 0.1"} {
		if low, high := roomAround(x); fmt.Sprintf("%.3g %.3g", low, high) != want {
			t.Errorf("around %v: %v to %v", x, low, high)
		}
	}
}

// TestFactors: a column that says nothing beyond those before it takes no aesthetic.
func TestFactors(t *testing.T) {
	f := design("objective control_variate optimizer.lr", "tb//0.1", "tb//0.01", "renyi/loo/0.1", "renyi/loo/0.01")
	if list := f.factors(); len(list) != 2 || list[1].name != "optimizer.lr" {
		t.Errorf("%v", list)
	}
}

// TestRows: panels that one row holds stay together, and otherwise those of another quantity
// begin a row.
func TestRows(t *testing.T) {
	for labels, want := range map[string]string{
		"l l j j": "[4]", "l l l l l j j": "[5 2]", "l l l l l l l j": "[4 3 1]", "l l l l l l l l": "[4 4]",
	} {
		var panels []*Panel
		for _, y := range strings.Fields(labels) {
			panels = append(panels, &Panel{YLabel: y, Names: []string{y}})
		}
		columns, _ := columnsOf(panels, 5)
		var lengths []int
		for _, row := range rowsOf(panels, columns) {
			lengths = append(lengths, len(row))
		}
		if got := fmt.Sprint(lengths); got != want {
			t.Errorf("%s: %s, want %s", labels, got, want)
		}
	}
}

// TestPowers: the font has every letter that powers of ten are written with.
func TestPowers(t *testing.T) {
	if got := plainPowers("p=1.5×10⁻⁶ (2×10¹²) ×10"); got != "p=1.5e−6 (2e12) ×10" {
		t.Error(got)
	}
	f := lines()
	f.Notes = append(f.Notes, "p="+number.Probability(2.5e-7)+", "+number.Format(1.5e8))
	render(t, f, "pdf")
}

// TestShades: the luminance falls with the density.
func TestShades(t *testing.T) {
	last := math.Inf(1)
	for _, c := range (shades{}).Colors() {
		light := luminance(color.NRGBAModel.Convert(c).(color.NRGBA))
		if light > last {
			t.Fatalf("%v is lighter than the shade before", c)
		}
		last = light
	}
}

func TestTicks(t *testing.T) {
	label := func(ticks []string) string { return strings.Join(ticks, " ") }
	tests := []struct {
		low, high float64
		log       bool
		want      string
	}{
		{0, 512, false, "0 100 200 300 400 500"},
		{0, 1, false, "0 0.2 0.4 0.6 0.8 1"},
		{-3, 3, false, "−3 −2 −1 0 1 2 3"},
		{0, 10000, false, "0 2000 4000 6000 8000 10000"},
		{1e-300, 1e300, true, "1e−300 1e−200 1e−100 1 1e100 1e200 1e300"},
		{0.01, 1, true, "0.01 0.02 0.05 0.1 0.2 0.5 1"},
		{0.012, 1.4, true, "0.02 0.05 0.1 0.2 0.5 1"},
		{0.003, 1.4, true, "0.003 0.01 0.03 0.1 0.3 1"},
		{0.15, 0.95, true, "0.2 0.4 0.6 0.8"},
		{0.71, 0.79, true, "0.72 0.74 0.76 0.78"},
		{1e-6, 10, true, "1e−6 1e−5 1e−4 1e−3 1e−2 1e−1 1 1e1"},
	}
	for _, tt := range tests {
		ticks := linear{}.Ticks(tt.low, tt.high)
		if tt.log {
			ticks = decades{}.Ticks(tt.low, tt.high)
		}
		var labels []string
		for _, tick := range ticks {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if got := label(labels); got != tt.want {
			t.Errorf("ticks from %v to %v: %s, want %s", tt.low, tt.high, got, tt.want)
		}
	}
}
