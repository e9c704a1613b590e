package report

import (
	"slices"
	"strings"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// Names holds the names that readers of figures, pages and papers see instead of those in
// suites and results: the suite's [labels], or else those of the registries.
type Names struct {
	labels map[string]string // of the suite
	orders map[string]string // "½" by objective, if all its cells have one alpha
}

// Names returns the names of the sweep.
func (s *Sweep) Names() *Names {
	n := &Names{labels: make(map[string]string), orders: make(map[string]string)}
	if s.Suite != nil {
		for _, l := range s.Suite.Labels {
			n.labels[l.Name] = l.Label
		}
	}
	for i, r := range s.Rows {
		if likeBefore(s.Rows, i, "alpha") {
			continue
		}
		if alpha := r.Value("alpha"); !alpha.IsNull() {
			order, ok := n.orders[r.Objective()]
			if text := fraction(alpha.String()); !ok {
				n.orders[r.Objective()] = text
			} else if order != text {
				n.orders[r.Objective()] = ""
			}
		}
	}
	return n
}

// fraction writes common fractions as people do.
func fraction(number string) string {
	switch number {
	case "0.5":
		return "½"
	case "0.25":
		return "¼"
	case "0.75":
		return "¾"
	}
	return strings.Replace(number, "-", "−", 1)
}

// Metric returns the name of a metric.
func (n *Names) Metric(m metric.Metric) string {
	if label, ok := n.labels[m.String()]; ok {
		return label
	}
	return m.Info().Label
}

// Column returns the name of a column. Without a label it is the last part, as "lr" of
// "optimizer.lr".
func (n *Names) Column(column string) string {
	if label, ok := n.labels[column]; ok {
		return label
	}
	return column[strings.LastIndexByte(column, '.')+1:]
}

// Value returns the name of a value of a column, such as "TB" or "lr=0.001", or "–" if it
// does not apply.
func (n *Names) Value(column string, v param.Value) string {
	if v.IsNull() {
		return NotApplicable
	}
	name := v.String()
	switch column {
	case "environment", "objective", "control_variate":
		if label, ok := n.labels[name]; ok {
			return label
		}
	default:
		if _, ok := v.Number(); ok {
			name = strings.ReplaceAll(name, "-", "−")
		}
		return n.Column(column) + "=" + name
	}
	switch column {
	case "environment":
		if k := kinds.Lookup(name); k != nil && k.Label != "" {
			return k.Label
		}
	case "objective":
		if k := objective.Lookup(name); k != nil && k.Label != "" {
			if order := n.orders[name]; order != "" {
				return k.Label + "-" + order
			}
			return k.Label
		}
	case "control_variate":
		i := slices.IndexFunc(objective.ControlVariates, func(cv objective.ControlVariate) bool { return cv.Name == name })
		if i >= 0 {
			return objective.ControlVariates[i].Label
		}
	}
	return name
}

// Parts returns the names of those values in some columns that apply, or "–" if there are
// none.
func (n *Names) Parts(columns []string, value func(column string) param.Value) (parts []string) {
	for _, c := range columns {
		switch v := value(c); {
		case v.IsNull() && c == "control_variate" && !slices.Contains(columns, "objective"):
			parts = append(parts, n.Value(c, param.Of(objective.None)))
		case !v.IsNull() && !(c == "alpha" && slices.Contains(columns, "objective") && n.orders[value("objective").String()] != ""):
			parts = append(parts, n.Value(c, v))
		}
	}
	if len(parts) == 0 {
		return []string{NotApplicable}
	}
	return parts
}

// Line returns the name of a line by its values in some columns: "reverse KL
// (leave-one-out)".
func (n *Names) Line(columns []string, value func(column string) param.Value) string {
	parts := n.Parts(columns, value)
	if len(parts) > 1 && slices.Contains(named, columns[0]) && !value(columns[0]).IsNull() {
		return parts[0] + " (" + strings.Join(parts[1:], ", ") + ")"
	}
	return strings.Join(parts, ", ")
}

// named lists the columns whose values have names.
var named = []string{"environment", "objective", "control_variate"}

// order returns the names of values in the order of the suite's labels.
func (s *Sweep) order() (names []string) {
	if s.Suite == nil {
		return nil
	}
	for _, l := range s.Suite.Labels {
		names = append(names, l.Name)
	}
	return names
}

// byLabels returns the values of a column in the order of the suite's labels if all have
// one, or nil.
func (s *Sweep) byLabels(column string, rows []*Row) []string {
	order := s.order()
	values := Distinct(rows, column)
	if !slices.Contains(named, column) ||
		slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(order, v) }) {
		return nil
	}
	slices.SortFunc(values, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return values
}
