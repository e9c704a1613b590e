package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A scanner walks through the text of a valid TOML document and notes where
// each key and value is. The values themselves come from the TOML library,
// which has no positions inside arrays of tables. The scanner also finds what
// the library accepts beyond TOML 1.0.
type scanner struct {
	src      *Source
	text     string
	i        int
	problems []Problem
}

var errLost = errors.New("syntax that cannot be located")

// document scans the whole text.
func (s *scanner) document() (*Node, error) {
	root := &Node{Source: s.src, Kind: Table}
	current := root
	for {
		s.skip(" \t\r\n")
		switch {
		case s.i == len(s.text):
			return root, nil
		case s.text[s.i] == '[':
			n, err := s.header(root)
			if err != nil {
				return nil, err
			}
			current = n
		default:
			if err := s.keyValue(current); err != nil {
				return nil, err
			}
		}
	}
}

// header scans [a.b] or [[a.b]] and returns the table that it opens.
func (s *scanner) header(root *Node) (*Node, error) {
	at := s.i
	s.i++
	list := s.peek() == '['
	if list {
		s.i++
	}
	keys, err := s.keys()
	if err != nil {
		return nil, err
	}
	n := root
	for i, k := range keys {
		last := i == len(keys)-1
		parent := n
		if n = s.open(parent, k, at); n == nil {
			return nil, s.taken(parent, k)
		}
		if last && list {
			if n.Kind == Table && len(n.Fields) == 0 {
				n.Kind = Array
			}
			item := &Node{Source: s.src, Parent: n, Index: len(n.Items), KeyAt: at, At: at, Kind: Table}
			n.Items = append(n.Items, item)
			n = item
		} else if n.Kind == Array {
			if len(n.Items) == 0 {
				return nil, errLost
			}
			n = n.Items[len(n.Items)-1]
		}
	}
	for range len("]]") {
		if s.peek() == ']' {
			s.i++
		}
	}
	return n, nil
}

// taken returns the error for a key that was already defined, which the library
// does not always find, or that is one too many.
func (s *scanner) taken(n *Node, k keyPart) error {
	s.i = k.at
	if n.Kind == Table && n.Field(k.name) == nil {
		return fmt.Errorf("a table of more than %d keys", MaxKeys)
	}
	return fmt.Errorf("key %q has already been defined as something else", k.name)
}

// A keyPart is one part of a dotted key.
type keyPart struct {
	name string
	at   int
}

// open returns the table with that key in n, making it if necessary.
func (s *scanner) open(n *Node, k keyPart, at int) *Node {
	if n.Kind != Table {
		return nil
	}
	if f := n.Field(k.name); f != nil {
		if f.closed {
			return nil
		}
		return f
	}
	if len(n.Fields) == MaxKeys {
		return nil
	}
	f := &Node{Source: s.src, Parent: n, Key: k.name, KeyAt: k.at, At: at, Kind: Table}
	n.Fields = append(n.Fields, f)
	return f
}

// keyValue scans key = value into n.
func (s *scanner) keyValue(n *Node) error {
	keys, err := s.keys()
	if err != nil {
		return err
	}
	for _, k := range keys[:len(keys)-1] {
		parent := n
		if n = s.open(parent, k, k.at); n == nil {
			return s.taken(parent, k)
		}
		if n.Kind == Array && len(n.Items) > 0 {
			n = n.Items[len(n.Items)-1]
		}
	}
	if s.peek() != '=' {
		return errLost
	}
	s.i++
	last := keys[len(keys)-1]
	if n.Field(last.name) != nil {
		return s.taken(n, last)
	}
	if len(n.Fields) == MaxKeys {
		return fmt.Errorf("a table of more than %d keys", MaxKeys)
	}
	f := &Node{Source: s.src, Parent: n, Key: last.name, KeyAt: last.at}
	n.Fields = append(n.Fields, f)
	return s.value(f)
}

// keys scans a dotted key and the blanks around its parts.
func (s *scanner) keys() ([]keyPart, error) {
	var keys []keyPart
	for {
		s.blanks()
		at := s.i
		var name string
		switch s.peek() {
		case '"', '\'':
			raw, err := s.quoted()
			if err != nil {
				return nil, err
			}
			if name = raw[1 : len(raw)-1]; raw[0] == '"' {
				name = unescape(name)
			}
		default:
			for s.i < len(s.text) && bare(s.text[s.i]) {
				s.i++
			}
			if name = s.text[at:s.i]; name == "" {
				return nil, errLost
			}
		}
		keys = append(keys, keyPart{name, at})
		s.blanks()
		if s.peek() != '.' {
			return keys, nil
		}
		s.i++
	}
}

