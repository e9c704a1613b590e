package suites

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// A rule is an [[exclude]], an [[override]] or a --set.
type rule struct {
	at      *document.Node
	match   *Selector
	set     []change
	force   bool // a --set: it may change axes
	matched bool
}

// A change is one key of an override with its new value.
type change struct {
	key *Key
	to  *setting
}

func (r *reader) readRules() {
	for _, n := range r.tables("exclude") {
		v := r.section(excludeSection, n, nil)
		if f := v.nodes["match"]; f != nil {
			r.excludes = append(r.excludes, &rule{at: n, match: r.selector(f)})
		}
	}
	for _, n := range r.tables("override") {
		v := r.section(overrideSection, n, nil)
		match := v.nodes["match"]
		if match == nil {
			continue
		}
		o := &rule{at: n, match: r.selector(match)}
		if set := v.nodes["set"]; set != nil && r.table(set) {
			o.set = r.changes(set, "set")
		}
		r.overrides = append(r.overrides, o)
	}
}

// keyNames returns the keys that cells can be given.
func (r *reader) keyNames() []string {
	return names(slices.DeleteFunc(slices.Clone(r.suite.slots), func(k *Key) bool { return k.role == describes }))
}

// changes reads a table of [run] keys and params.*.
func (r *reader) changes(n *document.Node, where string) []change {
	var list []change
	known := r.keyNames()
	r.flatten(n, where, known, func(name string, f *document.Node) {
		k := keyOf(r.suite.slots, name)
		switch {
		case slices.Contains(axisKeys, k):
			r.atKey(f, "%s is an axis: %s", name, axisHint(where, name))
		case k == keyPair && where != "--set":
			r.atKey(f, "pair belongs in [run]: it holds for the whole suite")
		default:
			if v, ok := r.decode(k, f); ok {
				list = append(list, change{k, newSetting(k, r.resolve(k, v, f), f)})
			}
		}
	})
	return list
}

// axisHint says what to do with an axis in a place where it is not allowed.
func axisHint(where, name string) string {
	if where == "--set" {
		return fmt.Sprintf("-f %s=VALUE chooses cells, and --set grid.1.%s=[...] changes a list", name, name)
	}
	return "it belongs in a [[grid]]"
}

// override applies the overrides to the current settings; c is their normal
// form. It returns the new config and whether there is one.
func (x *expansion) override(c *config) (final *config, changed, problem bool) {
	raw, remade := x.config, false
	for _, rule := range slices.Concat(x.overrides, x.sets) {
		if !rule.match.matches(c, -1) {
			continue
		}
		rule.matched = true
		for _, ch := range rule.set {
			if a := x.axis(ch.key); a != nil && !rule.force {
				x.at(ch.to.at, "%s is an axis of %s: an override would make its cells equal", ch.key.Name, x.grid.header)
				return nil, false, true
			}
			if ch.key.Name == "params."+instanceSeed && len(c.environment.drawn) > 0 && !rule.force {
				x.at(ch.to.at, "[environment.%s] draws its instances: an override of their seed would make its cells equal", c.environment.name)
				return nil, false, true
			}
			if !c.takes(ch.key) && ch.key.slot >= len(cellKeys) {
				continue
			}
			if !changed {
				raw.settings = slices.Clone(raw.settings)
			}
			changed = true
			raw.settings[ch.key.slot] = ch.to
			remade = remade || ch.key.slot >= len(cellKeys)
		}
	}
	if remade && !x.makeInstance(&raw) { // make it from all parameters together: one may need another
		return nil, false, true
	}
	if changed {
		raw.normalise()
	}
	return &raw, changed, false
}

// axis returns the axis of the current grid for that key, or nil.
func (x *expansion) axis(k *Key) *gridAxis {
	for _, a := range x.grid.axes {
		if a.key == k {
			return a
		}
	}
	return nil
}

// refuse reports what in a config cannot be run, and why.
func (x *expansion) refuse(c *config) bool {
	before := len(x.problems)
	caps := c.instance.shared.Env.Capabilities()
	cv := c.text(keyControlVariate)
	objectiveAt := c.settings[keyObjective.slot].at
	environment := fmt.Sprintf("environment %s (%s)", c.environment.name, c.environment.kind.Name)
	at := func(k *Key) *document.Node {
		if n := c.settings[k.slot].at; n != nil {
			return n
		}
		return objectiveAt
	}
	// The objective and the policy against the environment.
	if c.objective.NeedsFlows && caps.Continuous {
		x.at(objectiveAt, "%s: state flows are not defined for the continuous %s: leave it out with an [[exclude]]", c.objective.Name, environment)
	}
	if kinds := c.environment.kind.Policies; !slices.Contains(kinds, c.text(keyPolicyKind)) {
		x.at(at(keyPolicyKind), "policy.kind is %q, but %s takes %s: set policy = { kind = %q } in [environment.%s]",
			c.text(keyPolicyKind), environment, strings.Join(kinds, ", "), kinds[0], c.environment.name)
	} else if e, ok := c.instance.shared.Env.(interface{ CheckPolicy(kind string) error }); ok {
		if err := e.CheckPolicy(c.text(keyPolicyKind)); err != nil {
			x.at(at(keyPolicyKind), "policy.kind: %v", err)
		}
	}
	if err := (gfn.Policy{Kind: c.text(keyPolicyKind), Hidden: c.value(keyHidden).Ints()}).Check(); err != nil {
		x.at(at(keyHidden), "policy.hidden: %v", err)
	}
	if c.value(keyAnchors) == param.Of(0.0) && c.text(keyOutputInit) == "zero" && c.int(keyComponents) > 1 {
		x.at(at(keyAnchors), "policy.anchors is 0 and policy.output_init is zero: the %d components would start equal and stay equal. Set policy.output_init = \"torch\"", c.int(keyComponents))
	}
	// What "exact" needs.
	if word, _, _ := start(c.text(keyLogZInit)); word == "exact" && !caps.LogZ.OK {
		x.at(at(keyLogZInit), "optimizer.log_z_init is \"exact\", but %s has no exact log Z: %s", environment, caps.LogZ.Why)
	}
	if c.text(keyEvalMode) == "exact" {
		if can := x.enumerable(c); !can.OK {
			x.at(at(keyEvalMode), "eval.mode is \"exact\", but %s cannot be enumerated: %s", environment, can.Why)
		}
	}
	// The control variate and the batch against the objective.
	if c.text(keyBackward) == "learned" {
		if why := c.objective.RefuseBackward(cv); why != "" {
			x.at(at(keyBackward), "backward is \"learned\", but %s cannot train a backward policy: %s", c.objective.Name, why)
		}
	}
	if least := c.objective.MinBatch(cv); c.int(keyBatch) < least {
		what := c.objective.Name
		if cv != "" {
			what += " with control variate " + cv
		}
		x.at(at(keyBatch), "batch is %d, but %s needs at least %d", c.int(keyBatch), what, least)
	}
	if err := c.checkObjective(); err != nil {
		x.at(objectiveAt, "%v", err)
	}
	return len(x.problems) > before
}

// enumerable says whether exact evaluation is possible within eval.max_states.
func (x *expansion) enumerable(c *config) env.Capability {
	if c.continuous() {
		return c.instance.shared.Env.Capabilities().Enumerable
	}
	return c.instance.shared.Enumerable(c.int(keyMaxStates))
}

func (c *config) checkObjective() error {
	_, err := c.objective.Make(c.objectiveSpec())
	return err
}
