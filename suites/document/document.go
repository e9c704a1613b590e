// Package document parses TOML into a tree of nodes that know their positions,
// so every problem can be reported at its line and column. It knows nothing
// about suites.
package document

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// A Node is a value of a TOML document with its place in the text.
type Node struct {
	Source *Source // text that it belongs to
	Parent *Node   // table or array that holds it; nil for the root
	Key    string  // as written in the table; "" for the elements of an array
	Index  int     // index of an element of an array
	KeyAt  int     // offset of the key, or of the element
	At     int     // offset of the value, or of the header of a table
	Kind   Kind    // of the value
	Value  any     // value of a scalar: string, int64, float64, bool or time.Time
	Fields []*Node // fields of a table, in the order of the text
	Items  []*Node // of an array
	closed bool    // an inline table, to which nothing can be added
}

// A Kind is the kind of a node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota // a string, a number, a boolean or a time
	Table              // with Fields
	Array              // with Items
)

// Field returns the field of that key, or nil.
func (n *Node) Field(key string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key == key {
			return f
		}
	}
	return nil
}

// Path returns the node's place in the document, such as "grid[1].alpha[0]".
func (n *Node) Path() string {
	switch {
	case n == nil || n.Parent == nil:
		return ""
	case n.Key == "":
		return fmt.Sprintf("%s[%d]", n.Parent.Path(), n.Index)
	case n.Parent.Parent == nil:
		return n.Key
	}
	return n.Parent.Path() + "." + n.Key
}

// Listed makes a table a list that holds it alone.
func (n *Node) Listed() {
	item := *n
	item.Parent, item.Key, item.Index = n, "", 0
	for _, f := range item.Fields {
		f.Parent = &item
	}
	n.Kind, n.Fields, n.Items = Array, nil, []*Node{&item}
}

// As returns a copy of the table in the place of another node.
func (n *Node) As(other *Node) *Node {
	table := *n
	table.Parent, table.Key, table.Index = other.Parent, other.Key, other.Index
	for _, f := range table.Fields {
		f.Parent = other
	}
	return &table
}

// Describe returns the value as the suite writes it, shortened.
func (n *Node) Describe() string {
	switch n.Kind {
	case Table:
		return "a table"
	case Array:
		return "a list"
	}
	if s, ok := n.Value.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	if n.Source == nil {
		return fmt.Sprint(n.Value)
	}
	return n.written()
}

// written returns a number, a boolean or a time as it stands in the text.
func (n *Node) written() string {
	text := n.Source.text[n.At:]
	if i := strings.IndexAny(text, ",]}#\r\n"); i >= 0 {
		text = text[:i]
	}
	return strings.TrimSpace(text)
}

// Parse reads TOML 1.0. The problems are syntax errors, after which there may
// be no document, and numbers that are not finite.
func Parse(name, text string) (*Node, []Problem) {
	text = strings.TrimPrefix(text, "\ufeff")
	src := newSource(name, text)
	if i := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError }); i >= 0 && !utf8.ValidString(text) {
		return nil, []Problem{src.Problem(i, "", "the text is not UTF-8")}
	}
	if len(text) > MaxSize {
		return nil, []Problem{src.Problem(MaxSize, "", fmt.Sprintf("a suite has at most %d kB: keep data in files of their own", MaxSize>>10))}
	}
	if at, why := tooDeep(text); why != "" {
		return nil, []Problem{src.Problem(at, "", why)}
	}
	var values map[string]any
	if _, err := toml.Decode(text, &values); err != nil {
		return nil, []Problem{syntaxProblem(src, err)}
	}
	s := &scanner{src: src, text: text}
	root, err := s.document()
	if err == nil && !root.fill(values) {
		err = errors.New("cannot be located: write it more simply")
	}
	if err != nil {
		return nil, []Problem{src.Problem(s.i, "", err.Error())}
	}
	problems := s.problems
	root.walk(func(n *Node) {
		if x, ok := n.Value.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			problems = append(problems, src.Problem(n.At, n.Path(), fmt.Sprintf("%s is %v: expected a finite number", n.Path(), x)))
		}
	})
	return root, problems
}

func syntaxProblem(src *Source, err error) Problem {
	var pe toml.ParseError
	if !errors.As(err, &pe) {
		return src.Problem(0, "", err.Error())
	}
	// The offset is right even when the line is wrong: it counts a line end that
	// was not expected.
	msg := strings.TrimSuffix(pe.Message, ".")
	if !strings.HasPrefix(msg, "TOML") {
		msg = strings.ToLower(msg[:1]) + msg[1:]
	}
	return src.Problem(pe.Position.Start, pe.LastKey, msg)
}

// walk visits n and everything below it.
func (n *Node) walk(visit func(*Node)) {
	visit(n)
	for _, f := range n.Fields {
		f.walk(visit)
	}
	for _, i := range n.Items {
		i.walk(visit)
	}
}

// fill gives the nodes the values that the TOML library decoded. It returns
// false if the two disagree about the document's shape.
func (n *Node) fill(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if n.Kind != Table || len(v) != len(n.Fields) {
			return false
		}
		for _, f := range n.Fields {
			if x, ok := v[f.Key]; !ok || !f.fill(x) {
				return false
			}
		}
	case []map[string]any:
		if n.Kind != Array || len(v) != len(n.Items) {
			return false
		}
		for i, item := range n.Items {
			if !item.fill(v[i]) {
				return false
			}
		}
	case []any:
		if n.Kind != Array || len(v) != len(n.Items) {
			return false
		}
		for i, item := range n.Items {
			if !item.fill(v[i]) {
				return false
			}
		}
	default:
		n.Value = v
		return n.Kind == Scalar
	}
	return true
}
