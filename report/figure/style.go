package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours of Okabe & Ito, and a grey.
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
)

// A Style is how a series is drawn.
type Style struct {
	Color  color.NRGBA      // of line, marker and band
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
	sequence = []color.NRGBA{blue, vermillion, green, orange, purple, skyBlue, black, grey, yellow}
)

// objectives are the styles of the objectives, the same in every figure.
var objectives = map[string]Style{
	"tb":           {black, dashes[0], markers[0]},
	"db":           {grey, dashes[1], markers[5]},
	"subtb":        {grey, dashes[2], markers[4]},
	"vargrad":      {purple, dashes[3], markers[6]},
	"reverse-kl":   {blue, dashes[0], markers[1]},
	"forward-kl":   {vermillion, dashes[1], markers[2]},
	"renyi":        {green, dashes[3], markers[3]},
	"tsallis":      {orange, dashes[4], markers[4]},
	"linex":        {skyBlue, dashes[2], markers[7]},
	"shifted-cosh": {yellow, dashes[5], markers[5]},
}

// Styles returns the styles of a figure's series, by their labels. Where the lines
// are the objectives, each has its own; those of one objective differ in dashes
// and markers. Lines of any other kind take the colours in turn.
func Styles(f *Figure) map[string]Style {
	objective := make(map[string]string)
	different := make(map[string]bool)
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if other, ok := objective[s.Label]; ok && other != s.Objective {
				different[s.Label] = true // the line is not one objective's
			}
			objective[s.Label] = s.Objective
		}
	}
	distinct := make(map[string]bool)
	for _, o := range objective {
		distinct[o] = true
	}
	byObjective := len(different) == 0 && len(distinct) > 1 || len(f.Labels) == 1 && len(different) == 0
	styles := make(map[string]Style)
	used := make(map[string]int)
	for i, label := range f.Labels {
		style, known := objectives[objective[label]]
		if !byObjective || !known {
			styles[label] = Style{sequence[i%len(sequence)], dashes[i%len(dashes)], markers[i%len(markers)]}
			continue
		}
		if n := used[objective[label]]; n > 0 {
			style.Dashes, style.Marker = dashes[(n+1)%len(dashes)], markers[(n+2)%len(markers)]
		}
		used[objective[label]]++
		styles[label] = style
	}
	return styles
}
