package report

import (
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// NotApplicable is shown where a value does not apply. Names leave such values
// out.
const NotApplicable = "–"

// A Label names a row or a column of a table.
type Label struct {
	Key    string        // the values joined by "/", as suites refer to it
	Name   string        // as readers see it; see [NameOf]
	Values []param.Value // one for each of the columns
}

// Labels returns the distinct labels of the rows by the columns. Each column's values are
// in the order of first appearance, or in the order of the suite's [labels] if these name
// them all.
func (s *Sweep) Labels(columns []string, rows []*Row) []Label {
	seen := make([]map[string]int, len(columns))
	for i, c := range columns {
		seen[i] = make(map[string]int)
		for rank, value := range s.byLabels(c, rows) {
			seen[i][value] = rank
		}
	}
	ranks := make(map[string][]int)
	var list []Label
	for i, r := range rows {
		if likeBefore(rows, i, columns...) {
			continue
		}
		key := suites.Label(columns, r.Value)
		if ranks[key] != nil {
			continue
		}
		l := Label{Key: key, Name: NameOf(columns, r.Value), Values: make([]param.Value, len(columns))}
		ranks[key] = make([]int, len(columns), len(columns)+1)
		for i, c := range columns {
			l.Values[i] = r.Value(c)
			text := suites.Format(l.Values[i])
			if _, ok := seen[i][text]; !ok {
				seen[i][text] = len(seen[i])
			}
			ranks[key][i] = seen[i][text]
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b Label) int { return slices.Compare(ranks[a.Key], ranks[b.Key]) })
	return list
}

// NameOf returns a readable name for values of columns, such as "renyi/alpha=0.5". It
// leaves out the column of values that are clear without it, and values that do not
// apply. But if the objective is not part of the name, the control variate "none" gets
// the same name as a control variate that does not apply.
func NameOf(columns []string, value func(column string) param.Value) string {
	var parts []string
	for _, c := range columns {
		switch v := value(c); {
		case v.IsNull() && c == "control_variate" && !slices.Contains(columns, "objective"):
			parts = append(parts, "none")
		case !v.IsNull():
			parts = append(parts, NamePart(c, v))
		}
	}
	if len(parts) == 0 {
		return NotApplicable
	}
	return strings.Join(parts, "/")
}

// NamePart returns a readable name for a value, with its column unless the
// value is clear without it: "tb", "lr=0.001".
func NamePart(column string, v param.Value) string {
	if v.IsNull() {
		return NotApplicable
	}
	if column == "environment" || column == "objective" || column == "control_variate" {
		return v.String()
	}
	return column[strings.LastIndex(column, ".")+1:] + "=" + v.String()
}

// ValueText writes a value for readers.
func ValueText(v param.Value) string {
	if v.IsNull() {
		return NotApplicable
	}
	return v.String()
}

// keys lists the keys of labels.
func keys(labels []Label) []string {
	list := make([]string, len(labels))
	for i, l := range labels {
		list[i] = l.Key
	}
	return list
}
