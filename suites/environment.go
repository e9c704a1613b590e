package suites

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// An environment is one [environment.NAME].
type environment struct {
	name     string
	kind     *env.Kind
	at       *document.Node
	given    param.Values              // as the suite gives them, without defaults
	nodes    map[string]*document.Node // where the suite gives them
	settings []*setting                // by slot, including those of parameters
	policy   *setting                  // the default of policy.kind
	drawn    []drawnInstance           // of the key instances; empty without it
	used     bool
	broken   bool // has problems, so it cannot be made
}

func environmentKinds() []string {
	list := make([]string, len(kinds.All))
	for i, k := range kinds.All {
		list[i] = k.Name
	}
	return list
}

func (r *reader) readEnvironments() {
	section := r.root.Field("environment")
	if section == nil {
		return
	}
	unnamed := slices.ContainsFunc(section.Fields, func(f *document.Node) bool { return f.Kind == document.Scalar })
	if unnamed {
		r.unread = true
		r.at(section, "[environment] needs a name: write [environment.NAME], such as [environment.%s]", cmp.Or(textOf(section.Field("kind")), "task"))
	}
	for _, f := range section.Fields {
		if unnamed && f.Field("kind") == nil {
			continue
		}
		r.suite.Environments = append(r.suite.Environments, f.Key)
		e := &environment{name: f.Key, at: f, given: param.Values{}, nodes: map[string]*document.Node{}}
		r.environments = append(r.environments, e)
		if e.broken = !r.table(f); e.broken {
			continue
		}
		r.valueName("environment", f)
		r.readEnvironment(e)
	}
}

// valueName checks a section's name that is the value of a column.
func (r *reader) valueName(of string, f *document.Node) {
	switch {
	case !validName.MatchString(f.Key):
		r.atKey(f, "%s %q: expected a name of letters, digits, dots, hyphens and underscores", of, f.Key)
	case f.Key == "none" || f.Key == "null":
		r.atKey(f, "%s %q: this word stands for what does not apply: choose another name", of, f.Key)
	}
}

// noEnvironment reports a name that no environment has.
func (r *reader) noEnvironment(n *document.Node, name string) {
	if !r.unread {
		r.at(n, "there is no [environment.%s]%s", name, usage.DidYouMean(name, r.suite.Environments))
	}
}

// textOf returns the text of a string, or "" for anything else.
func textOf(n *document.Node) string {
	text, _ := n.Text()
	return text
}

func (r *reader) readEnvironment(e *environment) {
	e.settings, e.broken = slices.Clone(r.run), true
	header := fmt.Sprintf("[environment.%s]", e.name)
	// The kind decides which keys there are.
	kind := e.at.Field("kind")
	if kind == nil {
		r.at(e.at, "%s needs the key kind: one of %s", header, strings.Join(environmentKinds(), ", "))
		return
	}
	name, ok := kind.Text()
	if e.kind = kinds.Lookup(name); !ok || e.kind == nil {
		r.at(kind, "kind is %s: expected one of %s%s", kind.Describe(), strings.Join(environmentKinds(), ", "), usage.DidYouMean(name, environmentKinds()))
		return
	}
	e.policy = newSetting(keyPolicyKind, param.Of(e.kind.Policies[0]), nil)
	e.policy.isDefault = true
	e.broken = false
	// Read parameters and instances; the other keys are left to runKeys.
	skip := []*document.Node{kind}
	known := append(names(runKeys), "kind", keyInstances.Name)
	for _, p := range e.kind.Params {
		known = append(known, p.Name)
	}
	for _, f := range e.at.Fields {
		p := param.Find(e.kind.Params, f.Key)
		switch {
		case f == kind:
		case f.Key == keyInstances.Name:
			skip = append(skip, f)
			r.readInstances(e, f)
		case p != nil && !(f.Kind == document.Table && isRunTable(f.Key)):
			skip = append(skip, f)
			e.nodes[p.Name] = f
			v, ok := r.param(p, f)
			e.given[p.Name], e.broken = v, e.broken || !ok
		case !isRunTable(f.Key) && cellKey(f.Key) == nil:
			skip, e.broken = append(skip, f), true
			r.atKey(f, "unknown key %q in %s%s", f.Key, header, suggestKey(f.Key, known))
		}
	}
	// The kind's defaults, then the [run] keys given here.
	for k, n := range map[*Key]int{keySamples: e.kind.Samples.Along, keyFinalSamples: e.kind.Samples.Final} {
		if n > 0 && e.settings[k.slot].at == nil {
			e.settings[k.slot] = newSetting(k, param.Of(n), nil)
		}
	}
	r.runKeys(e.at, header, e.settings, skip...)
	if e.settings[keyPolicyKind.slot] == absent {
		e.settings[keyPolicyKind.slot] = e.policy
	}
}

