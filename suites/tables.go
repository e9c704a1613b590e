package suites

import (
	"maps"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

func (r *reader) readTables() {
	seen := make(map[string]bool)
	for _, n := range r.tables("table") {
		before := len(r.problems)
		v := r.section(tableSection, n, nil)
		t := &Table{
			Name: v.text("name"), Title: v.text("title"), Stat: v.text("stat"), Summary: v.text("summary"), Base: v.text("base"), Over: v.text("over"),
			Rows: v.list("rows"), Columns: v.list("columns"), Threshold: v.number("threshold"), Kind: v.text("kind"),
		}
		r.condensed(t, v, n)
		r.unique(seen, n, "name", t.Name)
		t.On = r.optionalSelector(v, "on", "seed")
		t.Metric = r.metric(v, n)
		r.threshold(n, t.Stat, t.Threshold)
		r.columns(n.Field("rows"), t.Rows)
		r.columns(n.Field("columns"), t.Columns)
		r.suite.Tables = append(r.suite.Tables, t)
		t.Paper, t.Reference = r.paper(v), r.reference(v)
		if before == len(r.problems) && r.expanded() {
			r.slots(t, n)
		}
	}
}

// expanded reports whether there are cells to check tables, claims and figures
// against. Command-line settings may remove what they select.
func (r *reader) expanded() bool { return r.suite.Columns != nil && !r.cellsSet }

func (v values) text(key string) string { return v.settings[key].Text() }

func (v values) list(key string) []string { return v.settings[key].Strings() }

func (v values) int(key string) int { return v.settings[key].Int() }

func (v values) ints(key string) []int { return v.settings[key].Ints() }

func (v values) float(key string) float64 { return v.settings[key].Float() }

func (v values) number(key string) *float64 {
	if x, ok := v.settings[key].Number(); ok {
		return &x
	}
	return nil
}

func (r *reader) optionalSelector(v values, key string, extra ...string) *Selector {
	if n := v.nodes[key]; n != nil {
		return r.selector(n, extra...)
	}
	return nil
}

// unique reports a name that occurs twice.
func (r *reader) unique(seen map[string]bool, n *document.Node, key, name string) {
	if seen[name] && name != "" {
		r.at(n.Field(key), "two [[%s]] have the %s %q", n.Parent.Key, key, name)
	}
	seen[name] = true
}

// columns checks the names of columns.
func (r *reader) columns(n *document.Node, list []string) {
	if n == nil {
		return
	}
	known := r.columnNames()
	for i, name := range list {
		at := n
		if n.Kind == document.Array {
			at = n.Items[i]
		}
		switch {
		case !slices.Contains(known, name):
			r.at(at, "there is no column %q%s", name, suggestKey(name, known))
		case slices.Contains(list[:i], name):
			r.at(at, "%s occurs twice", name)
		}
	}
}

// metric reads a metric, or a table of them by environment.
func (r *reader) metric(v values, n *document.Node) Metric {
	f := v.nodes["metric"]
	if f == nil {
		return Metric{}
	}
	var m Metric
	m.Default, m.ByEnvironment = byEnvironment(r, f, r.metricName)
	return m
}

// byEnvironment reads one value, or a table of them by environment with a default.
func byEnvironment[T any](r *reader, n *document.Node, read func(*document.Node) T) (all T, by map[string]T) {
	if n.Kind != document.Table {
		return read(n), nil
	}
	by = make(map[string]T)
	for _, e := range n.Fields {
		switch {
		case e.Key == "default":
			all = read(e)
		case slices.Contains(r.suite.Environments, e.Key):
			by[e.Key] = read(e)
		default:
			r.atKey(e, "there is no [environment.%s]%s", e.Key, usage.DidYouMean(e.Key, append(r.suite.Environments, "default")))
		}
	}
	return all, by
}

func (r *reader) metricName(n *document.Node) string {
	name, ok := n.Text()
	if known := metric.Names(); !ok || !slices.Contains(known, name) {
		r.at(n, "metric is %s: expected one of %s%s", n.Describe(), strings.Join(known, ", "), usage.DidYouMean(name, known))
	}
	return name
}

// threshold checks that there is a threshold if and only if the statistic needs one.
func (r *reader) threshold(n *document.Node, stat string, threshold *float64) {
	needs := strings.HasSuffix(stat, "-to")
	switch {
	case needs && threshold == nil:
		r.at(n.Field("stat"), "stat = %q needs the key threshold: the value to reach", stat)
	case !needs && threshold != nil && stat != "":
		r.at(n.Field("threshold"), "threshold is for steps-to, trajectories-to and seconds-to, not for stat = %q", stat)
	}
}

// paper reads reference values by row and column.
func (r *reader) paper(v values) map[string]map[string]string {
	n := v.nodes["paper"]
	if n == nil || !r.table(n) {
		return nil
	}
	paper := make(map[string]map[string]string)
	for _, row := range n.Fields {
		if !r.table(row) {
			continue
		}
		paper[row.Key] = make(map[string]string)
		for _, f := range row.Fields {
			s, ok := f.Text()
			if !ok {
				r.at(f, "%s is %s: expected a string such as \"0.07±0.00\"", f.Key, f.Describe())
			}
			paper[row.Key][f.Key] = s
		}
	}
	return paper
}

// slots checks that the cells of each slot of a table differ only in the seed,
// and that the rows and columns it names exist.
func (r *reader) slots(t *Table, n *document.Node) {
	rows, columns := make(map[string]bool), make(map[string]bool)
	first := make(map[[2]string]*Cell)
	cells := r.suite.Select(t.On)
	if why := r.suite.fewInstances(cells, t.Over); why != "" {
		r.at(n, "table %q: %s", t.Name, why)
		return
	}
	for _, c := range cells {
		slot := [2]string{Label(t.Rows, c.Value), Label(t.Across(), c.Value)}
		rows[slot[0]], columns[slot[1]] = true, true
		other, ok := first[slot]
		if !ok {
			first[slot] = c
			continue
		}
		if axis := r.suite.differ(other, c, t.Over); axis != "" {
			r.at(n, "table %q: the cells of row %s, column %s differ in %s: add it to rows or columns, or choose with on = { %q = ... }%s",
				t.Name, slot[0], slot[1], axis, axis, orOver(axis))
			return
		}
	}
	if len(first) == 0 {
		r.at(n, "table %q: no cell matches %s", t.Name, t.On)
		return
	}
	what, bases := "column", columns
	if t.Condensed() {
		what, bases = "row", rows
	}
	if t.Base != "" && !bases[t.Base] {
		r.at(n.Field("base"), "there is no %s %q%s", what, t.Base, usage.DidYouMean(t.Base, slices.Sorted(maps.Keys(bases))))
	}
	r.paperNames(n.Field("paper"), rows, columns)
	r.movedNames(n.Field("reference"), rows, columns)
}

// paperNames checks that reference values belong to rows and columns that
// exist.
func (r *reader) paperNames(n *document.Node, rows, columns map[string]bool) {
	if n == nil {
		return
	}
	for _, row := range n.Fields {
		if !rows[row.Key] {
			r.atKey(row, "there is no row %q%s", row.Key, usage.DidYouMean(row.Key, slices.Sorted(maps.Keys(rows))))
		}
		for _, f := range row.Fields {
			if !columns[f.Key] {
				r.atKey(f, "there is no column %q%s: a column is named by its values joined by \"/\", \"none\" where one does not apply",
					f.Key, usage.DidYouMean(f.Key, slices.Sorted(maps.Keys(columns))))
			}
		}
	}
}
