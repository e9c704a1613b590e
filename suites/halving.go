package suites

import (
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// Rungs are the steps at which successive halving ranks settings, ascending.
type Rungs struct {
	Default       []int            // for environments without separate rungs
	ByEnvironment map[string][]int // nil: Default everywhere
}

// Of returns the rungs of an environment.
func (r Rungs) Of(environment string) []int {
	if list, ok := r.ByEnvironment[environment]; ok {
		return list
	}
	return r.Default
}

// keyRungs is one list of rungs.
var keyRungs = &Key{Param: param.Param{Name: "rungs", Type: param.Ints, Range: param.Between(1, 1e9)}}

// rungs reads a list of rungs, or a table of them by environment.
func (r *reader) rungs(n *document.Node) (rungs Rungs) {
	if n != nil { // otherwise it is reported with the section
		rungs.Default, rungs.ByEnvironment = byEnvironment(r, n, r.rungList)
	}
	return rungs
}

func (r *reader) rungList(n *document.Node) []int {
	v, _ := r.decode(keyRungs, n)
	list := v.Ints()
	for i, step := range list {
		if i > 0 && step <= list[i-1] {
			r.at(n.Items[i], "rungs: expected ascending steps, got %d after %d", step, list[i-1])
		}
	}
	return list
}

// evaluated reports whether the cells of an arm are evaluated at each of its rungs,
// which n gives.
func (r *reader) evaluated(a *Arm, n *document.Node) bool {
	c := a.Settings[0].Tuning[0]
	list := r.suite.Tune.Rungs.Of(c.EnvironmentName())
	if n.Kind == document.Table {
		own := n.Field(c.EnvironmentName())
		if own == nil {
			own = n.Field("default")
		}
		if own == nil {
			r.at(n, "rungs: %s has none: add %s = [...], or a default", r.armName(a), c.EnvironmentName())
			return false
		}
		n = own
	}
	every, steps := c.int(keyEvalEvery), c.int(keySteps)
	for i, rung := range list {
		switch {
		case rung >= steps:
			r.at(n.Items[i], "rungs: %s takes %d steps: expected less", r.armName(a), steps)
		case rung%every != 0:
			r.at(n.Items[i], "rungs: %s is not evaluated at step %d, but every %d steps: expected one of those, such as %d, or eval_every = %d", r.armName(a), rung, every, max(1, rung/every)*every, rung)
		default:
			continue
		}
		return false
	}
	return true
}
