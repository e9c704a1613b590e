package suites

import (
	"maps"
	"slices"
	"strings"

	"gfnbench/suites/document"
	"gfnbench/usage"
)

func (r *reader) readFigures() {
	seen := make(map[string]bool)
	for _, n := range r.tables("figure") {
		before := len(r.problems)
		v := r.section(figureSection, n, nil)
		f := &Figure{
			Name: v.text("name"), Title: v.text("title"), Where: v.text("where"), Kind: v.text("kind"), X: v.text("x"),
			Panels: v.list("panels"), Lines: v.list("lines"), Stat: v.text("stat"), Over: v.text("over"),
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
		r.figureKind(f, v, n)
		r.suite.Figures = append(r.suite.Figures, f)
		if before == len(r.problems) && r.expanded() && f.Kind != FigureOfVariance && f.Kind != FigureOfClaims {
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
	case f.Along() != "" && f.Kind != FigureOfCurves:
		r.at(at, "x is for kind = \"curves\"")
	case slices.Contains(slices.Concat(f.Panels, f.Lines), f.X):
		r.at(at, "%s is on the horizontal axis: it cannot make up panels or lines as well", f.X)
	}
}

// kindsOf lists for keys of a figure the kinds that have them; every kind has the others.
var kindsOf = []struct {
	key   string
	kinds []string
}{
	{"stat", []string{FigureOfProfiles, FigureOfRanks, FigureOfPoints, FigureOfCosts}},
	{"over", []string{FigureOfCurves, FigureOfProfiles, FigureOfRanks, FigureOfPoints, FigureOfCosts}},
	{"tasks", []string{FigureOfProfiles, FigureOfRanks}},
	{"normalise", []string{FigureOfProfiles, FigureOfRanks}},
	{"base", []string{FigureOfProfiles, FigureOfRanks}},
	{"panels", []string{FigureOfCurves, FigureOfVariance, FigureOfDensities, FigureOfPoints, FigureOfCosts}},
	{"step", []string{FigureOfDensities}},
	{"claims", []string{FigureOfClaims}},
}

// figureKind reads what only some kinds of figures have, and checks that a figure has what
// its kind needs.
func (r *reader) figureKind(f *Figure, v values, n *document.Node) {
	for _, k := range kindsOf {
		if at := n.Field(k.key); at != nil && !slices.Contains(k.kinds, f.Kind) {
			r.atKey(at, "%s is for kind = %s", k.key, orList(k.kinds))
		}
	}
	needs := f.OverTasks() || f.Kind == FigureOfCurves || f.Kind == FigureOfPoints || f.Kind == FigureOfCosts
	if needs && n.Field("metric") == nil {
		r.at(n, "a figure of %s needs the key metric", f.Kind)
	}
	if f.Kind == FigureOfVariance && r.suite.Variance == nil && r.root.Field("variance") == nil {
		r.at(n, "a figure of the variance needs a [variance] in the suite")
	}
	if f.Kind == FigureOfClaims {
		f.Claims = v.list("claims")
		r.forest(f, n)
	}
	if !f.OverTasks() {
		return
	}
	f.Tasks, f.Normalise, f.Base, f.Panels = v.list("tasks"), v.text("normalise"), v.text("base"), nil
	r.columns(n.Field("tasks"), f.Tasks)
	if f.Normalise == ByBase && f.Base == "" {
		r.at(n, "normalise = %q needs the key base: %s", ByBase, keyOf(figureSection.Keys, "base").Doc)
	}
	for _, c := range f.Tasks {
		if slices.Contains(f.Lines, c) {
			r.at(n, "figure %q: %s is in lines and in tasks", f.Name, c)
		}
	}
}

// curves checks that the cells of each line differ only in the seed and, over instances, in
// these.
func (r *reader) curves(f *Figure, n *document.Node) {
	first := make(map[string]*Cell)
	lines := make(map[string]bool)
	cells := r.suite.Select(f.On)
	along := f.Along()
	if why := r.suite.fewInstances(cells, f.Over); why != "" {
		r.at(n, "figure %q: %s", f.Name, why)
		return
	}
	for _, c := range cells {
		if f.Kind == FigureOfDensities {
			if why := c.DensityProblem(); why != "" {
				r.at(n, "figure %q: %s: leave it out with on = { environment = [...] }", f.Name, why)
				return
			}
		}
		across := f.Panels
		if f.OverTasks() {
			across = f.Tasks
		}
		lines[Label(f.Lines, c.Value)] = true
		line := Label(across, c.Value) + ": " + Label(f.Lines, c.Value)
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
		if axis := r.suite.differ(other, c, f.Over); axis != "" {
			r.at(n, "figure %q: the cells of %s differ in %s: add it to panels or lines, or choose with on = { %q = ... }%s", f.Name, line, axis, axis, orOver(axis))
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
		return
	}
	if f.Base != "" && !lines[f.Base] {
		r.at(n.Field("base"), "there is no line %q%s", f.Base, usage.DidYouMean(f.Base, slices.Sorted(maps.Keys(lines))))
	}
}

// forest checks that the suite has the claims of a forest.
func (r *reader) forest(f *Figure, n *document.Node) {
	if len(r.suite.Claims) == 0 && r.root.Field("claim") == nil {
		r.at(n, "a forest shows claims: the suite has no [[claim]]")
	}
	var known []string
	for _, c := range r.suite.Claims {
		known = append(known, c.ID)
	}
	for _, id := range f.Claims {
		if !slices.Contains(known, id) {
			r.at(n.Field("claims"), "there is no claim %q%s", id, usage.DidYouMean(id, known))
		}
	}
}
