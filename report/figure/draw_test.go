package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/suites"
)

// lines returns a figure of two panels and three lines, one with a gap and one that
// diverged.
func lines() *Figure {
	x := []float64{0, 10, 20, 30}
	f := &Figure{
		Spec: &suites.Figure{Name: "test", Title: "Distance & target", Where: "Fig. 3", Kind: "curves", Log: true}, Labels: []string{"tb", "reverse-kl", "renyi"},
		Notes: []string{"mean over 3 seeds; band: " + report.BandMethod},
	}
	for _, name := range []string{"sets", "sequences"} {
		p := &Panel{Label: name, XLabel: "gradient steps", YLabel: "l1", LogY: true}
		for i, label := range f.Labels {
			k := float64(i + 1)
			s := &Series{Label: label, Objective: label, X: x,
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
	if err := Write(&b, f, format); err != nil {
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
	if err := Write(io.Discard, lines(), "gif"); err == nil {
		t.Error("there is a format gif")
	}
}

// TestSVG: all text is there, each line in the colour of its objective, and the
// legend right of the panels.
func TestSVG(t *testing.T) {
	svg := string(render(t, lines(), "svg"))
	for _, want := range []string{"Distance &amp; target (Fig. 3)", ">sets<", ">sequences<", ">gradient steps<", ">l1<", ">mean over 3 seeds", "#000000", "#0072B2", "#009E73", "font-family:Liberation Sans,Arimo,"} {
		if !strings.Contains(svg, want) {
			t.Errorf("there is no %q", want)
		}
	}
	at := regexp.MustCompile(`<text x="([0-9.]+)"[^>]*>([^<]*)<`)
	position := make(map[string]float64)
	rightmost := 0.0
	for _, m := range at.FindAllStringSubmatch(strings.ReplaceAll(svg, "\n", " "), -1) {
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		position[m[2]] = x
		if m[2] == "gradient steps" || m[2] == "sequences" || m[2] == "30" {
			rightmost = max(rightmost, x)
		}
	}
	for _, label := range []string{"tb", "reverse-kl", "renyi"} {
		if x, ok := position[label]; !ok || x <= rightmost {
			t.Errorf("the legend's %s at %v is not right of the panels, which reach %v", label, x, rightmost)
		}
	}
}

// TestTitles: those of the panels of a row are at one height, whatever labels
// stand out of the axes; a panel without values has no axes and says so.
func TestTitles(t *testing.T) {
	f := lines()
	for _, s := range f.Panels[1].Series { // its topmost label is at the top
		for i := range s.Mean {
			s.Mean[i], s.Low[i], s.High[i] = s.Mean[i]*0.91, s.Low[i]*0.9, s.High[i]*0.9
		}
	}
	f.Panels = append(f.Panels, &Panel{Label: "phylo", XLabel: "of nothing", Series: []*Series{{Label: "tb", Rows: []*report.Row{{}}, Absent: 1}}})
	svg := strings.ReplaceAll(string(render(t, f, "svg")), "\n", " ")
	height := make(map[string]float64)
	for _, m := range regexp.MustCompile(`<text x="[0-9.]+" y="([-0-9.]+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(svg, -1) {
		y, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		height[m[2]] = y
	}
	if y := height["sets"]; y == 0 || math.Abs(y-height["sequences"]) > 0.1 || math.Abs(y-height["phylo"]) > 0.1 {
		t.Errorf("the titles are at %v, %v, %v", height["sets"], height["sequences"], height["phylo"])
	}
	if height["no results yet"] == 0 || height["of nothing"] != 0 {
		t.Errorf("a panel without results: %v, %v", height["no results yet"], height["of nothing"])
	}
}

// TestColumns: panels of two columns stand in rows of the first.
func TestColumns(t *testing.T) {
	for want, labels := range map[int]string{
		1: "grid", 2: "a b c d", 3: "a b c d e", 5: "a/1 a/2 a/3 a/4 a/5 b/1 b/2 b/3 b/4 b/5",
	} {
		var panels []*Panel
		for _, label := range strings.Fields(labels) {
			panels = append(panels, &Panel{Label: label})
		}
		if got := columnsOf(panels); got != want {
			t.Errorf("%s: %d columns, want %d", labels, got, want)
		}
	}
}

// TestStyles: an objective has its colour in every figure; lines of one
// objective differ in dashes.
func TestStyles(t *testing.T) {
	series := func(pairs ...string) *Figure {
		f := &Figure{Panels: []*Panel{{}}}
		for i := 0; i < len(pairs); i += 2 {
			f.Labels = append(f.Labels, pairs[i])
			f.Panels[0].Series = append(f.Panels[0].Series, &Series{Label: pairs[i], Objective: pairs[i+1]})
		}
		return f
	}
	a := Styles(series("tb", "tb", "renyi", "renyi"))
	b := Styles(series("renyi/none", "renyi", "renyi/loo", "renyi", "tb", "tb"))
	if a["tb"].Color != b["tb"].Color || a["renyi"].Color != b["renyi/none"].Color || b["renyi/none"].Color != b["renyi/loo"].Color {
		t.Error("an objective changes its colour")
	}
	if len(b["renyi/none"].Dashes) == len(b["renyi/loo"].Dashes) && b["renyi/none"].Marker == b["renyi/loo"].Marker {
		t.Error("two lines of an objective look alike")
	}
	c := Styles(series("alpha=-1", "renyi", "alpha=5", "renyi"))
	if c["alpha=-1"].Color == c["alpha=5"].Color {
		t.Error("lines that are not objectives share a colour")
	}
	for name, s := range objectives {
		for other, o := range objectives {
			if name != other && s.Color == o.Color && slices.Equal(s.Dashes, o.Dashes) {
				t.Errorf("%s and %s look alike", name, other)
			}
		}
	}
}

// TestShades: the luminance falls with the density.
func TestShades(t *testing.T) {
	last := math.Inf(1)
	for _, c := range (shades{}).Colors() {
		r, g, b, _ := c.RGBA()
		luminance := 0.2126*float64(r) + 0.7152*float64(g) + 0.0722*float64(b) // ITU-R BT.709
		if luminance > last {
			t.Fatalf("%v is lighter than the shade before", c)
		}
		last = luminance
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
		{-3, 3, false, "-3 -2 -1 0 1 2 3"},
		{0, 10000, false, "0 2000 4000 6000 8000 10000"},
		{0.01, 1, true, "0.01 0.02 0.05 0.1 0.2 0.5 1"},
		{0.012, 1.4, true, "0.02 0.05 0.1 0.2 0.5 1"},
		{0.003, 1.4, true, "0.003 0.01 0.03 0.1 0.3 1"},
		{0.15, 0.95, true, "0.2 0.4 0.6 0.8"},
		{0.71, 0.79, true, "0.72 0.74 0.76 0.78"},
		{1e-6, 10, true, "1e-06 1e-05 0.0001 0.001 0.01 0.1 1 10"},
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