// sides returns the default of eval.from in the instance.
func (in *instance) sides() string {
	if in.kind.BothSides(in.params) {
		return "both"
	}
	return "target"
}

// isRunTable reports whether the key is a table of [run] keys, such as policy.
func isRunTable(name string) bool {
	return slices.ContainsFunc(runKeys, func(k *Key) bool { return strings.HasPrefix(k.Name, name+".") })
}

// param reads the value of an environment's parameter. The environment checks
// the range.
func (r *reader) param(p *param.Param, n *document.Node) (param.Value, bool) {
	if p.Type == param.Path {
		return r.file(p, n)
	}
	return r.decode(&Key{Param: param.Param{Name: p.Name, Type: p.Type, Choices: p.Choices}}, n)
}

// file reads the file that a suite names.
func (r *reader) file(p *param.Param, n *document.Node) (param.Value, bool) {
	name, ok := n.Text()
	if !ok {
		r.at(n, "%s is %s: expected the path of a file, relative to the suite", p.Name, n.Describe())
		return param.Value{}, false
	}
	if f, ok := r.files[name]; ok {
		return param.Of(f), true
	}
	if r.open == nil {
		r.at(n, "%s is %q: this suite cannot name files", p.Name, name)
		return param.Value{}, false
	}
	data, err := r.open(name)
	if err != nil {
		r.at(n, "%s cannot be read: %v", p.Name, err)
		return param.Value{}, false
	}
	f := param.File{Name: name, Data: string(data)}
	r.files[name] = f
	r.suite.Files = append(r.suite.Files, f)
	return param.Of(f), true
}

// readParams makes the slots of the environments' scalar parameters, and sets
// them to the values that each environment gives.
func (r *reader) readParams() {
	r.suite.slots = slices.Clone(cellKeys)
	for _, e := range r.environments {
		if e.kind == nil {
			continue
		}
		for _, p := range e.kind.Params {
			name := "params." + p.Name
			if p.Type.Scalar() && keyOf(r.suite.slots, name) == nil {
				k := &Key{Param: param.Param{Name: name, Type: p.Type, Doc: e.kind.Name + ": " + p.Doc}, slot: len(r.suite.slots)}
				r.suite.slots = append(r.suite.slots, k)
			}
		}
	}
	r.instanceSlot()
	for _, e := range r.environments {
		for _, k := range r.suite.slots[len(cellKeys):] {
			e.settings = append(e.settings, e.paramSetting(k))
		}
	}
	r.readGiven()
}

// readGiven makes the slots given.NAME for what environments give in full:
// lists and files. Each is a column of the results, as text, but not a key.
func (r *reader) readGiven() {
	for _, e := range r.environments {
		for _, name := range e.given.Names() {
			p := param.Find(e.kind.Params, name)
			if p.Type.Scalar() || keyOf(r.suite.slots, param.Given+name) != nil {
				continue
			}
			doc := p.Doc + ", as JSON"
			if p.Type == param.Path {
				doc = "SHA-256 of the file " + name
			}
			r.suite.slots = append(r.suite.slots, &Key{
				Param: param.Param{Name: param.Given + name, Type: param.String, Doc: e.kind.Name + ": " + doc}, role: describes, slot: len(r.suite.slots),
			})
		}
	}
	for _, e := range r.environments {
		for _, k := range r.suite.slots[len(e.settings):] {
			e.settings = append(e.settings, newSetting(k, e.given[strings.TrimPrefix(k.Name, param.Given)].Flat(), nil))
		}
	}
}

