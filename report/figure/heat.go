package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/plotter"
)

// A pixelGrid adapts a density to plotter.GridXYZ.
type pixelGrid struct{ *Density }

// Dims, X, Y and Z implement plotter.GridXYZ.
func (g pixelGrid) Dims() (columns, rows int) { return len(g.Density.X), len(g.Density.Y) }

// X returns the centre of a column.
func (g pixelGrid) X(c int) float64 { return g.Density.X[c] }

// Y returns the centre of a row.
func (g pixelGrid) Y(r int) float64 { return g.Density.Y[r] }

// Z returns the density, at most its ceiling.
func (g pixelGrid) Z(c, r int) float64 { return g.Density.Z[r][c] }

// heat draws a density. ceiling is the value of the darkest shade, the same in all panels
// to be compared.
func heat(d *Density, ceiling float64, paper Paper) *plot.Plot {
	plt := newPlot("x₁", "x₂", paper)
	h := plotter.NewHeatMap(pixelGrid{d}, shades{})
	h.Min, h.Max = 0, ceiling
	h.Overflow = shade(1)
	h.Underflow, h.NaN = color.White, color.White
	h.Rasterized = len(d.X)*len(d.Y) > 40*40 // few cells stay sharp
	plt.Add(h)
	plt.X.Padding, plt.Y.Padding = 0, 0
	return plt
}

// ceiling returns the target's largest value, so all panels share a scale that
// a collapsed policy does not stretch. Without a target it returns the largest
// value of all.
func ceiling(list []*Density) float64 {
	top := 0.0
	for _, row := range list[0].Z {
		for _, z := range row {
			top = math.Max(top, z)
		}
	}
	if top <= 0 {
		return 1
	}
	return top
}

// shades is a palette from white over blue to black whose luminance falls
// evenly, so it reads in grey.
type shades struct{}

// Colors implements palette.Palette.
func (shades) Colors() []color.Color {
	list := make([]color.Color, 256)
	for i := range list {
		list[i] = shade(float64(i) / 255)
	}
	return list
}

var _ palette.Palette = shades{}

// shade returns the colour at t from 0 to 1, interpolated between white, Okabe & Ito's
// sky blue and blue, and near black.
func shade(t float64) color.NRGBA {
	return blend([]stop{{0, color.NRGBA{255, 255, 255, 255}}, {0.33, skyBlue}, {0.66, blue}, {1, color.NRGBA{0, 24, 48, 255}}}, t)
}
