package figure

import (
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestLongLabel checks that a label longer than its axis is broken at spaces and dashes, and
// that panels keep their data.
func TestLongLabel(t *testing.T) {
	f := lines()
	f.Panels = append(f.Panels, lines().Panels...)
	const label = "Jensen–Shannon divergence [nats]"
	for _, p := range f.Panels {
		p.XLabel, p.YLabel = label, label
	}
	d, err := lay(f, NeurIPS)
	if err != nil {
		t.Fatal(err)
	}
	style := textStyle(d.paper.FontSize)
	for _, row := range d.rows {
		for _, c := range row {
			if c == nil {
				continue
			}
			for text, length := range map[string]vg.Length{c.plot.X.Label.Text: d.data.X, c.plot.Y.Label.Text: d.data.Y} {
				if text == "" {
					continue // it is shared with another panel
				}
				for line := range strings.SplitSeq(text, "\n") {
					if style.Width(line) > length {
						t.Errorf("%q is %v long on an axis of %v", line, style.Width(line), length)
					}
				}
				if words := strings.Join(strings.Fields(text), ""); words != strings.ReplaceAll(label, " ", "") {
					t.Errorf("the label reads %q", text)
				}
			}
		}
	}
}
