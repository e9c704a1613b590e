package command

import (
	"os"
	"regexp"
	"testing"
)

// TestVersion: the programs say the version that CITATION.cff says.
func TestVersion(t *testing.T) {
	text, err := os.ReadFile("../../../../CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^version: (\S+)\ndate-released: (\S+)$`).FindSubmatch(text)
	if m == nil || string(m[1]) != Version || string(m[2]) != Released {
		t.Errorf("CITATION.cff has %q, the program version %s of %s", m, Version, Released)
	}
}

// TestRoff: text that troff would take for something else.
func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		`a\b`: `a\eb`, "-j 2": `\-j 2`, ".TH": `\&.TH`, "a\n'b": "a\n" + `\&'b`,
	} {
		if got := roff(text); got != want {
			t.Errorf("roff(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestWrap: lines are as full as they can be.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text, indent, want string
		columns            int
	}{
		{"ab cd ef", "", "ab cd\nef", 5},
		{"ab cd ef", "  ", "  ab\n  cd\n  ef", 6},
		{"longest", "", "longest", 3},
		{"", "", "", 10},
	} {
		if got := wrap(c.text, c.columns, c.indent); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}
