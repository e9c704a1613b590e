package cluster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPack(t *testing.T) {
	for _, c := range []struct {
		seconds, task          float64
		workers, parts, atMost int
		want                   int
	}{
		{3600, 1800, 1, 100, 0, 2},
		{3601, 1800, 1, 100, 0, 3},
		{3600, 1800, 4, 100, 0, 1},   // a task trains on four processors
		{0.5, 1800, 1, 10000, 0, 1},  // tiny cells share a task
		{1e6, 60, 1, 54, 0, 54},      // no task without cells
		{1e6, 60, 1, 54, 10, 10},     // the system takes no more
		{0, 60, 1, 0, 0, 1},          // nothing is known
		{7200, 1800, 0, 100, 100, 4}, // no workers count as one
	} {
		if got := pack(c.seconds, c.task, c.workers, c.parts, c.atMost); got != c.want {
			t.Errorf("pack(%v, %v, %d, %d, %d) = %d, want %d", c.seconds, c.task, c.workers, c.parts, c.atMost, got, c.want)
		}
	}
}

// TestChunks: every shard is run by exactly one task, and no index reaches the
// limit.
func TestChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shards := slices.Compact(slices.Sorted(slices.Values(rapid.SliceOfN(rapid.IntRange(1, 200), 1, 60).Draw(t, "shards"))))
		limit := rapid.IntRange(0, 50).Draw(t, "limit")
		var run []int
		for _, j := range chunks(shards, limit) {
			indices, err := parseRanges(j.Range)
			if err != nil || !slices.Equal(indices, j.Indices) {
				t.Fatalf("%q is %v, not %v (%v)", j.Range, indices, j.Indices, err)
			}
			for _, i := range indices {
				if limit > 0 && i >= limit {
					t.Fatalf("index %d with limit %d", i, limit)
				}
				run = append(run, j.Offset+i+1)
			}
		}
		if !slices.Equal(run, shards) {
			t.Fatalf("ran %v, not %v", run, shards)
		}
	})
}

func TestRanges(t *testing.T) {
	for text, list := range map[string][]int{"0": {0}, "0-3,7": {0, 1, 2, 3, 7}, "1,3,5-6": {1, 3, 5, 6}} {
		if got := ranges(list); got != text {
			t.Errorf("ranges(%v) = %q, want %q", list, got, text)
		}
	}
	for _, text := range []string{"", "a", "3-1", "1-", "-1", "1,,2"} {
		if list, err := parseRanges(text); err == nil {
			t.Errorf("%q was read as %v", text, list)
		}
	}
}
