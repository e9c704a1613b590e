package suites

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// Tune asks for tuning. The settings of each arm are trained on seeds of their
// own, and the best of them, on the seeds of [run], is what the suite's tables,
// claims and figures are about. Package gfnbench/tuning chooses it from results.
type Tune struct {
	Metric Metric   // by which settings are ranked, by environment
	Stat   string   // of its curve: final, best or auc
	Arms   []string // columns that tell arms apart; whatever else varies is tuned
	Seeds  []int    // of the tuning cells
	Budget int      // settings that an arm may try; 0: any number
	Eta    int      // at each rung one setting in Eta goes on
	Rungs  []int    // steps at which settings are ranked, ascending; nil: all are trained to the end
}

// A Role says what a cell is for.
type Role string

// The roles. Cells of a suite without [tune] have none.
const (
	Tuning Role = "tuning" // to choose a setting
	Test   Role = "test"   // to report the chosen one
)

// Roles lists the roles.
func Roles() []Role { return []Role{Tuning, Test} }

// An Arm is what a tuned suite compares: one combination of the values of
// [Tune.Arms], with the settings that are tried.
type Arm struct {
	Settings []*Setting // in the order of the suite
	Chosen   int        // the setting that is tested, -1 while that is not decided

	open []*Cell // stand for the test cells until then
}

// A Setting is one setting of an arm.
type Setting struct {
	Tuning []*Cell // one for each tuning seed and instance
	Test   []*Cell // one for each seed of [run] and instance: planned where the setting is chosen
}

// Tests returns the cells that test the arm. While its setting is not decided, they
// are stand-ins, which no result can have.
func (a *Arm) Tests() []*Cell {
	if a.Chosen < 0 {
		return a.open
	}
	return a.Settings[a.Chosen].Test
}

// Tuned returns the columns in which the settings of the arm differ, in the order
// of the suite's columns.
func (a *Arm) Tuned() (columns []string) {
	s := a.Settings[0].Tuning[0].suite
	for _, k := range s.slots {
		differs := func(x *Setting) bool {
			return x.Tuning[0].settings[k.slot].text != a.Settings[0].Tuning[0].settings[k.slot].text
		}
		if k.role != manages && slices.ContainsFunc(a.Settings, differs) {
			columns = append(columns, k.Name)
		}
	}
	return columns
}

// Default returns the index of the setting whose tuned values are those that cells have
// where no grid or sample says otherwise, -1 where it was not tried.
func (a *Arm) Default() int {
	tuned := a.Tuned()
	return slices.IndexFunc(a.Settings, func(x *Setting) bool {
		c := x.Tuning[0]
		return !slices.ContainsFunc(tuned, func(name string) bool {
			slot := c.suite.slotOf[name]
			return c.settings[slot].text != c.environment.settings[slot].text
		})
	})
}

// ByObjective reports whether a column says something of the cell's objective.
func (c *Cell) ByObjective(column string) bool {
	k := keyOf(axisKeys, column)
	return k != nil
}

// Choose sets the setting that each arm is tested with, -1 where it is not decided,
// and plans the test cells.
func (s *Suite) Choose(chosen func(i int, a *Arm) int) {
	if s.Tune == nil {
		return
	}
	s.Cells = s.Cells[:0:0]
	for _, a := range s.Arms {
		for _, x := range a.Settings {
			s.Cells = append(s.Cells, x.Tuning...)
		}
	}
	for i, a := range s.Arms {
		a.Chosen = chosen(i, a)
		s.Cells = append(s.Cells, a.Tests()...)
	}
}

// Undecided is the number of arms whose setting is not chosen yet.
func (s *Suite) Undecided() (n int) {
	for _, a := range s.Arms {
		if a.Chosen < 0 {
			n++
		}
	}
	return n
}

