package command

import (
	"fmt"
	"strings"
	"testing"
)

// TestTable: lines that are too long for a terminal continue below their last cell.
func TestTable(t *testing.T) {
	var b strings.Builder
	w := &Table{out: &b, width: 32}
	fmt.Fprint(w, "cell\t6e2c\nwhy\tit was trained to its last step\n\nhashed\t{\"seed\":0,\"environment\":\"sets\",\"objective\":\"tb\"}\nlong\t7\tabout ten minutes or more\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `cell  6e2c
why   it was trained to its last
      step

hashed  {"seed":0,
        "environment":"sets",
        "objective":"tb"}
long    7  about ten minutes or
           more
`
	// The lines with two and with three cells are aligned together.
	if got := b.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	b.Reset()
	w = &Table{out: &b}
	fmt.Fprintf(w, "a\t%s\n", strings.Repeat("word ", 50))
	if err := w.Flush(); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Errorf("without a terminal a line is broken (%v):\n%s", err, &b)
	}
	for _, c := range []struct{ line, want string }{
		{strings.Repeat("x", 45), strings.Repeat("x", 45)},
		{"größe größe größe größe größe größe", "größe größe größe größe größe\ngröße"},
	} {
		if got := hang(c.line, 0, 30); got != c.want {
			t.Errorf("hang(%q) = %q, want %q", c.line, got, c.want)
		}
	}
}
