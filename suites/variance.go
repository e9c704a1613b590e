package suites

import (
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/objective"
)

// Variance asks for the covariance trace of the batch gradient.
type Variance struct {
	On         *Selector        // the cells that measure it
	Steps      []int            // training steps at which it is measured, ascending
	Batches    []int            // batch sizes, ascending
	Replicates int              // batches of each size
	Objectives []objective.Spec // with their control variates

	text string // canonical
}

// measures reports whether the cells of the config measure it.
func (v *Variance) measures(c *config) bool { return v.On.matches(c, -1) }

func (v *Variance) spec() *gfn.Variance {
	return &gfn.Variance{Steps: v.Steps, Batches: v.Batches, Replicates: v.Replicates, Objectives: v.Objectives}
}

func (r *reader) readVariance() {
	n := r.root.field("variance")
	if n == nil {
		return
	}
	v := r.section(varianceSection, n, nil)
	m := &Variance{}
	m.Steps, _ = v["steps"].([]int)
	m.Batches, _ = v["batches"].([]int)
	m.Replicates, _ = v["replicates"].(int)
	if on, ok := v["on"].(*node); ok {
		m.On = r.selector(on)
	}
	for _, key := range []string{"steps", "batches"} {
		if list, _ := v[key].([]int); !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			r.at(n.field(key), "%s: expected ascending numbers", key)
		}
	}
	cvs, _ := v["control_variate"].([]string)
	alphas, _ := v["alpha"].([]float64)
	as, _ := v["a"].([]float64)
	list, _ := v["objective"].([]string)
	taken := make(map[string]bool)
	before := len(r.problems)
	for i, name := range list {
		at := n.field("objective").items[i]
		kind := objective.Lookup(name)
		switch {
		case kind == nil:
			r.at(at, "objective is %q: expected one of %s%s", name, strings.Join(keyObjective.Choices, ", "), didYouMean(name, keyObjective.Choices))
		case kind.NeedsFlows:
			r.at(at, "the gradient variance of %s cannot be measured: it needs a network with state flows", name)
		case kind.TakesAlpha && len(alphas) == 0:
			r.at(at, "%s needs alpha: add alpha = [0.5] to [variance]", name)
		default:
			m.Objectives = append(m.Objectives, pairs(kind, cvs, alphas, as, taken)...)
		}
	}
	for i, cv := range cvs {
		f := n.field("control_variate")
		switch {
		case !slices.Contains(keyControlVariate.Choices, cv):
			r.at(f.items[i], "control_variate is %q: expected one of %s%s", cv, strings.Join(keyControlVariate.Choices, ", "), didYouMean(cv, keyControlVariate.Choices))
		case f != nil && !taken[cv] && before == len(r.problems):
			r.at(f.items[i], "control_variate is %q, which none of the objectives here takes", cv)
		}
	}
	m.text = m.canonical()
	r.suite.Variance = m
}

// pairs are the objective with each of its control variates and parameters.
func pairs(kind *objective.Kind, cvs []string, alphas, as []float64, taken map[string]bool) []objective.Spec {
	if !kind.TakesAlpha {
		alphas = []float64{0}
	}
	if !kind.TakesA {
		as = []float64{0}
	}
	if len(kind.ControlVariates) == 0 {
		cvs = []string{""}
	}
	var list []objective.Spec
	for _, alpha := range alphas {
		for _, a := range as {
			for _, cv := range cvs {
				if cv != "" && !slices.Contains(kind.ControlVariates, cv) {
					continue
				}
				taken[cv] = true
				s := objective.Spec{Name: kind.Name, Alpha: alpha, A: a, ControlVariate: kind.Canonical(cv)}
				if !slices.Contains(list, s) {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// canonical writes what is measured as JSON.
func (v *Variance) canonical() string {
	b := []byte(`{"batches":`)
	b = appendCanonical(b, v.Batches)
	b = append(b, `,"objectives":[`...)
	for i, s := range v.Objectives {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, x := range []any{s.Name, s.Alpha, s.A, s.ControlVariate} {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, x)
		}
		b = append(b, ']')
	}
	b = append(b, `],"replicates":`...)
	b = appendCanonical(b, v.Replicates)
	b = append(b, `,"steps":`...)
	b = appendCanonical(b, v.Steps)
	return string(append(b, '}'))
}
