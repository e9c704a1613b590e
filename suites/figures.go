package suites

import (
	"slices"
	"strings"

	"gfnbench/suites/document"
)

func (r *reader) readFigures() {
	seen := make(map[string]bool)
	for _, n := range r.tables("figure") {
		before := len(r.problems)
		v := r.section(figureSection, n, nil)
		f := &Figure{
			Name: v.text("name"), Title: v.text("title"), Where: v.text("where"), Kind: v.text("kind"), X: v.text("x"),
			Panels: v.list("panels"), Lines: v.list("lines"),
		}
		f.Log = v.settings["log"].Bool()
		if step := v.int("step"); v.settings.Has("step") {
			f.Step = &step
		}
		r.unique(seen, n, "name", f.Name)
		if at := n.Field("name"); at != nil && f.Name != "" && (!validName.MatchString(f.Name) || len(f.Name) > maxName) {
			r.at(at, "name is %q: expected at most %d letters, digits, dots, hyphens and underscores, because it names a file", f.Name, maxName)
		}
		f.On = r.optionalSelector(v, "on", "seed")
		f.Metric = r.metric(v, n)
		f.Axes = r.axisEnds(v)
		r.columns(n.Field("panels"), f.Panels)
		r.columns(n.Field("lines"), f.Lines)
		r.horizontal(n.Field("x"), f)
		if f.Kind == "curves" && n.Field("metric") == nil {
			r.at(n, "a figure of curves needs the key metric")
		}
		if f.Kind != "density" && f.Step != nil {
			r.atKey(n.Field("step"), "step is for kind = \"density\"")
		}
		if f.Kind == "variance" && r.suite.Variance == nil && r.root.Field("variance") == nil {
			r.at(n, "a figure of the variance needs a [variance] in the suite")
		}
		r.suite.Figures = append(r.suite.Figures, f)
		if before == len(r.problems) && r.expanded() && f.Kind != "variance" {
			r.curves(f, n)
		}
	}
}

// horizontal checks that x names a quantity of training or a column.
func (r *reader) horizontal(at *document.Node, f *Figure) {
	known := slices.Concat(Courses, r.columnNames())
	switch {
	case at == nil:
	case !slices.Contains(known, f.X):
		r.at(at, "there is no horizontal axis %q%s", f.X, suggestKey(f.X, known))
	case f.Along() != "" && f.Kind != "curves":
		r.at(at, "x is for kind = \"curves\"")
	case slices.Contains(slices.Concat(f.Panels, f.Lines), f.X):
		r.at(at, "%s is on the horizontal axis: it cannot make up panels or lines as well", f.X)
	}
}

// curves checks that the cells of each line differ only in the seed.
func (r *reader) curves(f *Figure, n *document.Node) {
	first := make(map[string]*Cell)
	along := f.Along()
	for _, c := range r.suite.Select(f.On) {
		if f.Kind == "density" {
			if why := c.DensityProblem(); why != "" {
				r.at(n, "figure %q: %s: leave it out with on = { environment = [...] }", f.Name, why)
				return
			}
		}
		line := Label(f.Panels, c.Value) + ": " + Label(f.Lines, c.Value)
		if along != "" {
			x := c.Value(along)
			if _, number := x.Number(); !number && !x.IsNull() {
				r.at(n, "figure %q: x = %q is %s in some cells: expected a column whose values are numbers, or one of %s", f.Name, along, Format(x), strings.Join(Courses, ", "))
				return
			}
			line += ", " + along + "=" + Format(x)
		}
		other, ok := first[line]
		if !ok {
			first[line] = c
			continue
		}
		if axis := r.suite.differ(other, c, OverSeeds); axis != "" {
			r.at(n, "figure %q: the cells of %s differ in %s: add it to panels or lines, or choose with on = { %q = ... }", f.Name, line, axis, axis)
			return
		}
	}
	for _, end := range f.Axes {
		if !slices.ContainsFunc(r.suite.Select(f.On), func(c *Cell) bool { return Label(f.Panels, c.Value) == end.Panel }) {
			r.at(n.Field("paper"), "figure %q has no panel %q", f.Name, end.Panel)
		}
	}
	if len(first) == 0 {
		r.at(n, "figure %q: no cell matches %s", f.Name, f.On)
	}
}
