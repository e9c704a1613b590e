package suites

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
	"gfnbench/usage"
)

// selector reads a table from columns to a value or a list of values. The value
// "null" means "does not apply". The columns seed and step, which are not
// settings of a config, can be chosen if they are among the extra ones.
func (r *reader) selector(n *document.Node, extra ...string) *Selector {
	s := &Selector{}
	if !r.table(n) {
		return s
	}
	r.flatten(n, n.Path(), append(r.columnNames(), "step"), func(name string, f *document.Node) {
		k := r.suite.columnKey(name)
		if k.slot <= slotSeed && !slices.Contains(extra, name) {
			r.atKey(f, "%s cannot be chosen here: this holds for every %s", name, name)
			return
		}
		values := []*document.Node{f}
		list := f.Kind == document.Array && (k.Type.Scalar() || len(f.Items) > 0 && f.Items[0].Kind == document.Array)
		if list {
			values = f.Items
		}
		if len(values) == 0 {
			r.at(f, "%s is empty: it matches nothing", name)
		}
		cond := Condition{Column: name, List: list, slot: k.slot}
		for _, item := range values {
			v, ok := r.selectorValue(k, item)
			if !ok {
				return
			}
			cond.add(v)
		}
		s.Conditions = append(s.Conditions, cond)
	})
	return s
}

// columnNames returns the columns of the results.
func (r *reader) columnNames() []string {
	list := []string{"environment", "seed"}
	for _, k := range r.suite.slots {
		if k != keyPair && k.role != manages {
			list = append(list, k.Name)
		}
	}
	return list
}

func (c *Condition) add(v param.Value) {
	c.Values = append(c.Values, v)
	c.texts = append(c.texts, matchText(v))
}

func (r *reader) selectorValue(k *Key, n *document.Node) (param.Value, bool) {
	if n.Value == "null" {
		return param.Value{}, true
	}
	v, ok := r.decode(k, n)
	if name := v.Text(); ok && k.slot == slotEnvironment && !slices.Contains(r.suite.Environments, name) {
		r.noEnvironment(n, name)
		return param.Value{}, false
	}
	return v, ok
}

// columnKey returns the key of a column; the keys of environment and seed are made
// here.
func (s *Suite) columnKey(name string) *Key {
	made := func(t param.Type, slot int, doc string) *Key {
		return &Key{Param: param.Param{Name: name, Type: t, Doc: doc}, slot: slot}
	}
	switch name {
	case "environment":
		return made(param.String, slotEnvironment, "environment")
	case "seed":
		return made(param.Int, slotSeed, "seed index")
	case "cell":
		return made(param.String, slotCell, "beginning of a cell's id")
	case param.Role:
		k := made(param.String, slotRole, "tuning: it chooses a setting; test: it reports the chosen one")
		k.Choices = []string{string(Tuning), string(Test)}
		return k
	case "step":
		return made(param.Int, slotStep, "training step of a gradient variance")
	}
	return keyOf(s.slots, name)
}

// Filter lists the cells that match every filter. A filter is "key=value" or
// "key=value,value", and may hold several keys: "key=value,key=value". The key
// cell takes the beginning of an id. "null" means "does not apply", and so does
// "none" unless a value has that name. The error is a *usage.Error.
func (s *Suite) Filter(filters []string) ([]*Cell, error) {
	sel := &Selector{}
	for _, filter := range filters {
		terms, err := ParseFilter(filter)
		if err != nil {
			return nil, err
		}
		for _, t := range terms {
			condition, err := s.condition(t)
			if err != nil {
				return nil, usage.Errorf("filter %q: %w", filter, err)
			}
			sel.Conditions = append(sel.Conditions, condition)
		}
	}
	return s.choose(sel, func(*Cell) bool { return true }), nil
}

// condition gives the values of a term the type of their key.
func (s *Suite) condition(t Term) (Condition, error) {
	k := s.columnKey(t.Column)
	if k == nil || k.slot == slotStep {
		known := append([]string{"cell", "environment", "seed", "role"}, names(s.slots)...)
		return Condition{}, fmt.Errorf("unknown key %q%s", t.Column, suggestKey(t.Column, known))
	}
	c := Condition{Column: t.Column, List: len(t.Values) > 1, slot: k.slot}
	for _, text := range t.Values {
		v, err := s.filterValue(k, text)
		if err != nil {
			return c, err
		}
		c.add(v)
	}
	return c, nil
}

// A Term of a filter is a column and the values that it may have, as typed.
type Term struct {
	Column string   // name of the column
	Values []string // one or more
}

// ParseFilter parses a filter, "key=value,value,key=value". Commas inside
// brackets belong to a value. The error is a *usage.Error.
func ParseFilter(filter string) ([]Term, error) {
	if err := plain.Line(filter); err != nil {
		return nil, usage.Errorf("filter %q: %w", filter, err)
	}
	var terms []Term
	for _, part := range splitFilter(filter) {
		column, value, ok := strings.Cut(part, "=")
		if ok {
			terms = append(terms, Term{Column: strings.TrimSpace(column)})
		} else if value = part; len(terms) == 0 {
			return nil, usage.Errorf("filter %q: expected key=value, such as objective=tb,vargrad", filter)
		}
		last := &terms[len(terms)-1]
		if value = strings.TrimSpace(value); last.Column == "cell" && value == "" {
			return nil, usage.Errorf("filter %q: cell is empty: expected the beginning of an id", filter)
		}
		last.Values = append(last.Values, value)
	}
	return terms, nil
}

// splitFilter splits a filter at the commas that are not inside brackets.
func splitFilter(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range s {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// Null reports whether a value of a filter means "does not apply" in a column: "null", and
// "none" unless a value has that name.
func (s *Suite) Null(column, text string) bool {
	k := s.columnKey(column)
	return k == nil && (text == "null" || text == "none") || k != nil && k.null(text)
}

func (k *Key) null(text string) bool {
	return text == "null" || text == "none" && (k.Type != param.String || k.mayBeNumber()) && !slices.Contains(k.Choices, text)
}

// filterValue reads one value of a filter as the type of the key.
func (s *Suite) filterValue(k *Key, text string) (param.Value, error) {
	var null param.Value
	if k.slot == slotCell {
		return param.Of(text), nil
	}
	if k.null(text) {
		return null, nil
	}
	if k.slot == slotEnvironment && !slices.Contains(s.Environments, text) {
		return null, fmt.Errorf("there is no environment %q%s", text, usage.DidYouMean(text, s.Environments))
	}
	toml := text
	if word, _, ok := start(text); k.Type == param.String && !k.mayBeNumber() || slices.Contains(k.Choices, text) ||
		k.Form == Start && ok && slices.Contains(k.Choices, word) {
		toml = param.Of(text).Canonical()
	}
	var c checker
	root, problems := document.Parse("filter", "value = "+toml)
	if len(problems) == 0 {
		if v, ok := c.decode(k, root.Fields[0]); ok {
			return v, nil
		}
	}
	if len(c.problems) > 0 {
		return null, fmt.Errorf("%s", c.problems[0].Msg)
	}
	return null, fmt.Errorf("%s is %q: expected %s", k.Name, text, k.expected())
}
