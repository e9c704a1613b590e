package report_test

import (
	"slices"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

const bestSuite = `schema = 1
name = "best"
[run]
seeds = 4
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "db"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
`

// TestBest: for paired differences d over four seeds, Student's t distinguishes two
// settings if |mean d| > 3.182·sd/2 (the 97.5% quantile for 3 degrees of freedom).
func TestBest(t *testing.T) {
	base := []float64{1, 2, 3, 4}
	plus := func(x ...float64) []float64 { // base plus x in turn
		y := slices.Clone(base)
		for i := range y {
			y[i] += x[i%len(x)]
		}
		return y
	}
	tests := []struct {
		name   string
		values map[string][]float64
		want   []bool // of tb, vargrad, db
	}{
		{"one is best", map[string][]float64{"tb": base, "vargrad": plus(1, 1.1), "db": plus(2, 2.1)}, []bool{true, false, false}},
		// Differences alternate between -0.1 and 0.12: mean 0.01, sd 0.127.
		{"two are equal", map[string][]float64{"tb": base, "vargrad": plus(-.1, .12), "db": plus(2, 2.1)}, []bool{true, true, false}},
		{"nothing differs", map[string][]float64{"tb": {2, 2, 2, 2}, "vargrad": {2, 2, 2, 2}, "db": {2, 2, 2, 2}}, []bool{false, false, false}},
		{"fewer seeds", map[string][]float64{"tb": base, "vargrad": plus(1, 1.1), "db": {.5, .6}}, []bool{false, false, false}},
		{"fewer seeds and worse", map[string][]float64{"tb": base, "vargrad": plus(1, 1.1), "db": {7, 8}}, []bool{true, false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := reporttest.Load(t, bestSuite, func(c *suites.Cell, r *results.Run) {
				if values := tt.values[r.Objective]; c.Seed < len(values) {
					reporttest.Curve(r, 10, values[c.Seed])
				} else {
					r.Status = ""
				}
			})
			table, err := s.Table(s.Suite.Tables[0])
			if err != nil {
				t.Fatal(err)
			}
			var got []bool
			for _, slot := range table.Slots[0] {
				got = append(got, slot.Best)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("marked %v, want %v", got, tt.want)
			}
		})
	}
}

// TestBestFailed: a setting with a diverged seed is never marked, nor is another one if
// the remaining seeds look better.
func TestBestFailed(t *testing.T) {
	s := reporttest.Load(t, bestSuite, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 10, 5, float64(len(r.Objective))+float64(c.Seed)/10)
		if r.Objective == "tb" && c.Seed == 3 {
			reporttest.Diverge(r)
		}
	})
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	for j, slot := range table.Slots[0] {
		if slot.Best {
			t.Errorf("%s is marked", table.Columns[j].Name)
		}
	}
}

// TestBestOfTask: only settings of one task are compared, wherever the table has its tasks.
// On the small grid every value is 10 higher, so that one of the large grid would be best.
func TestBestOfTask(t *testing.T) {
	const grids = `[[grid]]
objective = ["tb", "vargrad"]
"params.height" = [3, 5]
`
	head, _, _ := strings.Cut(bestSuite, "[[grid]]")
	s := reporttest.Load(t, head+grids, func(c *suites.Cell, r *results.Run) {
		x := 1.0 + float64(c.Seed)/10
		if r.Objective == "vargrad" {
			x += 0.5 + float64(c.Seed)/20
		}
		if c.Value("params.height").Int() == 3 {
			x += 10
		}
		reporttest.Curve(r, 10, x)
	})
	for _, names := range [][2][]string{
		{{"environment"}, {"objective", "params.height"}}, {{"objective", "params.height"}, {"environment"}}, {{"objective"}, {"params.height"}},
		{{"params.height"}, {"objective"}}, {{"objective"}, {"environment", "params.height"}}, {{"params.height", "objective"}, {"environment"}},
	} {
		spec := s.DefaultTable(names[0], names[1])
		if names[0][0] == "environment" {
			spec.Base = "tb/3"
		}
		table, err := s.Table(spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range table.Slots {
			for _, slot := range row {
				if best := slot.Rows[0].Objective() == "tb"; slot.Best != best {
					t.Errorf("%v by %v: %s, height %v: best %v", names[0], names[1], slot.Rows[0].Objective(), slot.Rows[0].Value("params.height").Int(), slot.Best)
				}
				if versus := slot.Rows[0].Objective() == "vargrad" && slot.Rows[0].Value("params.height").Int() == 3; spec.Base != "" && (slot.Versus != nil) != versus {
					t.Errorf("vargrad alone is compared with tb/3, and height 3 alone: %v %v", slot.Rows[0].Objective(), slot.Versus)
				}
			}
		}
	}
}
