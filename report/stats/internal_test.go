package stats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/stream"
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

// TestDrawsKept: resamples that are kept are those that would be drawn, whatever
// was drawn between.
func TestDrawsKept(t *testing.T) {
	list := func(name string, sizes []int, count int) (all []int) {
		drawResamples(stream.NewKey(name), sizes, count, func(indices [][]int) {
			for _, s := range indices {
				all = append(all, s...)
			}
		})
		return all
	}
	var first []int
	drawAnew(stream.NewKey("a"), identity([]int{5, 3}), 40, func(indices [][]int) { first = append(append(first, indices[0]...), indices[1]...) })
	for _, other := range []func() []int{
		func() []int { return list("a", []int{5, 3}, 40) },
		func() []int { return list("a", []int{5, 3}, 40) },
		func() []int { list("b", []int{5, 3}, 40); return list("a", []int{5, 3}, 40) },
		func() []int { list("a", []int{3, 5}, 40); return list("a", []int{5, 3}, 40) },
		func() []int { list("a", []int{5, 3}, 10); return list("a", []int{5, 3}, 40) },
		func() []int { return append(list("a", []int{5, 3}, 10), first[10*8:]...) },
	} {
		if !slices.Equal(first, other()) {
			t.Error("the same key and sizes draw other resamples")
		}
	}
	if slices.Equal(first, list("b", []int{5, 3}, 40)) {
		t.Error("another key draws the same resamples")
	}
}
