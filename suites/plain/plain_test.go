package plain

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Characters are named as in Unicode 15 and ECMA-48.
func TestRule(t *testing.T) {
	for s, want := range map[string]struct {
		line, text bool
		escaped    string
	}{
		"":                        {true, true, ""},
		"π, 日本 and a b":           {true, true, "π, 日本 and a b"},
		"two\nlines\tand a tab":   {false, true, "two\nlines\tand a tab"},
		"ESC \x1b[31m":            {false, false, `ESC \u001b[31m`},
		"BEL \x07 and DEL \x7f":   {false, false, `BEL \u0007 and DEL \u007f`},
		"return\r":                {false, false, `return\u000d`},
		"CSI \u009b31m":           {false, false, `CSI \u009b31m`},
		"line separator \u2028":   {false, false, `line separator \u2028`},
		"override \u202egnp.exe":  {false, false, `override \u202egnp.exe`},
		"not UTF-8 \xff":          {false, false, `not UTF-8 \xff`},
		"replacement \uFFFD":      {true, true, "replacement \uFFFD"},
		"NUL \x00 and more: \x1b": {false, false, `NUL \u0000 and more: \u001b`},
	} {
		if got := Line(s) == nil; got != want.line {
			t.Errorf("%q: one line %v: %v", s, got, Line(s))
		}
		if got := Text(s) == nil; got != want.text {
			t.Errorf("%q: text %v: %v", s, got, Text(s))
		}
		if got := Escape(s); got != want.escaped {
			t.Errorf("%q is escaped as %q", s, got)
		}
	}
}

// Escaped text obeys the rule, is unchanged if it did before, and does not depend on how
// it is divided into writes.
func TestEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\x1b\n\t\xc2\x9b\xe2\x80\xae a")))).Draw(t, "text"))
		shown := Escape(s)
		if err := Text(shown); err != nil {
			t.Fatalf("%q: %v", shown, err)
		}
		if Text(s) == nil && shown != s {
			t.Fatalf("%q became %q", s, shown)
		}
		var whole, parts strings.Builder
		a, b := NewWriter(&whole), NewWriter(&parts)
		_, _ = a.Write([]byte(s + "\n"))
		for rest := s + "\n"; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if wrote, err := b.Write([]byte(rest[:n])); wrote != n || err != nil {
				t.Fatal(wrote, err)
			}
			rest = rest[n:]
		}
		if whole.String() != parts.String() || whole.String() != shown+"\n" {
			t.Fatalf("%q in one write, %q in several", whole.String(), parts.String())
		}
	})
}

func TestEveryControlIsOne(t *testing.T) {
	for r := rune(0); r < utf8.MaxRune; r++ {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) && Line(string(r)) == nil {
			t.Errorf("%U is let through", r)
		}
	}
}
