package stats_test

import (
	"math"

	"pgregory.net/rapid"
)

var nan, inf = math.NaN(), math.Inf(1)

// failer holds the methods of *testing.T and *rapid.T that near needs.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// near fails unless got is within tolerance of want, absolutely or relatively. Two NaN
// are near.
func near(t failer, what string, got, want, tolerance float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g within %g", what, got, want, tolerance)
	}
}

// nearAll is near for slices.
func nearAll(t failer, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s = %v, want %v", what, got, want)
		return
	}
	for i := range want {
		near(t, what, got[i], want[i], tolerance)
	}
}

// must returns the value of a call that may not fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// tiedSample draws small integers, so ties, zeros and both signs are common.
func tiedSample(t *rapid.T, name string, low, high int) []float64 {
	ints := rapid.SliceOfN(rapid.IntRange(-3, 3), low, high).Draw(t, name)
	x := make([]float64, len(ints))
	for i, v := range ints {
		x[i] = float64(v) / 2
	}
	return x
}
