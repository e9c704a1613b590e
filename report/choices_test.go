package report

import (
	"math"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
)

// choiceRows makes runs with the given values of the settings a and b.
func choiceRows(settings [][2]int) (rows []*Row) {
	for i, v := range settings {
		run := &results.Run{Cell: results.Cell{Seed: int64(i), Params: []results.Param{{Name: "batch", Value: param.Of(v[0])}, {Name: "steps", Value: param.Of(v[1])}}}}
		rows = append(rows, &Row{Run: run})
	}
	return rows
}

// TestChoicesByHand divides the sum of squares of a 2 × 2 design with two runs per cell:
// y = 3a + b + 2ab ± 1 with a, b = ±1 has the sums of squares 8·9 for a, 8·1 for b, 8·4
// for their interaction and 8·1 within cells, 120 in all.
func TestChoicesByHand(t *testing.T) {
	var settings [][2]int
	var y []float64
	for _, a := range []int{-1, 1} {
		for _, b := range []int{-1, 1} {
			for _, e := range []int{-1, 1} {
				settings = append(settings, [2]int{a, b})
				y = append(y, float64(3*a+b+2*a*b+e))
			}
		}
	}
	sh := &Choices{Factors: []string{"batch", "steps"}}
	sh.analyse(choiceRows(settings), y, &Stat{Metric: metric.L1, Name: "final"})
	for name, x := range map[string][2]float64{
		"a": {sh.Of[0], 72. / 120}, "b": {sh.Of[1], 8. / 120}, "interactions": {sh.Interactions, 32. / 120}, "chance": {sh.Chance, 8. / 120},
	} {
		if math.Abs(x[0]-x[1]) > 1e-12 {
			t.Errorf("%s explains %v, want %v", name, x[0], x[1])
		}
	}
	if !sh.Balanced || sh.Cells != 4 || sh.Levels[0] != "-1" || sh.Levels[1] != "-1" {
		t.Errorf("%+v", sh)
	}
	sh = &Choices{Factors: []string{"batch", "steps"}}
	sh.analyse(choiceRows(settings[:7]), y[:7], &Stat{Metric: metric.L1, Name: "final"})
	if sh.Balanced {
		t.Error("a cell with one run less is taken for balanced")
	}
}

// TestChoicesOfEqual checks that if all runs are equal, nothing is explained and no value
// is the best.
func TestChoicesOfEqual(t *testing.T) {
	sh := &Choices{Factors: []string{"batch", "steps"}}
	sh.analyse(choiceRows([][2]int{{1, 1}, {1, 2}, {2, 1}, {2, 2}}), []float64{3, 3, 3, 3}, &Stat{Metric: metric.L1, Name: "final"})
	if sh.Of[0] != 0 || sh.Of[1] != 0 || sh.Interactions != 0 || sh.Chance != 0 || sh.Levels[0] != "" {
		t.Errorf("%+v", sh)
	}
}

// TestDetermined: a column that another one says is no factor of its own.
func TestDetermined(t *testing.T) {
	rows := choiceRows([][2]int{{1, 10}, {1, 10}, {2, 20}, {3, 20}})
	if !determined(rows, "steps", []string{"batch"}) || determined(rows, "batch", []string{"steps"}) {
		t.Error("steps follow from batch, and batch does not follow from steps")
	}
}
