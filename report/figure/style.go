package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours of Okabe & Ito, and two greys.
var (
	black      = color.NRGBA{A: 255}
	orange     = color.NRGBA{R: 0xE6, G: 0x9F, A: 255}
	skyBlue    = color.NRGBA{R: 0x56, G: 0xB4, B: 0xE9, A: 255}
	green      = color.NRGBA{G: 0x9E, B: 0x73, A: 255}
	yellow     = color.NRGBA{R: 0xF0, G: 0xE4, B: 0x42, A: 255}
	blue       = color.NRGBA{G: 0x72, B: 0xB2, A: 255}
	vermillion = color.NRGBA{R: 0xD5, G: 0x5E, A: 255}
	purple     = color.NRGBA{R: 0xCC, G: 0x79, B: 0xA7, A: 255}
	grey       = color.NRGBA{R: 0x99, G: 0x99, B: 0x99, A: 255}
	darkGrey   = color.NRGBA{R: 0x60, G: 0x60, B: 0x60, A: 255}
)

// A Style says how a series is drawn.
type Style struct {
	Color  color.NRGBA      // of the line, its markers and its band
	Dashes []vg.Length      // lengths on and off; nil: a solid line
	Marker draw.GlyphDrawer // at points of the line
}

var (
	dashes = [][]vg.Length{
		nil, {vg.Points(5), vg.Points(2.5)}, {vg.Points(1.5), vg.Points(2)},
		{vg.Points(7), vg.Points(2), vg.Points(1.5), vg.Points(2)}, {vg.Points(10), vg.Points(3)}, {vg.Points(3), vg.Points(1.5)},
	}
	markers = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.CrossGlyph{}, draw.PlusGlyph{},
	}
)

// objectives are the styles of the objectives, the same in every figure.
var objectives = map[string]Style{
	"tb":           {black, dashes[0], markers[0]},
	"db":           {grey, dashes[1], markers[5]},
	"subtb":        {darkGrey, dashes[2], markers[4]},
	"vargrad":      {purple, dashes[3], markers[6]},
	"reverse-kl":   {blue, dashes[0], markers[1]},
	"forward-kl":   {vermillion, dashes[1], markers[2]},
	"renyi":        {green, dashes[3], markers[3]},
	"tsallis":      {orange, dashes[4], markers[4]},
	"linex":        {skyBlue, dashes[2], markers[7]},
	"shifted-cosh": {yellow, dashes[5], markers[5]},
}

// categories are the colours of levels that are neither objectives nor numbers: the muted
// scheme of Tol (Colour schemes, 2021), which shares no colour with the objectives.
var categories = []color.NRGBA{
	{0x33, 0x22, 0x88, 255}, {0xCC, 0x66, 0x77, 255}, {0x44, 0xAA, 0x99, 255}, {0x88, 0x22, 0x55, 255}, {0x99, 0x99, 0x33, 255},
	{0x88, 0xCC, 0xEE, 255}, {0x11, 0x77, 0x33, 255}, {0xAA, 0x44, 0x99, 255}, {0x77, 0x66, 0x55, 255},
}

// numbers are the stops of the colours of numbers, from the darkest to the lightest that
// a thin line on white can have: part of plasma (van der Walt & Smith, 2015).
var numbers = []stop{
	{0, color.NRGBA{0x0D, 0x08, 0x87, 255}}, {0.33, color.NRGBA{0x7E, 0x03, 0xA8, 255}},
	{0.66, color.NRGBA{0xCC, 0x47, 0x78, 255}}, {1, color.NRGBA{0xF0, 0x8A, 0x48, 255}},
}

// A stop is a colour at a point of a gradient.
type stop struct {
	at    float64 // from 0 to 1
	color color.NRGBA
}

// blend returns the colour of a gradient at t from 0 to 1.
func blend(stops []stop, t float64) color.NRGBA {
	for i := 1; i < len(stops); i++ {
		a, b := stops[i-1], stops[i]
		if t <= b.at {
			u := (t - a.at) / (b.at - a.at)
			mix := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*u + 0.5) }
			return color.NRGBA{mix(a.color.R, b.color.R), mix(a.color.G, b.color.G), mix(a.color.B, b.color.B), 255}
		}
	}
	return stops[len(stops)-1].color
}

// print returns a text that distinguishes styles.
func (s Style) print() string { return fmt.Sprintf("%v %v %T", s.Color, s.Dashes, s.Marker) }
