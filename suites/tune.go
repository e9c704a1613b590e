package suites

import (
	"slices"
	"strings"

	"gfnbench/suites/document"
)

// Tune asks for tuning. The settings of each arm are trained on separate seeds, and the
// best is trained on the seeds of [run] for the suite's tables, claims and figures.
// Package gfnbench/tuning chooses it from results.
type Tune struct {
	Metric Metric   // ranks the settings, by environment
	Stat   string   // of the metric's curve: final, best or auc
	Arms   []string // columns that distinguish arms; whatever else varies is tuned
	Seeds  []int    // of the tuning cells
	// Instances are the instance seeds of the tuning cells in environments that draw
	// several; nil means those of the environment.
	Instances []int
	// Default says that the default setting of each arm is trained to its end even if
	// halving cuts it, so it can be compared with the chosen one.
	Default bool
	Budget  int   // settings that an arm may try; 0: any number
	Eta     int   // at each rung one setting in Eta continues; 0: all are trained to the end
	Rungs   Rungs // steps at which settings are ranked
}

// A Role says what a cell is for.
type Role string

// Roles of cells. Cells of a suite without [tune] have none.
const (
	Tuning Role = "tuning" // to choose a setting
	Test   Role = "test"   // to report the chosen one
)

// Roles lists the roles.
func Roles() []Role { return []Role{Tuning, Test} }

// An Arm is one of the things that a tuned suite compares: one combination of the values
// of [Tune.Arms], with the settings to try.
type Arm struct {
	Settings []*Setting // in the order of the suite
	Chosen   int        // index of the setting to test; -1 until it is decided

	open []*Cell // stand-ins for the test cells until then
}

// A Setting is one setting of an arm.
type Setting struct {
	Tuning []*Cell // one for each tuning seed and instance
	Test   []*Cell // one for each seed of [run] and instance, planned if the setting is chosen
}

// Tests returns the test cells of the arm. Until its setting is decided they are
// stand-ins, which no result can have.
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

// Default returns the index of the setting whose tuned values are the defaults that cells
// have without a grid or sample, or -1 if it was not tried.
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

// ByObjective reports whether a column describes the cell's objective.
func (c *Cell) ByObjective(column string) bool {
	k := keyOf(axisKeys, column)
	return k != nil
}

// Choose sets the setting with which each arm is tested, -1 if it is not decided, and
// plans the test cells.
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

// Undecided returns the number of arms whose setting is not chosen yet.
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
	t := &Tune{Metric: r.metric(v, n), Stat: v.text("stat"), Arms: v.list("arms"), Seeds: v.ints("seeds"), Instances: v.ints("instances"), Default: v.settings["default"].Bool(), Budget: v.int("budget")}
	r.columns(n.Field("arms"), t.Arms)
	if i := slices.Index(t.Arms, "seed"); i >= 0 {
		r.at(n.Field("arms").Items[i], "seed is no part of an arm: an arm is compared over its seeds")
	}
	for key, list := range map[string][]int{"seeds": t.Seeds, "instances": t.Instances} {
		for i, seed := range list {
			if slices.Contains(list[:i], seed) {
				r.at(n.Field(key).Items[i], "%s %d is there twice", strings.TrimSuffix(key, "s"), seed)
			}
		}
	}
	if len(t.Instances) > 0 {
		r.tuningInstances(n.Field("instances"), t.Instances)
	}
	if h := v.nodes["halving"]; h != nil && r.table(h) {
		v := r.section(halvingSection, h, nil)
		t.Eta, t.Rungs = v.int("eta"), r.rungs(h.Field("rungs"))
	}
	r.suite.Tune = t
}

// refusePrune says what replaces [prune], which version 0.1.0 had.
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