// paramSetting returns what the environment gives for params.NAME.
func (e *environment) paramSetting(k *Key) *setting {
	if e.kind == nil {
		return absent
	}
	name := strings.TrimPrefix(k.Name, "params.")
	p := param.Find(e.kind.Params, name)
	if p == nil {
		return absent
	}
	if v, ok := e.given[name]; ok {
		return newSetting(k, v, e.nodes[name])
	}
	if name == instanceSeed && len(e.drawn) > 0 {
		return e.drawn[0].setting(k)
	}
	return newSetting(k, p.Default, nil)
}

// makeInstance gives c the environment of its parameters, made once for each
// set of them. It returns false if there is none.
func (r *reader) makeInstance(c *config) bool {
	e := c.environment
	given := make(param.Values, len(e.given))
	for name, v := range e.given {
		given[name] = v
	}
	for _, k := range r.suite.slots[len(cellKeys):] {
		name := strings.TrimPrefix(k.Name, "params.")
		if s := c.settings[k.slot]; s.at != nil && param.Find(e.kind.Params, name) != nil {
			given[name] = s.value
		}
	}
	params, errs := e.kind.Complete(given)
	if len(errs) > 0 {
		for _, err := range errs {
			r.atParam(c, err)
		}
		return false
	}
	text := canonicalParams(e.kind, params, nil)
	key := e.kind.Name + text
	in, ok := r.suite.instances[key]
	if !ok {
		in = &instance{kind: e.kind, params: params, text: text}
		var err error
		if in.shared, err = gfn.NewInstance(e.kind.Name, params); err != nil {
			r.atParam(c, err)
		} else {
			in.actual = r.actual(in)
		}
		r.suite.instances[key] = in
	}
	c.instance = in
	if c.settings[keyFrom.slot].at == nil {
		c.settings[keyFrom.slot] = newSetting(keyFrom, param.Of(in.sides()), nil)
	}
	return in.shared != nil
}

// actual returns the settings of the parameters whose values in the instance
// differ from the values given: counts taken from data, and values without effect.
func (r *reader) actual(in *instance) map[int]*setting {
	settings := make(map[int]*setting)
	actual := env.Actual(in.shared.Env, in.params)
	for _, k := range r.suite.slots[len(cellKeys):] {
		name, ok := strings.CutPrefix(k.Name, "params.")
		if ok && actual[name] != in.params[name] {
			settings[k.slot] = newSetting(k, actual[name], nil)
		}
		if k.Name == param.Instance {
			settings[k.slot] = newSetting(k, actual[instanceSeed], nil)
		}
	}
	return settings
}

// atParam reports a parameter that the environment cannot take, at the place
// where the suite gives it.
func (r *reader) atParam(c *config, err error) {
	n := c.environment.at
	if pe, ok := errors.AsType[*param.Error](err); ok {
		if given := c.environment.nodes[pe.Param]; given != nil {
			n = given
		}
		if k := keyOf(r.suite.slots, "params."+pe.Param); k != nil && c.settings[k.slot].at != nil {
			n = c.settings[k.slot].at
		}
	}
	r.at(n, "%v (environment %s)", err, c.environment.name)
}

// canonicalParams writes the parameters that are not at their default, by name.
// If keep is not nil it writes only those for which keep holds.
func canonicalParams(k *env.Kind, p param.Values, keep func(name string) bool) string {
	list := make([]string, 0, len(k.Params))
	for _, d := range k.Params {
		list = append(list, d.Name)
	}
	slices.Sort(list)
	b := []byte{'{'}
	for _, name := range list {
		v, ok := p[name]
		d := param.Find(k.Params, name)
		if !ok || keep != nil && !keep(name) || v == d.Default {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, param.Of(name).Canonical()...)
		b = append(b, ':')
		b = append(b, v.Canonical()...)
	}
	return string(append(b, '}'))
}

// canonical writes the parameters for which keep holds.
func (in *instance) canonical(keep func(name string) bool) string {
	return canonicalParams(in.kind, in.params, keep)
}
