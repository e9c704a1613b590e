package figure

import (
	"image/color"
	"maps"
	"math"
	"slices"
	"testing"
)

// TestContrast compares with values of WCAG 2.2's own formula: black on white is 21, and
// #777777 on white is the well-known 4.48 that misses 4.5.
func TestContrast(t *testing.T) {
	white := color.NRGBA{255, 255, 255, 255}
	for c, want := range map[color.NRGBA]float64{black: 21, white: 1, {0x77, 0x77, 0x77, 255}: 4.48} {
		if got := Contrast(c, white); math.Abs(got-want) > 0.005 {
			t.Errorf("%v on white: %.3f, want %v", c, got, want)
		}
	}
}

// TestPaletteContrast: on dark paper every colour is legible and distinct. On white, only the
// light colours of the two published schemes are not, whose lines have dashes and markers.
func TestPaletteContrast(t *testing.T) {
	palette := slices.Clone(categories)
	for _, style := range objectives {
		palette = append(palette, style.Color)
	}
	for level := range 9 {
		palette = append(palette, blend(numbers, float64(level)/8))
	}
	white, dark := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0x1e, 0x22, 0x26, 255}
	light := []color.NRGBA{orange, skyBlue, yellow, grey, {0x44, 0xAA, 0x99, 255}, {0x88, 0xCC, 0xEE, 255}, {0xE7, 0x79, 0x54, 255}, {0xF0, 0x8A, 0x48, 255}}
	from := make(map[color.NRGBA]color.NRGBA)
	for _, c := range palette {
		if got := Contrast(c, white); got < legible && !slices.Contains(light, c) {
			t.Errorf("#%02x%02x%02x has a contrast of %.2f on white", c.R, c.G, c.B, got)
		}
		on := OnDark(c, dark)
		if got := Contrast(on, dark); got < legible {
			t.Errorf("#%02x%02x%02x becomes #%02x%02x%02x on dark paper, with a contrast of %.2f", c.R, c.G, c.B, on.R, on.G, on.B, got)
		}
		if Contrast(c, dark) >= legible && on != c {
			t.Errorf("#%02x%02x%02x is legible on dark paper and is changed to %v", c.R, c.G, c.B, on)
		}
		if was, ok := from[on]; ok && was != c {
			t.Errorf("%v and %v are the same on dark paper", was, c)
		}
		from[on] = c
	}
	if got := slices.Collect(maps.Keys(from)); len(got) != len(palette) {
		t.Errorf("%d colours on dark paper, want %d", len(got), len(palette))
	}
}
