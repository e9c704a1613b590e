package stats_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func TestAUC(t *testing.T) {
	tests := []struct {
		name          string
		steps, values []float64
		want          float64
	}{
		{"uneven grid", []float64{0, 1, 3}, []float64{2, 1, 0}, (1.5 + 1) / 3},
		{"constant", []float64{5, 6, 10}, []float64{.3, .3, .3}, .3},
		{"one point", []float64{5}, []float64{.3}, .3},
		{"NaN", []float64{0, 1}, []float64{1, nan}, nan},
		{"infinite", []float64{0, 1}, []float64{1, inf}, inf},
	}
	for _, test := range tests {
		near(t, test.name, must(stats.AUC(test.steps, test.values)), test.want, 1e-15)
	}
	for name, steps := range map[string][]float64{"none": nil, "decreasing": {1, 0}, "repeated": {1, 1}, "NaN": {nan, 1}, "infinite": {1, inf}} {
		if _, err := stats.AUC(steps, make([]float64, len(steps))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := stats.AUC([]float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Errorf("lengths: %v", err)
	}
}

func TestOnGrid(t *testing.T) {
	got := must(stats.OnGrid([]float64{0, 10, 20, 30}, []float64{1, 2, nan, 4}, []float64{-1, 0, 5, 10, 15, 25, 30, 31}))
	nearAll(t, "OnGrid", got, []float64{nan, 1, 1.5, 2, nan, nan, 4, nan}, 1e-15)
	if _, err := stats.OnGrid([]float64{0}, []float64{1}, []float64{nan}); !errors.Is(err, stats.ErrNaN) {
		t.Errorf("NaN in the grid: %v", err)
	}
	// A finer grid that keeps the steps does not change the area.
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 2, 12).Draw(t, "values")
		var steps, fine []float64
		for i := range values {
			steps = append(steps, float64(i*i))
			fine = append(fine, float64(i*i), float64(i*i)+0.25, float64(i*i)+0.75)
		}
		fine = fine[:len(fine)-2]
		near(t, "area", must(stats.AUC(fine, must(stats.OnGrid(steps, values, fine)))), must(stats.AUC(steps, values)), 1e-12)
	})
}

// The work per point does not grow with the number of points. With quadratic work a
// million points would take half an hour.
func TestOnGridOfManyPoints(t *testing.T) {
	const n = 1 << 20
	steps, values := make([]float64, n), make([]float64, n)
	for i := range steps {
		steps[i], values[i] = float64(2*i), float64(i)
	}
	grid := make([]float64, n)
	for i := range grid {
		grid[i] = float64(2*i + 1) // between two steps, beyond the last at the end
	}
	on, err := stats.OnGrid(steps, values, grid)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range on[:n-1] {
		if x != float64(i)+0.5 {
			t.Fatalf("at %v: %v, want %v", grid[i], x, float64(i)+0.5)
		}
	}
	if !math.IsNaN(on[n-1]) {
		t.Errorf("beyond the last step: %v", on[n-1])
	}
}
