package figure

import (
	"math"
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
