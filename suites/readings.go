package suites

import (
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// readings reads the part of a claim that lists what the paper leaves open.
func (r *reader) readings(v values, c *Claim) *Selector {
	n := v.nodes["readings"]
	if n == nil {
		return nil
	}
	s := r.selector(n)
	for _, k := range s.Conditions {
		switch f := fieldOf(n, k.Column); {
		case !k.List || len(k.Values) < 2:
			r.at(f, "%s is not a choice: a reading is a list of at least two values", k.Column)
		case k.Column == param.Instance || k.Column == "environment" || k.Column == keyObjective.Name:
			r.atKey(f, "%s is not a reading of the paper: it belongs in a, b or on", k.Column)
		case c.A.Has(k.Column) || c.B.Has(k.Column) || c.On.Has(k.Column):
			r.atKey(f, "%s is chosen already by a, b or on", k.Column)
		}
	}
	if c.OfVariance() {
		r.at(n, "readings are for metrics of a run, not for those of the gradient's variance")
	}
	return s
}

// fieldOf returns the field of a dotted key, however it is written, or n itself if there
// is none.
func fieldOf(n *document.Node, column string) *document.Node {
	for _, f := range n.Fields {
		if f.Key == column {
			return f
		}
	}
	return n
}

// ReadingsOf returns the readings of a claim: the product of the values of its factors,
// the last varying fastest, or one that selects everything if it has none. A cell to
// which a factor does not apply is part of every reading.
func (c *Claim) ReadingsOf() []*Selector {
	list := c.Readings.Members()
	for _, reading := range list {
		for i := range reading.Conditions {
			k := &reading.Conditions[i]
			k.Values, k.texts = slices.Clone(k.Values), slices.Clone(k.texts)
			k.add(param.Value{})
		}
	}
	return list
}

// readingSides checks the sides of a claim in each of its readings.
func (r *reader) readingSides(c *Claim, n *document.Node, on *Selector) {
	if c.Readings == nil {
		return
	}
	for _, reading := range c.ReadingsOf() {
		where := on.And(reading)
		for _, member := range r.side(c, n.Field("a"), c.A, where) {
			if c.B != nil {
				r.side(c, n.Field("b"), c.Versus(member), where)
			}
		}
	}
}
