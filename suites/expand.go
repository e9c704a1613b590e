package suites

import (
	"slices"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// expand turns the grids into cells.
func (r *reader) expand() {
	s := r.suite
	for _, slot := range bySlotName(s.slots[:len(cellKeys)]) {
		if k := s.slots[slot]; k.role != manages {
			s.idOrder = append(s.idOrder, slot)
		}
	}
	x := &expansion{reader: r, ids: make(map[string]*Cell)}
	for _, g := range r.grids {
		x.expandGrid(g)
	}
	r.checkUsed()
	if v := s.Variance; v != nil {
		r.checkSteps(varianceSection.Name, "steps", v.On)
	}
}

// checkSteps reports the training steps of a section that none of its cells reaches.
func (r *reader) checkSteps(section, key string, on *Selector) {
	list := r.root.Field(section).Field(key)
	if list == nil || len(r.problems) > 0 || r.cellsSet {
		return
	}
	last := -1
	for _, c := range r.suite.Cells {
		if on.matches(c.config, c.Seed) {
			last = max(last, c.int(keySteps))
		}
	}
	for _, n := range list.Items {
		if step, _ := n.Integer(); last >= 0 && step > last {
			r.at(n, "%s of [%s] has %d, but the longest run there takes %d steps", key, section, step, last)
		}
	}
}

// bySlotName returns the slots of the keys in the order of the keys' names.
func bySlotName(keys []*Key) []int {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(keys[a].Name, keys[b].Name) })
	return order
}

// checkUsed reports rules that match nothing, and tries to make the
// environments that no grid uses.
func (r *reader) checkUsed() {
	for _, e := range r.environments {
		if !e.used && !e.broken {
			r.makeInstance(&config{suite: r.suite, environment: e, settings: e.settings})
		}
	}
	if len(r.problems) == 0 {
		r.checkApplies()
	}
	if len(r.problems) > 0 || r.cellsSet {
		return // rules that match nothing follow from that
	}
	for _, rule := range slices.Concat(r.excludes, r.overrides) {
		if !rule.matched {
			r.at(rule.at, "this [[%s]] matches no cell: %s", rule.at.Parent.Key, rule.match)
		}
	}
	if len(r.suite.Cells) == 0 && len(r.excludes) > 0 {
		r.at(r.excludes[len(r.excludes)-1].at, "no cell is left after the exclusions: nothing would run")
	}
}

// An expansion is the walk through one grid after another.
type expansion struct {
	*reader
	ids  map[string]*Cell
	body []byte
	text []byte

	grid   *grid
	point  int
	config config // the values assigned so far
	chosen []int  // index of the value of each axis; -1 if it does not apply
	count  int    // cells of the grid
	full   bool   // there are too many cells
}

// MaxCells is the largest number of cells. A larger grid is a mistake that
// would take all memory.
const MaxCells = 1_000_000

func (x *expansion) expandGrid(g *grid) {
	before := len(x.problems)
	x.grid, x.count = g, 0
	x.chosen = make([]int, len(g.axes))
	for _, e := range g.environments {
		e.used = true
		if e.broken || x.drawnTwice(g, e) {
			g.broken = true
			continue
		}
		for _, o := range g.objectives {
			kind := objective.Lookup(o.value.Text())
			if !x.complete(kind, o) {
				continue
			}
			for x.point = range max(g.points, 1) {
				for _, settings := range x.draws(e) {
					x.config = config{suite: x.suite, environment: e, objective: kind, settings: settings}
					x.config.settings[keyObjective.slot] = o
					x.assign(0)
				}
			}
		}
	}
	x.suite.Count.Grids = append(x.suite.Count.Grids, x.count)
	if g.broken = g.broken || len(x.problems) > before; !g.broken {
		x.unused(g)
	}
	if !g.broken && x.count == 0 {
		x.at(g.at, "this [[%s]] expands to nothing", g.at.Parent.Key)
	}
}

