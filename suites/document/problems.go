package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gfnbench/suites/plain"
)

// A Problem is one thing that is wrong with a suite file.
type Problem struct {
	File   string `json:"file"`    // its name
	Line   int    `json:"line"`    // from 1; 0 for the file as a whole
	Column int    `json:"column"`  // from 1, in characters
	Key    string `json:"key"`     // the key at fault, such as "grid[1].alpha[0]"
	Msg    string `json:"message"` // what is wrong and what would be right
	Source string `json:"source"`  // the line at fault
}

// Error returns the problem on one line: file:line:column: message.
func (p Problem) Error() string {
	if p.Line == 0 {
		return oneLine(p.File + ": " + p.Msg)
	}
	return oneLine(fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Msg))
}

// oneLine escapes control characters, including line breaks.
func oneLine(s string) string {
	return strings.ReplaceAll(plain.Escape(s), "\n", `\n`)
}

// Problems lists everything that is wrong with a suite, in the order of the
// file.
type Problems []Problem

// Error prints every problem with the line it is about.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Error())
		if p.Line > 0 {
			fmt.Fprintf(&b, "\n%6d | %s\n       | %s^", p.Line, shown(p.Source), indent(p))
		}
	}
	return b.String()
}

// indent returns blanks up to the problem's column.
func indent(p Problem) string {
	end := 0
	for range p.Column - 1 {
		_, n := utf8.DecodeRuneInString(p.Source[end:])
		end += n
	}
	return strings.Repeat(" ", utf8.RuneCountInString(shown(p.Source[:end])))
}

// maxShown is how many bytes of a line are shown.
const maxShown = 400

// shown returns a line, or the beginning of a long one, as it is printed.
func shown(s string) string {
	if len(s) > maxShown {
		s = s[:maxShown] + "…"
	}
	return plain.Escape(strings.ReplaceAll(s, "\t", "    "))
}

// A Source is a text with a name, to turn offsets into lines and columns.
type Source struct {
	name  string
	text  string
	lines []int // offset of each line's first byte
}

func newSource(name, text string) *Source {
	s := &Source{name: name, text: text, lines: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// Problem returns a problem at the byte offset at.
func (s *Source) Problem(at int, key, msg string) Problem {
	at = min(max(at, 0), len(s.text))
	line, found := slices.BinarySearch(s.lines, at)
	if !found {
		line--
	}
	start, end := s.lines[line], len(s.text)
	if line+1 < len(s.lines) {
		end = s.lines[line+1] - 1
	}
	text := strings.TrimSuffix(s.text[start:end], "\r")
	column := utf8.RuneCountInString(s.text[start:min(at, start+len(text))]) + 1
	return Problem{File: s.name, Line: line + 1, Column: column, Key: key, Msg: msg, Source: text[:min(len(text), 10*maxShown)]}
}

// Sorted orders problems by file position and drops repetitions.
func Sorted(ps []Problem) Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Msg, b.Msg))
	})
	return slices.Compact(ps)
}
