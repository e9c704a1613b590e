package figure

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
)

// TestKeyed: the legend of many lines has an entry for each value of their first columns, in
// the style that the lines with it have, and a note names the columns that nothing shows.
func TestKeyed(t *testing.T) {
	s := reporttest.Load(t, `schema = 1
name = "many"
[run]
seeds = 1
steps = 2
eval_every = 2
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "subtb", "db"]
"optimizer.lr" = [0.1, 0.2, 0.3]
batch = [2, 4]
clip_norm = [1, 2]
`, nil)
	f, err := Make(s, Default(s), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Labels) != 48 || !f.keyed() {
		t.Fatalf("%d lines, keyed %v", len(f.Labels), f.keyed())
	}
	var names []string
	for _, block := range f.keys() {
		for _, e := range block {
			names = append(names, e.lines[0])
		}
	}
	if got, want := strings.Join(names, " "), "TB VarGrad SubTB DB batch=2 batch=4 clip_norm=1 clip_norm=2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := f.noteKeys(); got != "48 lines: colours say objective, dashes say batch, markers say clip_norm; lines that look alike differ in lr" {
		t.Error(got)
	}
	keys, styles, factors := f.keys(), f.factorial(), f.factors()
	for i, label := range f.Labels {
		style := styles[label]
		color, dash, marker := keys[0][factors[0].at[i]].style, keys[1][factors[1].at[i]].style, keys[2][factors[2].at[i]]
		if style.Color != color.Color || !slices.Equal(style.Dashes, dash.Dashes) || style.Marker != marker.style.Marker || !marker.bare {
			t.Errorf("%s is not drawn as the legend says", label)
		}
	}
	svg := string(render(t, f, "svg"))
	if !strings.Contains(svg, ">batch=2<") || strings.Contains(svg, fmt.Sprintf(">%s<", f.Name(f.Labels[0]))) {
		t.Error("the legend is not that of the values")
	}
}
