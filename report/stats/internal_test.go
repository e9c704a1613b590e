package stats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSelectedIsWhatSortingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-9, 9).Draw(t, "v")) }), 1, 60).Draw(t, "values")
		k := rapid.IntRange(0, len(values)-1).Draw(t, "k")
		want, sorted := slices.Sorted(slices.Values(values)), slices.Clone(values)
		sortNumbers(sorted)
		if !slices.Equal(sorted, want) {
			t.Fatalf("sorted %v, want %v", sorted, want)
		}
		if got := selected(values, k); got != want[k] {
			t.Fatalf("value %d is %v, want %v", k, got, want[k])
		}
	})
}
