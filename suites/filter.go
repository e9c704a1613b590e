package suites

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
	"gfnbench/usage"
)

// selector reads a table from columns to a value or a list of values. The value
// "null" stands for "does not apply". The columns that are no settings of a
// config, seed and step, can be chosen where they are among the extra ones.
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
		r.at(n, "there is no [environment.%s]%s", name, usage.DidYouMean(name, r.suite.Environments))
		return param.Value{}, false
	}
	return v, ok
}

// columnKey returns the key of a column; those of environment and seed are made up.
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
	case "step":
		return made(param.Int, slotStep, "training step of a gradient variance")
	}
	return keyOf(s.slots, name)
}

// Filter lists the cells that match every filter, "key=value" or
// "key=value,value"; a filter may hold several keys, "key=value,key=value". The
// key cell takes the beginning of an id; "null" is "does not apply", and so is
// "none" where no value has that name. An error names an unknown key or value.
func (s *Suite) Filter(filters []string) ([]*Cell, error) {
	sel := &Selector{}
	for _, f := range filters {
		conditions, err := s.parseFilter(f)
		if err != nil {
			return nil, err
		}
		sel.Conditions = append(sel.Conditions, conditions...)
	}
	return s.Select(sel), nil
}

func (s *Suite) parseFilter(filter string) ([]Condition, error) {
	if err := plain.Line(filter); err != nil {
		return nil, fmt.Errorf("filter %q: %w", filter, err)
	}
	var conditions []Condition
	for _, part := range SplitFilter(filter) {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			if len(conditions) == 0 {
				return nil, fmt.Errorf("filter %q: expected key=value", filter)
			}
			value = part
		} else {
			name = strings.TrimSpace(name)
			k := s.columnKey(name)
			if k == nil || k.slot == slotStep {
				known := append([]string{"cell", "environment", "seed"}, names(s.slots)...)
				return nil, fmt.Errorf("filter %q: unknown key %q%s", filter, name, suggestKey(name, known))
			}
			conditions = append(conditions, Condition{Column: name, slot: k.slot})
		}
		last := &conditions[len(conditions)-1]
		last.List = len(last.Values) > 0
		v, err := s.filterValue(s.columnKey(last.Column), strings.TrimSpace(value))
		if err != nil {
			return nil, fmt.Errorf("filter %q: %w", filter, err)
		}
		last.add(v)
	}
	return conditions, nil
}

// SplitFilter splits a filter, "key=value,value,key=value", at the commas that are
// not within brackets.
func SplitFilter(s string) []string {
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

// filterValue reads one value of a filter as the type of the key.
func (s *Suite) filterValue(k *Key, text string) (param.Value, error) {
	var null param.Value
	if k.slot == slotCell {
		if text == "" {
			return null, errors.New("cell is empty: expected the beginning of an id")
		}
		return param.Of(text), nil
	}
	if text == "null" || text == "none" && (k.Type != param.String || k.Form == WordOrNumber) && !slices.Contains(k.Choices, text) {
		return null, nil
	}
	if k.slot == slotEnvironment && !slices.Contains(s.Environments, text) {
		return null, fmt.Errorf("there is no environment %q%s", text, usage.DidYouMean(text, s.Environments))
	}
	toml := text
	if k.Type == param.String && k.Form != WordOrNumber || slices.Contains(k.Choices, text) {
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

// Shard returns part i of n (from 1) of the cells, dealt out in turn.
func Shard(cells []*Cell, i, n int) []*Cell {
	var part []*Cell
	for j := i - 1; j < len(cells); j += n {
		part = append(part, cells[j])
	}
	return part
}
