package suites

import "gfnbench/suites/document"

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
		r.columns(n.Field("panels"), f.Panels)
		r.columns(n.Field("lines"), f.Lines)
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

// curves checks that the cells of each line differ only in the seed.
func (r *reader) curves(f *Figure, n *document.Node) {
	first := make(map[string]*Cell)
	for _, c := range r.suite.Select(f.On) {
		if f.Kind == "density" {
			if why := c.DensityProblem(); why != "" {
				r.at(n, "figure %q: %s: leave it out with on = { environment = [...] }", f.Name, why)
				return
			}
		}
		line := Label(f.Panels, c.Value) + ": " + Label(f.Lines, c.Value)
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
	if len(first) == 0 {
		r.at(n, "figure %q: no cell matches %s", f.Name, f.On)
	}
}
