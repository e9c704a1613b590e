package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gfnbench/suites"
)

// TestAxes checks that a panel agrees with the paper's axis if its extreme point lies
// between the stated values, whichever line it is on.
func TestAxes(t *testing.T) {
	f := &Figure{
		Panels: []*Panel{{Label: "sets", Series: []*Series{{Mean: []float64{math.NaN(), 3, 1}}, {Mean: []float64{2, 0.5}}}}},
		Spec: &suites.Figure{Axes: []suites.AxisEnd{
			{Panel: "sets", Top: true, Low: 3, High: 4}, {Panel: "sets", Low: 0.6, High: 1}, {Panel: "elsewhere", Top: true},
		}},
	}
	f.noteAxes()
	want := []string{"agree with the paper's axes (range in brackets): sets highest 3 (3 to 4)", "do not agree with the paper's axes (range in brackets): sets lowest 0.5000 (0.6 to 1)"}
	if strings.Join(f.Notes, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, want %q", f.Notes, want)
	}
}

// TestQuantities: panels of one quantity stand together and share a scale, which does not
// depend on the other quantities.
func TestQuantities(t *testing.T) {
	panel := func(name, quantity string, values ...float64) *Panel {
		return &Panel{Label: name, YLabel: quantity, Series: []*Series{{Mean: values}}}
	}
	f := &Figure{Spec: &suites.Figure{Auto: true}, Panels: []*Panel{
		panel("grid", "L1", 1, 0.5), panel("bits", "ELBO", 34, 37), panel("sets", "L1", 0.05, 0.04), panel("dag", "ELBO", 10, 14),
	}}
	f.scale()
	var got []string
	for _, p := range f.Panels {
		got = append(got, fmt.Sprint(p.Label, " ", p.LogY))
	}
	if want := []string{"grid true", "sets true", "bits false", "dag false"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
