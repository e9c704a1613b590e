package suites

import (
	"slices"
	"strings"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
	"gfnbench/usage"
)

// An assignment is one --set, "key=value".
type assignment struct {
	root  *document.Node // the assignment as a document
	key   []string
	value *document.Node
}

// readAssignments reads the command-line settings, "key=value" in TOML; a value that
// is not TOML is taken as a string. Settings of sections change the document before it
// is read. Settings of [run] keys, for every cell or for one environment, change cells
// after everything else; readSet turns them into rules.
func (r *reader) readAssignments(set []string) {
	for _, text := range set {
		if err := plain.Line(text); err != nil {
			r.add(document.Problem{File: "--set " + text, Msg: err.Error()})
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		root, problems := document.Parse("--set "+text, strings.TrimSpace(key)+" = "+value)
		if len(problems) > 0 && ok {
			root, problems = document.Parse("--set "+text, strings.TrimSpace(key)+" = "+param.Of(strings.TrimSpace(value)).Canonical())
		}
		if !ok || len(problems) > 0 {
			r.add(document.Problem{File: "--set " + text, Msg: "expected key=value, such as steps=100 or optimizer.lr=1e-3"})
			continue
		}
		a := &assignment{root: root}
		a.key, a.value = root.Assignment()
		r.cellsSet = r.cellsSet || !a.shows()
		r.assign(a)
		r.assignments = append(r.assignments, a)
	}
}

// shows reports whether the assignment leaves the cells as they are, because it is for
// reports, for a cluster or for readers.
func (a *assignment) shows() bool {
	return slices.Contains([]string{"title", "slurm", "table", "claim", "figure", "keep"}, a.key[0])
}

// assign applies an assignment that changes the document.
func (r *reader) assign(a *assignment) {
	section := sectionOf(a.key[0])
	switch {
	case section == nil && keyOf(topSection.Keys, a.key[0]) == nil, section == runSection:
		return // a rule
	case section != nil && section.List && len(a.key) > 1 && r.root.Field(a.key[0]) == nil:
		r.atKey(a.value, "the suite has no %s", section.Header())
		return
	case section == environmentSection && len(a.key) == 1 && a.value.Kind != document.Table:
		r.atKey(a.value, "environment is an axis: -f environment=NAME chooses cells, and --set environment.NAME.KEY=VALUE changes a key of one")
		return
	case section == environmentSection && len(a.key) > 1:
		e := r.root.Field(a.key[0]).Field(a.key[1])
		if e == nil && len(a.key) > 2 {
			r.atKey(a.value, "there is no [environment.%s]%s", a.key[1], usage.Suggest(a.key[1], fieldNames(r.root.Field(a.key[0]))))
			return
		}
		if e != nil && len(a.key) > 2 && !isParam(e, a.key[2]) && isRunKey(a.key[2]) {
			return // a rule
		}
	}
	if err := r.root.Put(a.key, a.value); err != nil {
		r.atKey(a.value, "%v", err)
	}
}

// sectionOf returns the section whose name begins that way, or nil.
func sectionOf(name string) *Section {
	for _, s := range Sections()[1:] {
		if first, _, _ := strings.Cut(s.Name, "."); first == name {
			return s
		}
	}
	return nil
}

func fieldNames(n *document.Node) []string {
	var names []string
	if n != nil {
		for _, f := range n.Fields {
			names = append(names, f.Key)
		}
	}
	return names
}

// isParam reports whether the environment described by e has a parameter of that
// name.
func isParam(e *document.Node, name string) bool {
	kind, ok := e.Field("kind").Text()
	k := kinds.Lookup(kind)
	return ok && k != nil && param.Find(k.Params, name) != nil
}

// isRunKey reports whether a [run] key begins with that name.
func isRunKey(name string) bool { return cellKey(name) != nil || isRunTable(name) }

// readSet turns the assignments that change cells into rules.
func (r *reader) readSet() {
	for _, a := range r.assignments {
		all := &rule{at: a.root, match: &Selector{}, force: true}
		section := sectionOf(a.key[0])
		switch {
		case section == environmentSection && len(a.key) > 2:
			r.setEnvironment(a, all)
		case section == runSection:
			r.atKey(a.root.Fields[0], "keys of [run] need no prefix: write --set %s=...", strings.Join(a.key[1:], "."))
		case section == nil && keyOf(topSection.Keys, a.key[0]) == nil:
			all.set = r.setAll(a)
		}
		if len(all.set) > 0 {
			r.sets = append(r.sets, all)
		}
	}
}

// setEnvironment makes a rule for a key of one environment: a [run] key, or a
// parameter that an axis may also change.
func (r *reader) setEnvironment(a *assignment, all *rule) {
	i := slices.IndexFunc(r.environments, func(e *environment) bool { return e.name == a.key[1] })
	if i < 0 || r.environments[i].kind == nil {
		return
	}
	e := r.environments[i]
	all.match = &Selector{Conditions: []Condition{{Column: "environment", Values: []param.Value{param.Of(e.name)}, slot: slotEnvironment, texts: []string{e.name}}}}
	k, isParam := keyOf(r.suite.slots, "params."+a.key[2]), e.nodes[a.key[2]] == a.value
	switch {
	case !isParam && isRunKey(a.key[2]):
		all.set = r.changes(a.root.Field(a.key[0]).Field(a.key[1]), "[environment."+e.name+"]")
	case isParam && k != nil && e.given.Has(a.key[2]) && len(e.drawn) == 0:
		all.set = []change{{k, newSetting(k, e.given[a.key[2]], a.value)}}
	}
}

// setAll reads an assignment of a [run] key or a parameter for every cell.
func (r *reader) setAll(a *assignment) []change {
	name := strings.Join(a.key, ".")
	switch {
	case isRunKey(a.key[0]) || a.key[0] == "params":
	case len(a.key) > 1 && r.root.Field("environment").Field(a.key[0]) != nil:
		r.atKey(a.root.Fields[0], "unknown key %q in --set (did you mean %q?)", name, "environment."+name)
		return nil
	case len(a.key) > 1:
		r.atKey(a.root.Fields[0], "unknown key %q in --set%s", name, suggestSection(a.key[0]))
		return nil
	}
	return r.changes(a.root, "--set")
}

// suggestSection returns the section with the nearest name, or else what --set
// takes.
func suggestSection(first string) string {
	if hint := usage.DidYouMean(first, sectionNames()); hint != "" {
		return hint
	}
	return ": --set takes the keys of [run], params.NAME, environment.NAME.KEY, and the keys of other sections as table.NAME.KEY or grid.1.KEY"
}

// sectionNames lists what the keys of sections begin with.
func sectionNames() []string {
	list := names(topSection.Keys)
	for _, s := range Sections()[1:] {
		first, _, _ := strings.Cut(s.Name, ".")
		list = append(list, first)
	}
	return list
}

// Settable lists the keys that --set takes: those of every suite and, if s is not
// nil, those of its environments, tables, claims and figures.
func Settable(s *Suite) []string {
	list := names(RunKeys())
	if s == nil {
		return list
	}
	seen := make(map[string]bool)
	for _, c := range s.Cells {
		e := c.environment
		for i := 0; !seen[e.name] && i < len(e.kind.Params); i++ {
			list = append(list, "environment."+e.name+"."+e.kind.Params[i].Name)
		}
		seen[e.name] = true
	}
	list = append(list, names(topSection.Keys)...)
	for _, section := range Sections()[1:] {
		if !section.List && !section.Runs && !strings.Contains(section.Name, ".") {
			list = append(list, under(section.Name, section)...)
		}
	}
	for _, t := range s.Tables {
		list = append(list, under("table."+t.Name, tableSection)...)
	}
	for _, c := range s.Claims {
		list = append(list, under("claim."+c.ID, claimSection)...)
	}
	for _, f := range s.Figures {
		list = append(list, under("figure."+f.Name, figureSection)...)
	}
	return list
}

// under lists the keys of a section, each with a prefix.
func under(prefix string, s *Section) []string {
	list := names(s.Keys)
	for i, name := range list {
		list[i] = prefix + "." + name
	}
	return list
}
