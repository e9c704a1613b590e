package gfn

import (
	"math"
	"testing"
)

// Subsets are groups of given states without overlap, with one size whatever the number
// of states. The standard error is that of their mean.
func TestSubsetsAreGroups(t *testing.T) {
	// Masses p = (2, 1, 1), r = (1, 1, 1): the total variation on {0, 1} is
	// |2/3 - 1/2| = 1/6, on one state 0.
	logPT := []float64{math.Log(2), 0, 0}
	masses := func(_ int, x []uint64) (float64, float64) { return logPT[x[0]], 0 }
	states := []uint64{0, 1, 2, 2, 1, 0}
	for _, tt := range []struct {
		size, count, limit int
		mean, stderr       float64
	}{
		{2, 9, 8, 1. / 9, 1. / 18},    // {0, 1}, {2}, {1, 0}: 1/6, 0, 1/6, of sd 1/√108
		{9, 9, 2, 1. / 9, 1. / 18},    // the limit
		{4, 9, 8, 1. / 6, math.NaN()}, // {0, 1, 2}: |1/2 - 1/3|; two states are left over
		{2, 2, 8, 1. / 12, 1. / 12},   // the first two
		{2, 9, 1, 0, 0},               // one state cannot differ
	} {
		var s subsets
		trainer := &Trainer{spec: Spec{FCS: FCS{Size: tt.size, Count: tt.count}}}
		got := s.measure(trainer, states, 1, tt.limit, masses)
		if math.Abs(got.Value-tt.mean) > 1e-15 || !(math.Abs(got.StdErr-tt.stderr) < 1e-15 || math.IsNaN(got.StdErr) && math.IsNaN(tt.stderr)) {
			t.Errorf("size %d, count %d, limit %d: %v ± %v, want %v ± %v", tt.size, tt.count, tt.limit, got.Value, got.StdErr, tt.mean, tt.stderr)
		}
	}
	var s subsets
	if got := s.measure(&Trainer{spec: Spec{FCS: FCS{Size: 2}}}, states, 1, 8, masses); got.Present {
		t.Errorf("%v of no subsets", got)
	}
}