func bare(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// value scans a value into n.
func (s *scanner) value(n *Node) error {
	s.blanks()
	n.At = s.i
	switch s.peek() {
	case 0:
		return errLost
	case '"', '\'':
		raw, err := s.quoted()
		if err == nil && raw[0] == '"' {
			s.escapes(n.At, raw)
		}
		return err
	case '[':
		return s.list(n)
	case '{':
		return s.inline(n)
	}
	for s.i < len(s.text) && strings.IndexByte(",]}#\r\n", s.text[s.i]) < 0 {
		s.i++
	}
	return nil
}

// list scans an array.
func (s *scanner) list(n *Node) error {
	n.Kind = Array
	s.i++
	for {
		s.skip(" \t\r\n,")
		if s.peek() == ']' {
			s.i++
			return nil
		}
		item := &Node{Source: s.src, Parent: n, Index: len(n.Items), KeyAt: s.i}
		n.Items = append(n.Items, item)
		before := s.i
		if err := s.value(item); err != nil {
			return err
		}
		if s.i == before {
			return errLost
		}
	}
}

// inline scans an inline table. Line ends inside it, and a comma at its end,
// are TOML 1.1.
func (s *scanner) inline(n *Node) error {
	n.Kind = Table
	s.i++
	comma := -1
	for {
		s.blanks()
		switch c := s.peek(); {
		case c == '\n' || c == '\r' || c == '#':
			s.problem(s.i, n, "an inline table ends on the line on which it starts (TOML 1.0): use one line, or a [table]")
			s.skip(" \t\r\n")
		case c == ',':
			comma = s.i
			s.i++
		case c == '}':
			if comma >= 0 {
				s.problem(comma, n, "an inline table has no comma at its end (TOML 1.0)")
			}
			s.i++
			n.closed = true
			return nil
		default:
			comma = -1
			if err := s.keyValue(n); err != nil {
				return err
			}
		}
	}
}

// escapes finds escape sequences that TOML 1.0 does not have.
func (s *scanner) escapes(at int, raw string) {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if i++; raw[i] == 'e' || raw[i] == 'x' {
			s.problem(at+i-1, nil, `\`+string(raw[i])+" is not an escape sequence of TOML 1.0: use \\u00XX")
		}
	}
}

func (s *scanner) problem(at int, n *Node, msg string) {
	if len(s.problems) >= MaxProblems {
		return
	}
	s.problems = append(s.problems, s.src.Problem(at, n.Path(), msg))
}

// quoted scans a string of any of the four forms and returns it as written.
func (s *scanner) quoted() (string, error) {
	at, q := s.i, s.text[s.i]
	closing := string(q)
	if triple := strings.Repeat(closing, 3); strings.HasPrefix(s.text[s.i:], triple) {
		closing = triple
	}
	for s.i += len(closing); s.i < len(s.text); s.i++ {
		if s.text[s.i] == '\\' && q == '"' {
			s.i++
		} else if strings.HasPrefix(s.text[s.i:], closing) {
			s.i += len(closing)
			// A string of several lines may itself end in one or two quotes.
			for range 2 {
				if len(closing) == 3 && s.peek() == q {
					s.i++
				}
			}
			return s.text[at:s.i], nil
		}
	}
	return "", errLost
}

// unescape resolves the escapes of a quoted key.
func unescape(key string) string {
	if !strings.Contains(key, `\`) {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		if key[i] != '\\' || i+1 == len(key) {
			b.WriteByte(key[i])
			continue
		}
		i++
		digits := map[byte]int{'u': 4, 'U': 8, 'x': 2}[key[i]]
		if digits > 0 && i+digits < len(key) {
			code, _ := strconv.ParseUint(key[i+1:i+1+digits], 16, 32)
			b.WriteRune(rune(code))
			i += digits
			continue
		}
		if at := strings.IndexByte(`btnfre"\`, key[i]); at >= 0 {
			b.WriteByte("\b\t\n\f\r\x1b\"\\"[at])
		}
	}
	return b.String()
}

// peek returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.text) {
		return s.text[s.i]
	}
	return 0
}

func (s *scanner) blanks() {
	for s.peek() == ' ' || s.peek() == '\t' {
		s.i++
	}
}

// skip skips the characters of set, and comments.
func (s *scanner) skip(set string) {
	for s.i < len(s.text) {
		switch {
		case strings.IndexByte(set, s.text[s.i]) >= 0:
			s.i++
		case s.text[s.i] == '#':
			for s.i < len(s.text) && s.text[s.i] != '\n' {
				s.i++
			}
		default:
			return
		}
	}
}
