package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gfnbench/suites"
	"gfnbench/usage"
)

// Filter returns the sweep with those cells only that match every filter: each is
// "key=value" or "key=value,value", and may hold several keys,
// "key=value,key=value"; "null" and "none" stand for "does not apply", and cell
// takes the beginning of an id. The error
// is usage.ErrNoMatch where no cell is left, and a *usage.Error for an unknown key.
func (s *Sweep) Filter(filters []string) (*Sweep, error) {
	conditions, err := s.conditions(filters)
	if err != nil || len(conditions) == 0 {
		return s, err
	}
	out := *s
	out.Rows = nil
	for _, r := range s.Rows {
		if !slices.ContainsFunc(conditions, func(c condition) bool { return !c.matches(r) }) {
			out.Rows = append(out.Rows, r)
		}
	}
	if len(out.Rows) == 0 {
		return nil, fmt.Errorf("%w -f %s%s", usage.ErrNoMatch, strings.Join(filters, " -f "), s.nearestValue(conditions))
	}
	return &out, nil
}

type condition struct {
	column string
	values []string
}

func (s *Sweep) conditions(filters []string) ([]condition, error) {
	known := append(s.Columns(), "cell", "status")
	var list []condition
	for _, f := range filters {
		start := len(list)
		for _, part := range suites.SplitFilter(f) {
			column, value, ok := strings.Cut(part, "=")
			switch {
			case !ok && len(list) == start:
				return nil, usage.Errorf("filter %q: expected key=value", f)
			case !ok:
				list[len(list)-1].values = append(list[len(list)-1].values, strings.TrimSpace(part))
				continue
			}
			column = strings.TrimSpace(column)
			if !slices.Contains(known, column) {
				return nil, usage.Errorf("filter %q: there is no column %q%s", f, column, usage.Suggest(column, known))
			}
			if value = strings.TrimSpace(value); column == "cell" && value == "" {
				return nil, usage.Errorf("filter %q: cell is empty: expected the beginning of an id", f)
			}
			list = append(list, condition{column, []string{value}})
		}
	}
	return list, nil
}

func (c *condition) matches(r *Row) bool {
	text := c.text(r)
	return slices.ContainsFunc(c.values, func(v string) bool {
		if v == "null" {
			v = "none"
		}
		return v == text || sameNumber(v, text) || c.column == "cell" && strings.HasPrefix(text, v)
	})
}

func (c *condition) text(r *Row) string {
	switch {
	case c.column == "cell":
		return r.ID()
	case c.column == "status" && r.Run != nil:
		return string(r.Run.Status)
	}
	return suites.Format(r.Value(c.column))
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
		for _, v := range c.values {
			if !slices.ContainsFunc(known, func(k string) bool { return k == v || sameNumber(k, v) || v == "null" && k == "none" }) {
				return fmt.Sprintf(": no %s is %q%s", c.column, v, usage.Suggest(v, known))
			}
		}
	}
	return ""
}
