package suites

import (
	"slices"
	"strconv"
	"strings"

	"gfnbench/gfn/param"
)

// A Selector chooses cells by the values of their columns. A cell matches if it
// matches every condition.
type Selector struct {
	Conditions []Condition // in the order in which they were written
}

// A Condition holds if the column has one of the values.
type Condition struct {
	Column string        // name of the column
	Values []param.Value // null means "does not apply"
	List   bool          // written as a list

	slot  int // slot of a setting, or one of those below
	texts []string
}

// Slots of the columns that are not settings.
const (
	slotEnvironment = -1
	slotSeed        = -2
	slotStep        = -3
	slotCell        = -4
	slotRole        = -5
)

// Matches reports whether the cell is selected. A nil selector selects all.
func (s *Selector) Matches(c *Cell) bool { return s.matches(c.config, c.Seed) && s.matchesCell(c) }

// matchesCell tests the conditions on the cell's id, which match a prefix of it, and on
// its role.
func (s *Selector) matchesCell(c *Cell) bool {
	return s == nil || !slices.ContainsFunc(s.Conditions, func(k Condition) bool {
		return k.slot == slotCell && !slices.ContainsFunc(k.Values, func(v param.Value) bool { return strings.HasPrefix(c.ID, v.Text()) }) ||
			k.slot == slotRole && !slices.Contains(k.texts, matchText(c.at(slotRole)))
	})
}

// MatchesRow reports whether a row of results is selected, given the value of
// each column as Cell.Value returns it.
func (s *Selector) MatchesRow(value func(column string) param.Value) bool {
	if s == nil {
		return true
	}
	for i := range s.Conditions {
		if !slices.Contains(s.Conditions[i].texts, matchText(value(s.Conditions[i].Column))) {
			return false
		}
	}
	return true
}

// matches tests a config. Conditions on the seed hold if seed is negative.
func (s *Selector) matches(c *config, seed int) bool {
	if s == nil {
		return true
	}
	for i := range s.Conditions {
		k := &s.Conditions[i]
		var text string
		switch k.slot {
		case slotEnvironment:
			text = c.environment.name
		case slotStep, slotCell, slotRole:
			continue
		case slotSeed:
			if seed < 0 {
				continue
			}
			text = strconv.Itoa(seed)
		default:
			text = matchText(c.settings[k.slot].value)
		}
		if !slices.Contains(k.texts, text) {
			return false
		}
	}
	return true
}

// matchText returns the text by which conditions compare values. A row of the results
// holds lists and words as text, and gets the same one.
func matchText(v param.Value) string {
	if v.IsNull() {
		return "\x00" // no value has this text
	}
	return v.String()
}

// Members returns the selectors that s stands for if each key with a list gets one value:
// the product of the lists, the last varying fastest.
func (s *Selector) Members() []*Selector {
	members := []*Selector{{}}
	if s == nil {
		return members
	}
	for _, k := range s.Conditions {
		var next []*Selector
		for _, m := range members {
			for _, part := range k.parts() {
				next = append(next, &Selector{append(slices.Clone(m.Conditions), part)})
			}
		}
		members = next
	}
	return members
}

// parts splits a condition that was written as a list into its values.
func (k Condition) parts() []Condition {
	if !k.List {
		return []Condition{k}
	}
	parts := make([]Condition, len(k.Values))
	for i := range parts {
		parts[i] = k
		parts[i].Values, parts[i].texts = k.Values[i:i+1], k.texts[i:i+1]
	}
	return parts
}

// Members returns the members of sel that, together with on, have cells. A
// product of lists such as { objective = ["tb", "renyi"], control_variate =
// ["null", "loo"] } has members without any.
func (s *Suite) Members(sel, on *Selector) []*Selector {
	return slices.DeleteFunc(sel.Members(), func(m *Selector) bool { return len(s.Select(m.And(on))) == 0 })
}

// And returns a selector for what both select.
func (s *Selector) And(t *Selector) *Selector {
	both := &Selector{}
	for _, x := range []*Selector{s, t} {
		if x != nil {
			both.Conditions = append(both.Conditions, x.Conditions...)
		}
	}
	return both
}

// Has reports whether a condition is on that column.
func (s *Selector) Has(column string) bool {
	return s != nil && slices.ContainsFunc(s.Conditions, func(k Condition) bool { return k.Column == column })
}

// Versus returns the side b of a claim for a member of a: b, plus the member's
// value of each key that has a list in a and is not in b.
func (c *Claim) Versus(member *Selector) *Selector {
	side := &Selector{}
	if c.B != nil {
		side.Conditions = slices.Clone(c.B.Conditions)
	}
	for i, k := range member.Conditions {
		if c.A.Conditions[i].List && !c.B.Has(k.Column) {
			side.Conditions = append(side.Conditions, k)
		}
	}
	return side
}

// String writes the selector as "objective=tb,renyi seed=0".
func (s *Selector) String() string {
	if s == nil {
		return "all cells"
	}
	parts := make([]string, len(s.Conditions))
	for i, k := range s.Conditions {
		values := make([]string, len(k.Values))
		for j, v := range k.Values {
			if values[j] = v.String(); v.IsNull() {
				values[j] = "null"
			}
		}
		parts[i] = k.Column + "=" + strings.Join(values, ",")
	}
	return strings.Join(parts, " ")
}

// Select lists the cells that the selector selects, except tuning cells.
func (s *Suite) Select(sel *Selector) []*Cell {
	return s.choose(sel, func(c *Cell) bool { return c.Role != Tuning })
}

func (s *Suite) choose(sel *Selector, also func(c *Cell) bool) []*Cell {
	var cells []*Cell
	for _, c := range s.Cells {
		if also(c) && sel.Matches(c) {
			cells = append(cells, c)
		}
	}
	return cells
}

// Label names a row or column of a table: the cell's values in its columns,
// joined by "/", with "none" for one that does not apply.
func Label(columns []string, value func(column string) param.Value) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = Format(value(c))
	}
	return strings.Join(parts, "/")
}

// Format writes a value of a column for readers, or "none" if it is absent.
func Format(v param.Value) string {
	if v.IsNull() {
		return "none"
	}
	return v.String()
}
