package sheet

import "testing"

func TestFill(t *testing.T) {
	for _, c := range []struct {
		text   string
		width  int
		indent string
		want   string
	}{
		{"ab cd ef", 0, "", "ab cd ef"},
		{"ab cd ef", 5, "", "ab cd\nef"},
		{"ab cd ef", 5, "  ", "ab cd\n  ef"},
		{"longest word", 3, "", "longest\nword"},
		{"one longest", 4, "", "one\nlongest"},
		{"x [1, 2, 3] y", 6, "", "x\n[1, 2, 3]\ny"},
		{"ab cd\nef gh", 5, "", "ab cd\nef gh"},
		{"±± ±±", 4, "", "±±\n±±"},
		{"", 4, "", ""},
		{"a,bc,def,g hi", 5, "", "a,bc,\ndef,g\nhi"},
		{"x a,bc,def,g", 6, "  ", "x\n  a,\n  bc,\n  def,\n  g"},
		{"abcdefgh,i", 5, "", "abcdefgh,i"},
	} {
		if got := Fill(c.text, c.width, c.indent); got != c.want {
			t.Errorf("Fill(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
