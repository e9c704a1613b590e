package page

import (
	"fmt"
	"image/color"
	"os"
	"strings"
	"testing"

	"gfnbench/report/figure"
)

// TestPaint: a colour that is faint on the dark page has a lighter one there, for both of
// its papers. The others and black, which the page draws as its text, stay.
func TestPaint(t *testing.T) {
	css, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("--raised: light-dark(#f4f6f8, #%02x%02x%02x)", darkRaised.R, darkRaised.G, darkRaised.B); !strings.Contains(string(css), want) {
		t.Errorf("page.css has no %s", want)
	}
	if want := "--paper: light-dark(#ffffff, #14171a)"; !strings.Contains(string(css), want) {
		t.Errorf("page.css has no %s", want)
	}
	var dark color.NRGBA
	got := paint(color.NRGBA{0x33, 0x22, 0x88, 255})
	if n, err := fmt.Sscanf(got, "light-dark(#332288, #%02x%02x%02x)", &dark.R, &dark.G, &dark.B); n != 3 {
		t.Fatalf("%s: %v", got, err)
	}
	for _, paper := range []color.NRGBA{darkRaised, {0x14, 0x17, 0x1a, 255}} {
		if got := figure.Contrast(dark, paper); got < 3 {
			t.Errorf("a contrast of %.2f on %v", got, paper)
		}
	}
	for c, want := range map[color.NRGBA]string{{A: 255}: "#000000", {0xF0, 0xE4, 0x42, 255}: "#f0e442"} {
		if got := paint(c); got != want {
			t.Errorf("%v is %s, want %s", c, got, want)
		}
	}
}
