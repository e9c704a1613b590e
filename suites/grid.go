package suites

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gfnbench/suites/document"
)

// A grid is one [[grid]], or one [[sample]] with its points drawn.
type grid struct {
	at           *document.Node
	header       string
	environments []*environment
	objectives   []*setting
	axes         []*gridAxis // without environment and objective, in order of assignment
	points       int         // number of points of a sample; 0 for a grid
	broken       bool        // has problems, so its expansion means nothing
}

// A gridAxis is a key with the values it takes: each in turn or, if drawn is
// set, one for each point of a sample.
type gridAxis struct {
	key    *Key
	at     *document.Node
	values []*setting
	used   []bool // which values a cell uses
	drawn  bool
}

func (r *reader) readGrids() {
	grids, samples := r.tables("grid"), r.tables("sample")
	if len(grids)+len(samples) == 0 && !r.unread {
		r.add(r.root.Source.Problem(0, "", "the suite has no [[grid]]: nothing would run"))
	}
	for i, n := range grids {
		g := &grid{at: n, header: fmt.Sprintf("[[grid]] %d", i+1)}
		before := len(r.problems)
		r.readAxes(g, n, nil)
		g.broken = r.unread || len(r.problems) > before
		r.grids = append(r.grids, g)
	}
	for i, n := range samples {
		g := &grid{at: n, header: fmt.Sprintf("[[sample]] %d", i+1)}
		before := len(r.problems)
		r.readSample(g, n)
		g.broken = r.unread || len(r.problems) > before
		r.grids = append(r.grids, g)
	}
}

// axisNames returns the keys that a grid may hold.
func (r *reader) axisNames() []string {
	list := []string{"environment"}
	return append(list, r.keyNames()...)
}

// readAxes reads the lists of a grid. It passes keys with tables to drawn,
// unless drawn is nil.
func (r *reader) readAxes(g *grid, n *document.Node, drawn func(k *Key, f *document.Node)) {
	if !r.table(n) {
		return
	}
	var environment, objective *document.Node
	header := "[[" + n.Parent.Key + "]]"
	r.flatten(n, header, r.axisNames(), func(name string, f *document.Node) {
		k := keyOf(r.suite.slots, name)
		switch {
		case k == keySeeds || k == keyPair || k != nil && k.role == manages:
			r.atKey(f, "%s is not an axis: it belongs in [run]", name)
		case f.Kind == document.Table && drawn != nil && k != nil && k != keyObjective:
			drawn(k, f)
		case f.Kind != document.Array:
			r.at(f, "%s is %s: every key of a %s holds a list of values: write [%s]", name, f.Describe(), header, f.Describe())
		case len(f.Items) == 0:
			r.at(f, "%s is empty: the %s expands to nothing", name, header)
		case name == "environment":
			environment = f
		case k == keyObjective:
			objective = f
			g.objectives = r.axisValues(k, f)
		default:
			if values := r.axisValues(k, f); len(values) > 0 {
				g.axes = append(g.axes, &gridAxis{key: k, at: f, values: values, used: make([]bool, len(values))})
			}
		}
	})
	if objective == nil && n.Field(keyObjective.Name) == nil {
		r.at(n, "%s needs the key objective: a list of %s", header, strings.Join(keyObjective.Choices, ", "))
	}
	g.environments = r.gridEnvironments(environment)
	r.orderAxes(g)
}

// orderAxes puts parameters first, because they make the environment on which
// other keys depend, and then follows the slots.
func (r *reader) orderAxes(g *grid) {
	isParam := func(a *gridAxis) int {
		if a.key.slot >= len(cellKeys) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(g.axes, func(a, b *gridAxis) int {
		return cmp.Or(cmp.Compare(isParam(a), isParam(b)), cmp.Compare(a.key.slot, b.key.slot))
	})
}

// axisValues returns the distinct settings of a list.
func (r *reader) axisValues(k *Key, f *document.Node) []*setting {
	var values []*setting
	for _, item := range f.Items {
		if item.Kind != document.Array && !k.Type.Scalar() {
			r.at(item, "%s has the value %s, but each of its values is a list: write [[...], [...]]", k.Name, item.Describe())
			return nil
		}
		v, ok := r.decode(k, item)
		if !ok || k == keyTrainer && !r.knownTrainer(item, v.Text()) {
			continue
		}
		s := newSetting(k, r.resolve(k, v, item), item)
		if slices.ContainsFunc(values, func(t *setting) bool { return t.text == s.text }) {
			r.at(item, "%s has %s twice", k.Name, s.text)
			continue
		}
		values = append(values, s)
	}
	return values
}

// gridEnvironments returns the environments that a list names, or all without a
// list.
func (r *reader) gridEnvironments(n *document.Node) []*environment {
	if n == nil {
		if len(r.environments) == 0 && !r.unread {
			r.add(r.root.Source.Problem(0, "", "the suite has no [environment.NAME]: there is nothing to train on"))
		}
		return r.environments
	}
	var list []*environment
	for _, item := range n.Items {
		name, _ := item.Text()
		i := slices.IndexFunc(r.environments, func(e *environment) bool { return e.name == name })
		switch {
		case i < 0:
			r.noEnvironment(item, name)
		case slices.Contains(list, r.environments[i]):
			r.at(item, "environment has %q twice", name)
		default:
			list = append(list, r.environments[i])
		}
	}
	return list
}
