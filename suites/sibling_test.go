package suites

import "testing"

// TestSiblings: siblings have the same value in every column but the seed, and cells that
// differ in nothing but the seed are siblings.
func TestSiblings(t *testing.T) {
	for _, name := range []string{"quickstart", "neurips24", "claims"} {
		s, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		apart := func(a, b *Cell) string {
			for _, c := range s.Columns {
				if c.Name != "seed" && a.Value(c.Name) != b.Value(c.Name) {
					return c.Name
				}
			}
			return ""
		}
		siblings := 0
		for i, c := range s.Cells[1:] {
			column := apart(s.Cells[i], c)
			if c.Sibling(s.Cells[i]) != (column == "") {
				t.Errorf("%s, cells %d and %d: siblings %v, but they differ in %q", name, i, i+1, c.Sibling(s.Cells[i]), column)
			}
			if column == "" {
				siblings++
			}
		}
		if siblings == 0 {
			t.Errorf("%s has no siblings", name)
		}
	}
}
