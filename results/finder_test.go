package results

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestFinder: a finder finds every run and no other, in any order of the rows.
func TestFinder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching("[a-c]{1,3}"), 0, 20, rapid.ID).Draw(rt, "ids")
		f := finder{}
		for _, id := range ids {
			f.runs = append(f.runs, Run{Cell: Cell{ID: id}})
		}
		for _, id := range rapid.SliceOf(rapid.OneOf(rapid.StringMatching("[a-d]{1,3}"), rapid.SampledFrom(append(ids, "d")))).Draw(rt, "rows") {
			r, i := f.find(id), slices.Index(ids, id)
			if (r == nil) != (i < 0) || r != nil && r != &f.runs[i] {
				rt.Fatalf("%q: %v, want run %d", id, r, i)
			}
		}
	})
}
