package suites

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// Variance asks for the covariance trace of the batch gradient.
type Variance struct {
	On         *Selector        // the cells that measure it
	Steps      []int            // training steps at which it is measured, ascending
	Batches    []int            // batch sizes, ascending
	Replicates int              // batches of each size
	Objectives []objective.Spec // including their control variates
	Exact      bool             // the reference is the exact gradient

	text string // canonical
}

// measures reports whether the cells of the config measure the variance. Those of other
// programs never do.
func (v *Variance) measures(c *config) bool { return c.Trainer() == nil && v.On.matches(c, -1) }

func (v *Variance) spec() *gfn.Variance {
	return &gfn.Variance{Steps: v.Steps, Batches: v.Batches, Replicates: v.Replicates, Objectives: v.Objectives, Exact: v.Exact}
}

func (r *reader) readVariance() {
	n := r.root.Field("variance")
	if n == nil {
		return
	}
	v := r.section(varianceSection, n, nil)
	m := &Variance{
		Steps: v.ints("steps"), Batches: v.ints("batches"), Replicates: v.int("replicates"),
		On: r.optionalSelector(v, "on"), Exact: v.text("reference") == "exact",
	}
	for _, key := range []string{"steps", "batches"} {
		if list := v.ints(key); !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			r.at(n.Field(key), "%s: expected ascending numbers", key)
		}
	}
	before := len(r.problems)
	m.Objectives = r.measured(n, v)
	cvs := n.Field(keyControlVariate.Name)
	for i, cv := range v.list(keyControlVariate.Name) {
		taken := slices.ContainsFunc(m.Objectives, func(s objective.Spec) bool {
			return s.ControlVariate == objective.Lookup(s.Name).Canonical(cv)
		})
		switch {
		case !slices.Contains(keyControlVariate.Choices, cv):
			r.at(cvs.Items[i], "control_variate is %q: expected one of %s%s", cv, strings.Join(keyControlVariate.Choices, ", "), usage.DidYouMean(cv, keyControlVariate.Choices))
		case cvs != nil && !taken && before == len(r.problems):
			r.at(cvs.Items[i], "control_variate is %q, which no objective here takes", cv)
		}
	}
	m.text = m.canonical()
	r.suite.Variance = m
}

// measured lists the objectives of a [variance] with each of their control
// variates and parameters.
func (r *reader) measured(n *document.Node, v values) []objective.Spec {
	var list []objective.Spec
	for i, name := range v.list(keyObjective.Name) {
		at := n.Field(keyObjective.Name).Items[i]
		kind := objective.Lookup(name)
		switch {
		case kind == nil:
			r.at(at, "objective is %q: expected one of %s%s", name, strings.Join(keyObjective.Choices, ", "), usage.DidYouMean(name, keyObjective.Choices))
			continue
		case kind.NeedsFlows:
			r.at(at, "the gradient variance of %s cannot be measured: it needs a network with state flows", name)
			continue
		}
		// The product of the objective's parameters and control variates.
		specs := []objective.Spec{{Name: name}}
		for _, p := range kind.Params {
			values := elements(v.settings[p.Name])
			if len(values) == 0 && p.Required {
				r.at(at, "%s needs %s: add %s = [%s] to [variance]", name, p.Name, p.Name, p.Example.Canonical())
			}
			specs = product(specs, values, func(s *objective.Spec, x param.Value) {
				s.Params = maps.Clone(s.Params)
				if s.Params == nil {
					s.Params = make(param.Values)
				}
				s.Params[p.Name] = x
			})
		}
		var cvs []param.Value
		for _, cv := range v.list(keyControlVariate.Name) {
			if slices.Contains(kind.ControlVariates, cv) {
				cvs = append(cvs, param.Of(kind.Canonical(cv)))
			}
		}
		if len(kind.ControlVariates) > 0 {
			specs = product(specs, cvs, func(s *objective.Spec, x param.Value) { s.ControlVariate = x.Text() })
		}
		for _, s := range specs {
			if !slices.ContainsFunc(list, s.Equal) {
				list = append(list, s)
			}
		}
	}
	return list
}

// product combines each of the specs with each of the values, the last varying
// fastest.
func product(specs []objective.Spec, values []param.Value, set func(*objective.Spec, param.Value)) []objective.Spec {
	var all []objective.Spec
	for _, s := range specs {
		for _, v := range values {
			t := s
			set(&t, v)
			all = append(all, t)
		}
	}
	return all
}

// elements returns the elements of a list.
func elements(v param.Value) []param.Value {
	var list []param.Value
	for _, x := range v.Numbers() {
		if v.Type() == param.Ints {
			list = append(list, param.Of(int(x)))
		} else {
			list = append(list, param.OfFloat(x))
		}
	}
	for _, s := range v.Strings() {
		list = append(list, param.Of(s))
	}
	return list
}

// canonical writes what is measured as JSON. Version 0.1.0 wrote alpha and a
// for every objective, as 0 if it has none; other parameters follow by name.
func (v *Variance) canonical() string {
	b := []byte(`{"batches":`)
	b = append(b, param.Of(v.Batches).Canonical()...)
	b = append(b, `,"objectives":[`...)
	for i, s := range v.Objectives {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `[%s,%s,%s,%s`, param.Of(s.Name).Canonical(),
			param.OfFloat(s.Params["alpha"].Float()).Canonical(), param.OfFloat(s.Params["a"].Float()).Canonical(), param.Of(s.ControlVariate).Canonical())
		for _, name := range s.Params.Names() {
			if name != "alpha" && name != "a" {
				b = fmt.Appendf(b, `,%s`, param.Of(name+"="+s.Params[name].Canonical()).Canonical())
			}
		}
		b = append(b, ']')
	}
	b = append(b, ']')
	if v.Exact {
		b = append(b, `,"reference":"exact"`...)
	}
	b = append(b, `,"replicates":`...)
	b = append(b, param.Of(v.Replicates).Canonical()...)
	b = append(b, `,"steps":`...)
	b = append(b, param.Of(v.Steps).Canonical()...)
	return string(append(b, '}'))
}
