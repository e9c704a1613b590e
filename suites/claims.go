package suites

import (
	"maps"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// claimKeys are the keys that each test needs, besides a and metric.
var claimKeys = map[string][]string{
	"better": {"b"}, "no-worse": {"b", "margin"}, "equal": {"b", "margin"}, "ratio": {"b", "at_least"}, "value": {"value", "tolerance"},
	"rank": {"b"}, "beaten": {"b"}, "none": {"why"},
}

// testKeys are the keys that belong to some tests only.
var testKeys = []string{"b", "effect", "margin", "at_least", "value", "tolerance", "at_most", "passes", "why"}

// optionalKeys are those of a test that may be left out.
var optionalKeys = map[string][]string{
	"better": {"passes", "effect"}, "no-worse": {"passes"}, "equal": {"passes"}, "ratio": {"passes"}, "rank": {"at_most", "effect"}, "beaten": {"effect"},
}

func (r *reader) readClaims() {
	seen := make(map[string]bool)
	for _, n := range r.tables("claim") {
		v := r.section(claimSection, n, nil)
		c := &Claim{
			ID: v.text("id"), Text: v.text("text"), Where: v.text("where"), Test: v.text("test"), Why: v.text("why"), Paper: v.text("paper"),
			Stat: v.text("stat"), Threshold: v.number("threshold"), Over: v.text("over"),
			AtLeast: v.float("at_least"), Value: v.float("value"), AtMost: v.int("at_most"), Passes: v.int("passes"),
		}
		before := len(r.problems)
		c.Effect, c.Margin, c.Tolerance = r.size(v, "effect"), r.size(v, "margin"), r.size(v, "tolerance")
		r.unique(seen, n, "id", c.ID)
		c.Metric = r.metric(v, n)
		extra := []string{"seed"}
		if c.OfVariance() {
			extra = append(extra, "step")
		}
		c.A, c.B, c.On = r.optionalSelector(v, "a", extra...), r.optionalSelector(v, "b", extra...), r.optionalSelector(v, "on", extra...)
		c.Readings = r.readings(v, c)
		r.threshold(n, c.Stat, c.Threshold)
		r.claimKeys(n, c.Test)
		r.suite.Claims = append(r.suite.Claims, c)
		switch {
		case before < len(r.problems) || !r.expanded() || c.Test == "none":
		case c.OfVariance():
			r.varianceSides(c, n)
		default:
			r.sides(c, n)
		}
	}
}

// OfVariance reports whether the claim is about the gradient variance. Its
// selectors then choose among the rows of [variance], whose columns are
// environment, objective, alpha, a, control_variate, batch, step and seed.
func (c *Claim) OfVariance() bool {
	m, ok := metric.Lookup(c.Metric.Default)
	return ok && m.Info().Source == metric.Variance
}

// claimKeys checks that a claim has the keys of its test and no others.
func (r *reader) claimKeys(n *document.Node, test string) {
	needed, ok := claimKeys[test]
	if !ok {
		return
	}
	if test != "none" {
		needed = append([]string{"a", "metric"}, needed...)
	}
	for _, key := range needed {
		if n.Field(key) == nil {
			r.at(n.Field("test"), "test = %q needs the key %s: %s", test, key, keyOf(claimSection.Keys, key).Doc)
		}
	}
	for _, f := range n.Fields {
		if slices.Contains(testKeys, f.Key) && !slices.Contains(needed, f.Key) && !slices.Contains(optionalKeys[test], f.Key) {
			r.atKey(f, "%s does not belong to test = %q", f.Key, test)
		}
	}
}

// sides checks that each member of each side has cells, and that they differ
// only in the seed.
func (r *reader) sides(c *Claim, n *document.Node) {
	if !r.listed(c, n.Field("on"), c.On, nil) || !r.listed(c, n.Field("a"), c.A, c.On) || !r.listed(c, n.Field("b"), c.B, c.On) {
		return
	}
	for _, on := range r.suite.Members(c.On, nil) {
		r.readingSides(c, n, on)
		if c.Readings != nil {
			continue
		}
		for _, member := range r.side(c, n.Field("a"), c.A, on) {
			if c.B != nil {
				r.side(c, n.Field("b"), c.Versus(member), on)
			}
		}
	}
}

// listed checks that each value in a selector's lists has cells.
func (r *reader) listed(c *Claim, n *document.Node, s, on *Selector) bool {
	if s == nil {
		return true
	}
	for i, k := range s.Conditions {
		for _, part := range k.parts() {
			one := &Selector{slices.Clone(s.Conditions)}
			one.Conditions[i] = part
			if len(r.suite.Select(one.And(on))) == 0 {
				r.at(n, "claim %s: no cell matches %s", c.ID, one.And(on))
				return false
			}
		}
	}
	return true
}

// side checks one side of a claim and returns its members.
func (r *reader) side(c *Claim, n *document.Node, s, on *Selector) []*Selector {
	members := r.suite.Members(s, on)
	if len(members) == 0 {
		r.at(n, "claim %s: no cell matches %s", c.ID, s.And(on))
		return nil
	}
	for _, m := range members {
		cells := r.suite.Select(m.And(on))
		for _, cell := range cells[1:] {
			if axis := r.suite.differ(cells[0], cell, c.Over); axis != "" {
				r.at(n, "claim %s: the cells of %s differ in %s: choose with %q = ...; only %s are pooled%s", c.ID, m.And(on), axis, axis, c.Over, orOver(axis))
				return nil
			}
		}
		if why := r.suite.fewInstances(cells, c.Over); why != "" {
			r.at(n, "claim %s: %s", c.ID, why)
			return nil
		}
	}
	return members
}

// varianceSides checks that each member of each side of a claim is one row of
// the gradient variance per seed.
func (r *reader) varianceSides(c *Claim, n *document.Node) {
	rows := r.suite.varianceRows()
	check := func(n *document.Node, s *Selector) bool {
		var match []param.Values
		for _, row := range rows {
			if s.MatchesRow(func(column string) param.Value { return row[column] }) {
				match = append(match, row)
			}
		}
		if len(match) == 0 {
			r.at(n, "claim %s: [variance] does not measure %s", c.ID, s)
			return false
		}
		for _, row := range match[1:] {
			for _, column := range varianceColumns() {
				pooled := column == param.Instance && c.Over == OverInstances
				if row[column] != match[0][column] && !pooled {
					r.at(n, "claim %s: the rows of %s differ in %s: choose with %s = ...; only %s are pooled%s", c.ID, s, column, column, c.Over, orOver(column))
					return false
				}
			}
		}
		return true
	}
	for _, on := range c.On.Members() {
		for _, member := range c.A.Members() {
			if !check(n.Field("a"), member.And(on)) {
				return
			}
			for _, b := range c.Versus(member).Members() {
				if c.B != nil && !check(n.Field("b"), b.And(on)) {
					return
				}
			}
		}
	}
}

// varianceColumns returns the columns of the gradient variance except the seed.
func varianceColumns() []string {
	return slices.Concat([]string{"environment", param.Instance}, names(axisKeys), []string{"batch", "step"})
}

// varianceRows returns the rows that [variance] asks for.
func (s *Suite) varianceRows() []param.Values {
	if s.Variance == nil {
		return nil
	}
	var rows []param.Values
	for _, c := range s.Cells {
		if !s.Variance.measures(c.config) {
			continue
		}
		for _, o := range s.Variance.Objectives {
			for _, batch := range s.Variance.Batches {
				for _, step := range s.Variance.Steps {
					row := maps.Clone(o.Params)
					if row == nil {
						row = make(param.Values)
					}
					row["environment"], row["seed"], row[param.Instance] = param.Of(c.environment.name), param.Of(c.Seed), c.Value(param.Instance)
					row["objective"], row["batch"], row["step"] = param.Of(o.Name), param.Of(batch), param.Of(step)
					if o.ControlVariate != "" {
						row["control_variate"] = param.Of(o.ControlVariate)
					}
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}
