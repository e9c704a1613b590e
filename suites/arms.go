package suites

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// arms groups the expanded configs by arm, and checks that the settings of each arm can
// be compared.
func (r *reader) arms() {
	s, t := r.suite, r.suite.Tune
	if t == nil || s.Columns == nil {
		return
	}
	at := make(map[string]*Arm)
	same := make(map[string]*Setting) // settings of several instances are one
	for _, x := range r.settings {
		c := slices.Concat(x.Tuning, x.Test)[0]
		key, text := Label(t.Arms, c.Value), s.withoutInstance(c.config)
		if at[key] == nil {
			at[key] = &Arm{Chosen: -1}
			s.Arms = append(s.Arms, at[key])
		}
		if other := same[text]; other != nil {
			other.Tuning, other.Test = append(other.Tuning, x.Tuning...), append(other.Test, x.Test...)
			continue
		}
		same[text] = x
		at[key].Settings = append(at[key].Settings, x)
	}
	n := r.root.Field("tune")
	for _, a := range s.Arms {
		if !r.whole(a, n) || !r.comparable(a, n) || !r.rankable(a, n) {
			return
		}
		for _, c := range a.Settings[0].Test {
			a.open = append(a.open, &Cell{ID: hashID(append([]byte("undecided "), c.Canonical()...)), Seed: c.Seed, Role: Test, Undecided: true, config: c.config, arm: a})
		}
	}
	r.budgets(n)
	r.untried(n)
	before := len(s.Cells)
	s.Choose(func(int, *Arm) int { return -1 })
	s.Count.Test = len(s.Cells) - before
}

// withoutInstance returns the text of a config without its instance, if its environment
// has several.
func (s *Suite) withoutInstance(c *config) string {
	text := []byte(c.environment.name)
	for slot, k := range s.slots {
		if k.role == manages && k != keySeeds || s.saidByInstance(k) || k.Name == param.Instance {
			continue
		}
		text = append(text, 0)
		text = append(text, c.settings[slot].text...)
	}
	return string(text)
}

// whole reports whether all settings of an arm have tuning cells and test cells.
func (r *reader) whole(a *Arm, n *document.Node) bool {
	for _, x := range a.Settings {
		if len(x.Tuning) != len(a.Settings[0].Tuning) || len(x.Test) != len(a.Settings[0].Test) || len(x.Tuning) == 0 || len(x.Test) == 0 {
			cells := slices.Concat(x.Tuning, x.Test, a.Settings[0].Tuning, a.Settings[0].Test)
			r.at(n, "the settings of %s have different cells, of which an [[exclude]] leaves out some: leave out whole settings, or arms", Label(r.suite.Tune.Arms, cells[0].Value))
			return false
		}
	}
	return true
}

// comparable reports whether the settings of an arm can be compared: they differ
// in nothing that changes the target, what is measured, or how long they are trained.
func (r *reader) comparable(a *Arm, n *document.Node) bool {
	first := a.Settings[0].Tuning[0].config
	for _, x := range a.Settings {
		c := x.Tuning[0].config
		name := ""
		for slot, k := range r.suite.slots {
			sets := k.role == shows || k == keySteps || k == keyRootSeed || k == keySeeds || slot >= len(cellKeys) && k.role != describes && !r.suite.saidByInstance(k)
			if sets && c.settings[slot].text != first.settings[slot].text {
				name = k.Name
				break
			}
		}
		if c.environment != first.environment {
			name = "environment"
		}
		if name != "" {
			r.at(n, "the settings of %s differ in %s, so one value of the metric says something else than another: tell them apart with arms = [%q, ...], or give all the same", r.armName(a), name, name)
			return false
		}
	}
	seeds := first.value(keySeeds).Ints()
	for i, seed := range r.suite.Tune.Seeds {
		if slices.Contains(seeds, seed) {
			r.at(n.Field("seeds").Items[i], "seed %d is one of [run] too, on %s: a setting chosen on a seed looks better there than it is. Take others, such as [1000, 1001, 1002]", seed, r.armName(a))
			return false
		}
	}
	return true
}

// rankable reports whether the metric ranks the settings of an arm: it has a
// direction, is defined, and is evaluated at each rung.
func (r *reader) rankable(a *Arm, n *document.Node) bool {
	t, c := r.suite.Tune, a.Settings[0].Tuning[0]
	name := t.Metric.Of(c.EnvironmentName())
	at := n.Field("metric")
	if e := at.Field(c.EnvironmentName()); e != nil {
		at = e
	}
	cells := make([]*Cell, len(a.Settings))
	for i, x := range a.Settings {
		cells[i] = x.Tuning[0]
	}
	if why := unranked(name, cells); why != "" {
		r.at(at, "metric %q cannot rank the settings of %s: %s", name, r.armName(a), why)
		return false
	}
	return t.Eta == 0 || r.evaluated(a, n.Field("halving").Field("rungs"))
}

// untried warns about arms whose default setting should be trained to its end but is not
// among those tried.
func (r *reader) untried(n *document.Node) {
	if !r.suite.Tune.Default {
		return
	}
	for _, a := range r.suite.Arms {
		if a.Default() < 0 {
			at := n.Field("default")
			r.suite.Warnings = append(r.suite.Warnings, n.Source.Problem(at.At, at.Path(), fmt.Sprintf("the default setting of %s is not among those that it tries: add a [[grid]] of it without hyperparameters", r.armName(a))))
			return
		}
	}
}

// budgets rejects arms that try more than the budget, and warns about those that try
// fewer settings than others.
func (r *reader) budgets(n *document.Node) {
	most := r.suite.Tune.Budget
	for _, a := range r.suite.Arms {
		if b := r.suite.Tune.Budget; b > 0 && len(a.Settings) > b {
			r.at(n.Field("budget"), "%s has %d settings: expected at most %d; draw so many with a [[sample]]", r.armName(a), len(a.Settings), b)
			return
		}
		most = max(most, len(a.Settings))
	}
	var fewer []string
	for _, a := range r.suite.Arms {
		if len(a.Settings) < most {
			fewer = append(fewer, fmt.Sprintf("%s %d", r.armName(a), len(a.Settings)))
		}
	}
	if len(fewer) > 0 {
		const shown = 8
		if rest := len(fewer) - shown; rest > 0 {
			fewer = append(fewer[:shown], fmt.Sprintf("%d more", rest))
		}
		p := n.Source.Problem(n.At, n.Path(), fmt.Sprintf("arms try unequal numbers of settings, which favours those that try more: %d, but %s", most, strings.Join(fewer, ", ")))
		r.suite.Warnings = append(r.suite.Warnings, p)
	}
}

// armName names an arm by its values.
func (r *reader) armName(a *Arm) string { return r.suite.ArmLabel(a) }

// ArmLabel names an arm by the values of [Tune.Arms], joined by "/", without those
// that do not apply.
func (s *Suite) ArmLabel(a *Arm) string {
	var parts []string
	for _, column := range s.Tune.Arms {
		if v := a.Settings[0].Tuning[0].Value(column); !v.IsNull() {
			parts = append(parts, Format(v))
		}
	}
	return strings.Join(parts, "/")
}
