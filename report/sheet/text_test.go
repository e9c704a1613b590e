package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestTextWidth: whatever the width, a line is longer only if a single column forces it,
// every entry is written once, and every block names its rows.
func TestTextWidth(t *testing.T) {
	sh := &Sheet{
		Title: "a title of several words", Caption: "What the numbers are, in a sentence that is longer than a narrow terminal.",
		Head: []string{"environment", "tb/none", "reverse-kl/loo", "forward-kl/loo", "words"}, Stub: 1, Prose: []int{4},
		Notes: []string{"a note that is longer than a narrow terminal is wide, and goes on"},
		Rows: [][]Entry{
			Texts("grid", "0.111 ± 0.001", "0.112 ± 0.001", "0.113 ± 0.001", "prose that has many words, [1, 2, 3, 4, 5, 6] among them"),
			Texts("words", "0.121 ± 0.001", "0.122 ± 0.001", "0.123 ± 0.001", "short"),
		},
	}
	var unlimited bytes.Buffer
	if err := sh.text(&unlimited, 0); err != nil {
		t.Fatal(err)
	}
	for width := 27; width <= 160; width++ {
		var b bytes.Buffer
		if err := sh.text(&b, width); err != nil {
			t.Fatal(err)
		}
		if width >= 140 && b.String() != unlimited.String() {
			t.Errorf("width %d changes what fits:\n%s", width, &b)
		}
		blocks := 0
		for line := range strings.Lines(b.String()) {
			if line = strings.TrimSuffix(line, "\n"); columns(line) > width && width >= 40 {
				t.Errorf("width %d: a line of %d: %q", width, columns(line), line)
			}
			if strings.HasPrefix(line, " environment") {
				blocks++
			}
		}
		if rows := strings.Count(b.String(), "\n grid"); rows != blocks {
			t.Errorf("width %d: %d rows of grid in %d blocks", width, rows, blocks)
		}
		for _, text := range []string{"0.111 ± 0.001", "0.112 ± 0.001", "0.113 ± 0.001", "0.123 ± 0.001", "[1, 2, 3, 4, 5, 6]", "short", "reverse-kl/loo"} {
			if n := strings.Count(b.String(), text); n != 1 {
				t.Errorf("width %d: %q is there %d times", width, text, n)
			}
		}
	}
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		stub, width int
		want        [][]int
	}{
		{1, 0, [][]int{{0, 1, 2, 3}}},
		{1, 1 + 4*(10+padding) - padding/2 - 1, [][]int{{0, 1, 2, 3}}},
		{1, 4*(10+padding) - padding/2, [][]int{{0, 1, 2, 3}}},
		{1, 4*(10+padding) - padding/2 - 1, [][]int{{0, 1, 2}, {0, 3}}},
		{1, 30, [][]int{{0, 1}, {0, 2}, {0, 3}}},
		{2, 5, [][]int{{0, 1, 2}, {0, 1, 3}}},
		{4, 5, [][]int{{0, 1, 2, 3}}},
	} {
		got := blocks([]int{10, 10, 10, 10}, c.stub, c.width)
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("stub %d, width %d: %v, want %v", c.stub, c.width, got, c.want)
		}
	}
}