// complete reports whether the grid has what the objective needs.
func (x *expansion) complete(kind *objective.Kind, o *setting) bool {
	for _, p := range kind.Params {
		if p.Required && !slices.ContainsFunc(x.grid.axes, func(a *gridAxis) bool { return a.key.Name == p.Name }) {
			if x.grid.at.Field(p.Name) == nil { // otherwise its own problem is reported
				x.at(o.at, "%s needs %s: add %s = [%s] to this [[%s]]", kind.Name, p.Name, p.Name, p.Example.Canonical(), x.grid.at.Parent.Key)
			}
			return false
		}
	}
	i := slices.IndexFunc(x.grid.axes, func(a *gridAxis) bool { return a.key == keyControlVariate })
	switch {
	case i >= 0 && len(kind.ControlVariates) > 0 && !slices.ContainsFunc(x.grid.axes[i].values, func(s *setting) bool { return takes(kind, s) }):
		x.at(o.at, "%s takes the control variates %s, none of which is in this [[%s]]", kind.Name, strings.Join(kind.ControlVariates, ", "), x.grid.at.Parent.Key)
		return false
	}
	return true
}

func takes(kind *objective.Kind, cv *setting) bool {
	return slices.Contains(kind.ControlVariates, cv.value.Text())
}

// assign gives each axis from i on each of its values in turn.
func (x *expansion) assign(i int) {
	if x.full {
		return
	}
	axes := x.grid.axes
	c := &x.config
	params := i == len(axes) || axes[i].key.slot < len(cellKeys)
	if params && (i == 0 || axes[i-1].key.slot >= len(cellKeys)) && !x.makeInstance(c) {
		return
	}
	if i == len(axes) {
		x.leaf()
		return
	}
	a := axes[i]
	if !c.takes(a.key) {
		x.chosen[i] = -1
		x.assign(i + 1)
		return
	}
	old := c.settings[a.key.slot]
	for j, s := range a.values {
		if a.drawn && j != x.point || a.key == keyControlVariate && !takes(c.objective, s) {
			continue
		}
		x.chosen[i] = j
		c.settings[a.key.slot] = s
		x.assign(i + 1)
	}
	c.settings[a.key.slot] = old
}

// takes reports whether the key applies, given the settings before it.
func (c *config) takes(k *Key) bool {
	if name, ok := strings.CutPrefix(k.Name, "params."); ok {
		return param.Find(c.environment.kind.Params, name) != nil
	}
	return k.applies == nil || k.applies(c)
}

// leaf adds the cells of the current settings.
func (x *expansion) leaf() {
	c := x.config
	c.settings = slices.Clone(c.settings)
	c.normalise()
	// Note which values cells use.
	for i, j := range x.chosen {
		if j >= 0 && c.settings[x.grid.axes[i].key.slot] != absent {
			x.grid.axes[i].used[j] = true
		}
	}
	// Apply excludes and overrides.
	excluded := false
	for _, rule := range x.excludes {
		if rule.match.matches(&c, -1) {
			rule.matched, excluded = true, true
		}
	}
	changed := false
	if !excluded {
		final, ok, problem := x.override(&c)
		if problem {
			return
		}
		if changed = ok; ok {
			c = *final
		}
	}
	// Count the cells.
	seeds := c.value(keySeeds).Ints()
	n := len(seeds)
	if t := x.suite.Tune; t != nil {
		n = 0
		if tunes, _ := x.suite.roles(&c); tunes {
			n = len(t.Seeds)
		}
	}
	x.count += n
	if len(x.suite.Cells)+n > x.limit {
		x.full = true
		x.at(x.grid.at, "the suite expands to more than %d cells: split it", x.limit)
		return
	}
	switch {
	case excluded:
		x.suite.Count.Excluded += n
		return
	case changed:
		x.suite.Count.Overridden += n
	}
	if x.refuse(&c) {
		return
	}
	x.add(&c, seeds)
}

