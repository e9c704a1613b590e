package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gfnbench/suites"
	"gfnbench/usage"
)

// Filter returns the sweep with only those cells that match every filter. A filter
// is "key=value" or "key=value,value", and may hold several keys:
// "key=value,key=value". "null" means "does not apply", and so does "none" unless a value
// has that name; the key cell takes the beginning of an id. The error is usage.ErrNoMatch
// if no cell is left, and a *usage.Error for an unknown key.
func (s *Sweep) Filter(filters []string) (*Sweep, error) {
	conditions, err := s.conditions(filters)
	if err != nil || len(conditions) == 0 {
		return s, err
	}
	out := *s
	left := func(rows []*Row) (list []*Row) {
		for _, r := range rows {
			if !slices.ContainsFunc(conditions, func(c condition) bool { return !c.matches(r) }) {
				list = append(list, r)
			}
		}
		return list
	}
	out.Rows, out.Tuning = left(s.Rows), left(s.Tuning)
	if len(out.Rows) == 0 {
		return nil, fmt.Errorf("%w -f %s%s", usage.ErrNoMatch, strings.Join(filters, " -f "), s.nearestValue(conditions))
	}
	return &out, nil
}

// A condition is a term of a filter whose key is a column of the results.
type condition struct {
	suites.Term
	suite *suites.Suite // nil if there is none
}

func (s *Sweep) conditions(filters []string) ([]condition, error) {
	known := append(s.Columns(), "cell", "status")
	var list []condition
	for _, f := range filters {
		terms, err := suites.ParseFilter(f)
		if err != nil {
			return nil, err
		}
		for _, t := range terms {
			if !slices.Contains(known, t.Column) {
				return nil, usage.Errorf("filter %q: there is no column %q%s", f, t.Column, usage.Suggest(t.Column, known))
			}
			list = append(list, condition{t, s.Suite})
		}
	}
	return list, nil
}

func (c *condition) matches(r *Row) bool {
	text := c.text(r)
	null := c.Column != "cell" && c.Column != "status" && r.Value(c.Column).IsNull()
	return slices.ContainsFunc(c.Values, func(v string) bool {
		if null {
			return v == "null" || v == "none" && (c.suite == nil || c.suite.Null(c.Column, v))
		}
		return v == text || sameNumber(v, text) || c.Column == "cell" && strings.HasPrefix(text, v)
	})
}

func (c *condition) text(r *Row) string {
	switch {
	case c.Column == "cell":
		return r.ID()
	case c.Column == "status" && r.Run != nil:
		return string(r.Run.Status)
	}
	return suites.Format(r.Value(c.Column))
}

func sameNumber(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && x == y
}

// nearestValue suggests a value for the first condition that nothing matches.
func (s *Sweep) nearestValue(conditions []condition) string {
	for _, c := range conditions {
		seen := make(map[string]bool)
		for _, r := range s.Rows {
			seen[c.text(r)] = true
		}
		var known []string
		for v := range seen {
			known = append(known, v)
		}
		for _, v := range c.Values {
			if !slices.ContainsFunc(known, func(k string) bool { return k == v || sameNumber(k, v) || v == "null" && k == "none" }) {
				return fmt.Sprintf(": no %s is %q%s", c.Column, v, usage.Suggest(v, known))
			}
		}
	}
	return ""
}
