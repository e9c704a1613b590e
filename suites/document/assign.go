package document

import (
	"fmt"
	"strconv"
	"strings"

	"gfnbench/usage"
)

// Assignment returns the parts of the dotted key, and the value, of a document that
// consists of one line, key = value.
func (n *Node) Assignment() (key []string, value *Node) {
	for value = n; value.Kind == Table && !value.closed && len(value.Fields) == 1; {
		value = value.Fields[0]
		key = append(key, value.Key)
	}
	return key, value
}

// Put sets a key of a table to a value of another document. The parts of the key lead
// through the tables in it; missing tables are made. An element of a list of tables
// is found by its name, its id, or its number, from 1. The error says what does not
// exist.
func (n *Node) Put(key []string, value *Node) error {
	for i := len(key); i > 0; i-- { // a key with dots may be written as a single part
		f := n.Field(strings.Join(key[:i], "."))
		switch {
		case f == nil:
			continue
		case i == len(key):
			value.Parent, value.Key = n, f.Key
			*n.field(f) = value
			return nil
		case f.Kind == Table:
			return f.Put(key[i:], value)
		case f.Kind == Scalar:
			return fmt.Errorf("%s is %s and has no keys", f.Path(), f.Describe())
		}
		item, err := f.element(key[i])
		if err == nil && len(key) == i+1 {
			err = fmt.Errorf("%s is a table: add one of its keys", strings.Join(key, "."))
		}
		if err != nil {
			return err
		}
		return item.Put(key[i+1:], value)
	}
	if len(key) == 1 {
		value.Parent, value.Key = n, key[0]
		n.Fields = append(n.Fields, value)
		return nil
	}
	made := &Node{Source: value.Source, Parent: n, Key: key[0], KeyAt: value.KeyAt, At: value.At, Kind: Table}
	n.Fields = append(n.Fields, made)
	return made.Put(key[1:], value)
}

// field returns where a table holds one of its fields.
func (n *Node) field(f *Node) **Node {
	for i := range n.Fields {
		if n.Fields[i] == f {
			return &n.Fields[i]
		}
	}
	return nil
}

// element returns the table with that name, id or number in a list of tables.
func (n *Node) element(name string) (*Node, error) {
	var names []string
	for i, item := range n.Items {
		if item.Kind != Table {
			return nil, fmt.Errorf("%s is a list, whose values are given together: %s = [...]", n.Path(), n.Path())
		}
		if name == strconv.Itoa(i+1) {
			return item, nil
		}
		for _, key := range []string{"name", "id"} {
			if text, ok := item.Field(key).Text(); ok {
				if text == name {
					return item, nil
				}
				names = append(names, text)
			}
		}
	}
	if len(names) > 0 {
		return nil, fmt.Errorf("there is no [[%s]] %q%s", n.Path(), name, usage.Suggest(name, names))
	}
	return nil, fmt.Errorf("there is no [[%s]] %q: they are numbered from 1 to %d", n.Path(), name, len(n.Items))
}