// add appends the config's cells, except those that exist already. With [tune] they
// become a setting: its tuning cells are planned, and its test cells once it is chosen.
func (x *expansion) add(c *config, seeds []int) {
	x.body = c.body(x.body[:0])
	t := x.suite.Tune
	if t == nil {
		x.suite.Cells = append(x.suite.Cells, x.cells(c, seeds, "")...)
		return
	}
	s := &Setting{}
	tunes, tests := x.suite.roles(c)
	if tunes {
		if s.Tuning = x.cells(c, t.Seeds, Tuning); len(s.Tuning) == 0 {
			return
		}
	}
	if tests {
		s.Test = x.cells(c, seeds, Test)
	}
	if len(s.Tuning)+len(s.Test) == 0 {
		return
	}
	x.suite.Cells = append(x.suite.Cells, s.Tuning...)
	x.reader.settings = append(x.reader.settings, s)
}

// cells makes the config's cells for the seeds, except those that exist already.
func (x *expansion) cells(c *config, seeds []int, role Role) (cells []*Cell) {
	for _, seed := range seeds {
		x.text = identify(x.text[:0], seed, x.body)
		id := hashID(x.text)
		if other, ok := x.ids[id]; ok {
			if string(other.Canonical()) != string(x.text) {
				x.at(x.grid.at, "two different cells have the id %s: choose another root_seed", id)
			}
			x.suite.Count.Duplicates++
			continue
		}
		cell := &Cell{ID: id, Seed: seed, Role: role, config: c}
		x.ids[id] = cell
		cells = append(cells, cell)
	}
	return cells
}

// loo is the control variate that replaces "paper" where the two are the same.
var loo = newSetting(keyControlVariate, param.Of(objective.LeaveOneOut), nil)

// normalise brings the settings into the one form that equal cells share: what
// does not apply is absent, and equal control variates have the same name.
func (c *config) normalise() {
	for slot, k := range cellKeys {
		if k.applies != nil && c.settings[slot] != absent && !k.applies(c) {
			c.settings[slot] = absent
		}
	}
	for slot, s := range c.instance.actual {
		c.settings[slot] = s
	}
	if c.float(keyExploration) == 0 {
		c.settings[keyImportance.slot] = absent
		if !c.objective.OffPolicy {
			c.settings[keyExploration.slot] = absent // the same as without weights
		}
	}
	if c.settings[keyPolicyKind.slot].text == c.environment.policy.text {
		c.settings[keyPolicyKind.slot] = c.environment.policy
	}
	if pad, ok := c.value(keyPad).Number(); ok && pad == float64(c.instance.shared.Env.(env.Sequential).Tokens()) {
		c.settings[keyPad.slot] = newSetting(keyPad, keyPad.Default, c.settings[keyPad.slot].at)
	}
	if s := c.settings[keyLogZSchedule.slot]; s != absent && s.text == c.settings[keySchedule.slot].text {
		c.settings[keyLogZSchedule.slot] = newSetting(keyLogZSchedule, keyLogZSchedule.Default, s.at)
	}
	if cv := c.settings[keyControlVariate.slot]; cv != absent && c.objective.Canonical(cv.value.Text()) != cv.value.Text() {
		c.settings[keyControlVariate.slot] = loo
	}
}

// unused reports values that nothing in the grid can take.
func (x *expansion) unused(g *grid) {
	for _, a := range g.axes {
		header := "[[" + g.at.Parent.Key + "]]"
		switch {
		case !slices.Contains(a.used, true) && a.key.When != "":
			x.atKey(a.at, "nothing in this %s takes %s: it applies to %s", header, a.key.Name, a.key.When)
		case !slices.Contains(a.used, true):
			x.atKey(a.at, "nothing in this %s takes %s", header, a.key.Name)
		case !a.drawn:
			for i, used := range a.used {
				if !used && !a.values[i].isDefault {
					x.at(a.values[i].at, "nothing in this %s takes %s = %s", header, a.key.Name, a.values[i].text)
				}
			}
		}
	}
}