func (r *reader) readTune() {
	n := r.root.Field("tune")
	if n == nil {
		return
	}
	v := r.section(tuneSection, n, nil)
	t := &Tune{Metric: r.metric(v, n), Stat: v.text("stat"), Arms: v.list("arms"), Seeds: v.ints("seeds"), Budget: v.int("budget")}
	r.columns(n.Field("arms"), t.Arms)
	if i := slices.Index(t.Arms, "seed"); i >= 0 {
		r.at(n.Field("arms").Items[i], "seed is no part of an arm: an arm is compared over its seeds")
	}
	for i, seed := range t.Seeds {
		if slices.Contains(t.Seeds[:i], seed) {
			r.at(n.Field("seeds").Items[i], "seed %d is there twice", seed)
		}
	}
	if h := v.nodes["halving"]; h != nil && r.table(h) {
		v := r.section(halvingSection, h, nil)
		t.Eta, t.Rungs = v.int("eta"), v.ints("rungs")
		for i, step := range t.Rungs {
			if i > 0 && step <= t.Rungs[i-1] {
				r.at(h.Field("rungs").Items[i], "rungs: expected ascending steps, got %d after %d", step, t.Rungs[i-1])
			}
		}
	}
	r.suite.Tune = t
}

// refusePrune says what takes the place of [prune], which version 0.1.0 had.
func (r *reader) refusePrune(n *document.Node) {
	value := func(key, otherwise string) string {
		f := n.Field(key)
		switch {
		case f == nil:
			return otherwise
		case f.Kind != document.Array:
			return f.Describe()
		}
		var items []string
		for _, item := range f.Items {
			items = append(items, item.Describe())
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	r.atKey(n, `[prune] is no more: it ranked the cells of each seed by themselves, objectives against each other. [tune] ranks the settings of each objective over seeds of their own: write [tune] with metric = %s, seeds = [1000, 1001, 1002] and halving = { eta = %s, rungs = %s }`,
		value("metric", `"l1"`), value("eta", "3"), value("rungs", "[100, 300]"))
}

// arms groups what the grids expand to by arm, and checks that the settings of each
// can be compared.
func (r *reader) arms() {
	s, t := r.suite, r.suite.Tune
	if t == nil || s.Columns == nil {
		return
	}
	at := make(map[string]*Arm)
	same := make(map[string]*Setting) // settings of several instances are one
	for _, x := range r.settings {
		c := x.Tuning[0]
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
		if !r.comparable(a, n) || !r.rankable(a, n) {
			return
		}
		for _, c := range a.Settings[0].Test {
			a.open = append(a.open, &Cell{ID: hashID(append([]byte("undecided "), c.Canonical()...)), Seed: c.Seed, Role: Test, Undecided: true, config: c.config})
		}
	}
	r.budgets(n)
	before := len(s.Cells)
	s.Choose(func(int, *Arm) int { return -1 })
	s.Count.Test = len(s.Cells) - before
}

// withoutInstance returns the text of a config but for which of several instances of
// its environment it has.
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
	m, ok := metric.Lookup(name)
	at := n.Field("metric")
	if e := at.Field(c.EnvironmentName()); e != nil {
		at = e
	}
	why := ""
	switch info := m.Info(); {
	case !ok:
		why = "the environment has no metric here: add it, or a default"
	case info.Source == metric.Timing:
		why = "it depends on the machine"
	case info.Source != metric.Evaluation:
		why = "it is no metric of the curves"
	case info.Better == metric.NoBetter:
		why = "neither greater nor lower values are better"
	}
	for _, x := range a.Settings {
		if why != "" {
			break
		}
		defined, err := gfn.Defined(x.Tuning[0].Spec(), c.Instance(), m)
		if err != nil {
			why = err.Error()
		} else if !defined {
			why = "it is not measured there"
		}
	}
	if why != "" {
		r.at(at, "metric %q cannot rank the settings of %s: %s", name, r.armName(a), why)
		return false
	}
	for i, rung := range t.Rungs {
		node := n.Field("halving").Field("rungs").Items[i]
		every, steps := c.int(keyEvalEvery), c.int(keySteps)
		switch {
		case rung >= steps:
			r.at(node, "rungs: %s takes %d steps: expected less", r.armName(a), steps)
		case rung%every != 0:
			r.at(node, "rungs: %s is not evaluated at step %d, but every %d steps: expected one of those, such as %d, or eval_every = %d", r.armName(a), rung, every, max(1, rung/every)*every, rung)
		default:
			continue
		}
		return false
	}
	return true
}

// budgets refuses arms that try more than the budget, and warns of those that try
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
