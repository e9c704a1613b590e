// Package plain holds the rule for text that comes from outside, such as names in
// suites, command-line settings and paths: it has no control characters, which a
// terminal would obey and a batch script would take for further lines. Text that
// was read before the rule existed, or that comes from other programs, is escaped
// where it is shown.
package plain

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line reports what in s does not belong in a name, an option or a path: a
// control character, including a line break, or bytes that are not UTF-8.
func Line(s string) error { return check(s, "") }

// Text does what [Line] does for prose, which may have line breaks and tabs.
func Text(s string) error { return check(s, "\n\t") }

func check(s, allowed string) error {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return fmt.Errorf("it has the byte %#x, which is not UTF-8", s[i])
		}
		if control(r) && !strings.ContainsRune(allowed, r) {
			return fmt.Errorf("it has the control character %s", escape(r))
		}
	}
	return nil
}

// control reports whether a terminal obeys a character instead of showing it: the
// controls of Unicode, line separators, and characters that change the direction
// of text.
func control(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

func escape(r rune) string { return fmt.Sprintf(`\u%04x`, r) }

// Escape writes control characters, except line breaks and tabs, and bytes that
// are not UTF-8 as \u001b and \xff.
func Escape(s string) string {
	if Text(s) == nil {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case control(r) && r != '\n' && r != '\t':
			b.WriteString(escape(r))
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// A Writer escapes what is written to a terminal.
type Writer struct {
	w    io.Writer
	tail []byte // bytes of a character that has not been written completely
}

// NewWriter returns a writer to the terminal w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes p, escaped. A character may be split over several calls.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.tail, p...)
	end := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if last := text[len(text)-back:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				end = len(text) - back
			}
			break
		}
	}
	if _, err := io.WriteString(w.w, Escape(string(text[:end]))); err != nil {
		return 0, err
	}
	w.tail = append([]byte(nil), text[end:]...)
	return len(p), nil
}
