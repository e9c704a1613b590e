package figure

import (
	"image/color"
	"math"
)

// Contrast returns the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast
// ratio" and "relative luminance").
func Contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// legible is the least contrast of lines with what they are drawn on (WCAG 2.2, success
// criterion 1.4.11).
const legible = 3

// OnDark returns a colour for dark paper: the colour itself, or mixed with as much white
// as makes it legible.
func OnDark(c, paper color.NRGBA) color.NRGBA {
	white := color.NRGBA{255, 255, 255, 255}
	for t := 0.0; ; t += 0.02 {
		if mixed := blend([]stop{{0, c}, {1, white}}, t); t >= 1 || Contrast(mixed, paper) >= legible {
			return mixed
		}
	}
}
