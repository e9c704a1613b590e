package document

import (
	"fmt"
	"strings"

	"gfnbench/suites/plain"
)

// Limits of a document, so reading it takes memory and time in proportion to its
// size. The largest shipped suite has 24 kB, nests 4 deep and has headers of 2
// parts.
const (
	MaxSize     = 1 << 20 // bytes of a document
	MaxProblems = 1000    // reported at once
	MaxNesting  = 32      // lists and tables within each other
	MaxDots     = 16      // dots in a key
	MaxKeys     = 10_000  // keys of a table
)

// tooDeep returns where a TOML text nests deeper or has longer dotted keys than
// any suite, and why, or "" if nowhere. The library would take memory in
// proportion to the square of either.
func tooDeep(text string) (at int, why string) {
	depth, dots := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '#':
			i += lineEnd(text[i:])
			dots = 0
		case '"', '\'':
			i += stringEnd(text[i:]) - 1
		case '[', '{':
			dots = 0
			if depth++; depth > MaxNesting {
				return i, fmt.Sprintf("more than %d lists and tables within each other", MaxNesting)
			}
		case ']', '}':
			depth, dots = max(0, depth-1), 0
		case '.':
			if dots++; dots > MaxDots {
				return i, fmt.Sprintf("a key of more than %d parts", MaxDots)
			}
		case '\n', ',', '=':
			dots = 0
		}
	}
	return 0, ""
}

// lineEnd returns where the first line of s ends.
func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// stringEnd returns the length of the TOML string at the beginning of s. A string
// that does not end goes to the end of its line, or to the end of s if it may
// have several lines.
func stringEnd(s string) int {
	closing := s[:1]
	if triple := strings.Repeat(closing, 3); strings.HasPrefix(s, triple) {
		closing = triple
	}
	for i := len(closing); i < len(s); i++ {
		switch {
		case s[i] == '\\' && closing[0] == '"':
			i++
		case strings.HasPrefix(s[i:], closing):
			return i + len(closing)
		case s[i] == '\n' && len(closing) == 1:
			return i
		}
	}
	return len(s)
}

// CheckWords reports keys and strings with control characters. Values of the
// keys in prose may have several lines.
func CheckWords(root *Node, prose map[string]bool) (problems []Problem) {
	root.walk(func(n *Node) {
		if len(problems) >= MaxProblems {
			return
		}
		if err := plain.Line(n.Key); err != nil {
			problems = append(problems, n.Source.Problem(n.KeyAt, "", fmt.Sprintf("the key %q cannot be used: %v", n.Key, err)))
		}
		s, ok := n.Value.(string)
		if !ok {
			return
		}
		rule := plain.Line
		if prose[n.Key] {
			rule = plain.Text
		}
		if err := rule(s); err != nil {
			problems = append(problems, n.Source.Problem(n.At, n.Path(), fmt.Sprintf("%s cannot be used: %v", n.Path(), err)))
		}
	})
	return problems
}
