package figure

import (
	"slices"
	"testing"

	"gfnbench/suites"
)

// TestRowNames: of neighbouring panels of one quantity, the first that has values names it.
func TestRowNames(t *testing.T) {
	panel := func(name, quantity string, values ...float64) *Panel {
		p := &Panel{Label: name, YLabel: quantity, XLabel: "step", Series: []*Series{{Label: "tb", X: []float64{0, 1}, Mean: values, Low: values, High: values}}}
		if values == nil {
			p.Series[0].X = nil
		}
		return p
	}
	for _, c := range []struct {
		panels []*Panel
		want   []string
	}{
		{[]*Panel{panel("a", "L1"), panel("b", "L1", 1, 0.5), panel("c", "L1", 1, 0.4)}, []string{"", "L1", ""}},
		{[]*Panel{panel("a", "L1", 1, 0.5), panel("b", "L1"), panel("c", "L1", 1, 0.4)}, []string{"L1", "", ""}},
		{[]*Panel{panel("a", "L1", 1, 0.5), panel("b", "L1", 900, 800)}, []string{"L1", ""}}, // two axes
		{[]*Panel{panel("a", "L1"), panel("b", "ELBO", 1, 2), panel("c", "ELBO", 1, 2)}, []string{"", "ELBO", ""}},
	} {
		d, err := lay(&Figure{Spec: &suites.Figure{Kind: "curves"}, Labels: []string{"tb"}, Panels: c.panels}, NeurIPS)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range d.rows {
			for _, cell := range row {
				if cell != nil {
					got = append(got, cell.plot.Y.Label.Text)
				}
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("names %q, want %q", got, c.want)
		}
	}
}
