package suites

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// A node is a value of a TOML document with its place in the text.
type node struct {
	src    *source
	parent *node
	key    string // as written in the table; "" for the elements of an array
	index  int    // of an element of an array
	keyAt  int    // offset of the key, or of the element
	at     int    // offset of the value, or of the header of a table
	kind   nodeKind
	value  any     // of a scalar: string, int64, float64, bool or time.Time
	fields []*node // of a table, in the order of the text
	items  []*node // of an array
	closed bool    // an inline table, which nothing can be added to
}

type nodeKind uint8

const (
	scalar nodeKind = iota
	table
	array
)

// field is the field of that key, or nil.
func (n *node) field(key string) *node {
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if f.key == key {
			return f
		}
	}
	return nil
}

// path is the node's place in the document, such as "grid[1].alpha[0]".
func (n *node) path() string {
	switch {
	case n == nil || n.parent == nil:
		return ""
	case n.key == "":
		return fmt.Sprintf("%s[%d]", n.parent.path(), n.index)
	case n.parent.parent == nil:
		return n.key
	}
	return n.parent.path() + "." + n.key
}

// text is the value as the suite writes it, shortened.
func (n *node) text() string {
	switch n.kind {
	case table:
		return "a table"
	case array:
		return "a list"
	}
	if s, ok := n.value.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	if x, ok := n.value.(float64); ok && x == math.Trunc(x) && math.Abs(x) < 1e6 {
		return fmt.Sprintf("%.1f", x) // 2.0 is no integer
	}
	return fmt.Sprint(n.value)
}

// parseDocument reads TOML 1.0. The problems are those of syntax, where there
// may be no document, and numbers that are not finite.
func parseDocument(name, text string) (*node, []Problem) {
	text = strings.TrimPrefix(text, "\ufeff")
	src := newSource(name, text)
	if i := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError }); i >= 0 && !utf8.ValidString(text) {
		return nil, []Problem{src.problem(i, "", "the text is not UTF-8")}
	}
	var values map[string]any
	if _, err := toml.Decode(text, &values); err != nil {
		return nil, []Problem{syntaxProblem(src, err)}
	}
	s := &scanner{src: src, text: text}
	root, err := s.document()
	if err == nil && !root.fill(values) {
		err = errors.New("cannot be located: write it in a simpler way")
	}
	if err != nil {
		return nil, []Problem{src.problem(s.i, "", err.Error())}
	}
	problems := s.problems
	root.walk(func(n *node) {
		if x, ok := n.value.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			problems = append(problems, src.problem(n.at, n.path(), fmt.Sprintf("%s is %v: expected a finite number", n.path(), x)))
		}
	})
	return root, problems
}

func syntaxProblem(src *source, err error) Problem {
	var pe toml.ParseError
	if !errors.As(err, &pe) {
		return src.problem(0, "", err.Error())
	}
	// The offset is right where the line is not: it counts a line end that was
	// not expected.
	msg := strings.TrimSuffix(pe.Message, ".")
	if !strings.HasPrefix(msg, "TOML") {
		msg = strings.ToLower(msg[:1]) + msg[1:]
	}
	return src.problem(pe.Position.Start, pe.LastKey, msg)
}

// walk visits n and everything below it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, f := range n.fields {
		f.walk(visit)
	}
	for _, i := range n.items {
		i.walk(visit)
	}
}

// fill gives the nodes the values that the TOML library decoded; it is false
// where the two disagree about the document's shape.
func (n *node) fill(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if n.kind != table || len(v) != len(n.fields) {
			return false
		}
		for _, f := range n.fields {
			if x, ok := v[f.key]; !ok || !f.fill(x) {
				return false
			}
		}
	case []map[string]any:
		if n.kind != array || len(v) != len(n.items) {
			return false
		}
		for i, item := range n.items {
			if !item.fill(v[i]) {
				return false
			}
		}
	case []any:
		if n.kind != array || len(v) != len(n.items) {
			return false
		}
		for i, item := range n.items {
			if !item.fill(v[i]) {
				return false
			}
		}
	default:
		n.value = v
		return n.kind == scalar
	}
	return true
}
