package figure

import (
	"strings"
	"testing"
)

// TestLongLabel checks that a label longer than its vertical axis is broken at spaces and
// dashes, and that panels keep their data.
func TestLongLabel(t *testing.T) {
	f := lines()
	f.Panels = append(f.Panels, lines().Panels...)
	const label = "Jensen–Shannon divergence [nats]"
	for _, p := range f.Panels {
		p.YLabel = label
	}
	d, err := lay(f, NeurIPS)
	if err != nil {
		t.Fatal(err)
	}
	style := textStyle(d.paper.FontSize)
	for _, row := range d.rows {
		for _, c := range row {
			if c == nil || c.plot.Y.Label.Text == "" {
				continue
			}
			for line := range strings.SplitSeq(c.plot.Y.Label.Text, "\n") {
				if style.Width(line) > d.data.Y {
					t.Errorf("%q is %v long on an axis of %v", line, style.Width(line), d.data.Y)
				}
			}
			if words := strings.Join(strings.Fields(c.plot.Y.Label.Text), ""); words != strings.ReplaceAll(label, " ", "") {
				t.Errorf("the label reads %q", c.plot.Y.Label.Text)
			}
		}
	}
}
