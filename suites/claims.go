package suites

import "slices"

// claimKeys are the keys that each test needs, besides a and metric.
var claimKeys = map[string][]string{
	"better": {"b"}, "equal": {"b", "margin"}, "ratio": {"b", "at_least"}, "value": {"value", "tolerance"}, "rank": {"b"}, "none": {"why"},
}

// testKeys are the keys that belong to some tests only.
var testKeys = []string{"b", "margin", "at_least", "value", "tolerance", "at_most", "why"}

func (r *reader) readClaims() {
	seen := make(map[string]bool)
	for _, n := range r.tables("claim") {
		v := r.section(claimSection, n, nil)
		c := &Claim{
			ID: v.text("id"), Text: v.text("text"), Where: v.text("where"), Test: v.text("test"), Why: v.text("why"), Paper: v.text("paper"),
			Stat: v.text("stat"), Threshold: v.number("threshold"),
			Margin: v.float("margin"), AtLeast: v.float("at_least"), Value: v.float("value"), Tolerance: v.float("tolerance"), AtMost: v.int("at_most"),
		}
		before := len(r.problems)
		r.unique(seen, n, "id", c.ID)
		c.A, c.B, c.On = r.optionalSelector(v, "a"), r.optionalSelector(v, "b"), r.optionalSelector(v, "on")
		c.Metric = r.metric(v, n)
		r.threshold(n, c.Stat, c.Threshold)
		r.claimKeys(n, c.Test)
		r.suite.Claims = append(r.suite.Claims, c)
		if before == len(r.problems) && r.expanded() && c.Test != "none" && !slices.Contains(VarianceMetrics, c.Metric.Default) {
			r.sides(c, n)
		}
	}
}

// claimKeys checks that a claim has the keys of its test and no others.
func (r *reader) claimKeys(n *node, test string) {
	needed, ok := claimKeys[test]
	if !ok {
		return
	}
	if test != "none" {
		needed = append([]string{"a", "metric"}, needed...)
	}
	for _, key := range needed {
		if n.field(key) == nil {
			r.at(n.field("test"), "test = %q needs the key %s: %s", test, key, keyOf(claimSection.Keys, key).Doc)
		}
	}
	for _, f := range n.fields {
		if slices.Contains(testKeys, f.key) && !slices.Contains(needed, f.key) && !(test == "rank" && f.key == "at_most") {
			r.atKey(f, "%s does not belong to test = %q", f.key, test)
		}
	}
}

// sides checks that each member of each side has cells, and that they differ in
// nothing but the seed.
func (r *reader) sides(c *Claim, n *node) {
	for _, on := range c.On.Members() {
		for _, member := range c.A.Members() {
			if !r.side(c, n.field("a"), member.And(on)) {
				return
			}
			if c.B == nil {
				continue
			}
			for _, b := range c.Versus(member).Members() {
				if !r.side(c, n.field("b"), b.And(on)) {
					return
				}
			}
		}
	}
}

func (r *reader) side(c *Claim, n *node, s *Selector) bool {
	cells := r.suite.Select(s)
	if len(cells) == 0 {
		r.at(n, "claim %s: no cell matches %s", c.ID, s)
		return false
	}
	for _, cell := range cells[1:] {
		if axis := r.suite.differ(cells[0], cell); axis != "" {
			r.at(n, "claim %s: the cells of %s differ in %s: choose with %q = ...; only seeds are pooled", c.ID, s, axis, axis)
			return false
		}
	}
	return true
}
