package kinds_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// Every registered kind has every property, and its declaration is complete.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range kinds.All {
		if seen[k.Name] || kinds.Lookup(k.Name) != k || k.Doc == "" || k.Revision < 1 || len(k.Policies) == 0 {
			t.Errorf("%s: a duplicate, or without documentation, revision or policies", k.Name)
		}
		seen[k.Name] = true
		for _, d := range k.Params {
			if d.Name == "" || d.Doc == "" || !d.Default.IsNull() && d.Required {
				t.Errorf("%s: parameter %+v", k.Name, d)
			}
		}
		switch e := build(t, k.Name, k.Small).(type) {
		case env.Discrete:
			envtest.Discrete(t, e)
		case env.Continuous:
			envtest.Continuous(t, e)
		default:
			t.Errorf("%s is neither discrete nor continuous", k.Name)
		}
		e := build(t, k.Name, k.Small)
		if e.Kind() != k.Name {
			t.Errorf("%s calls itself %q", k.Name, e.Kind())
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	if k := kinds.Lookup("hypergird"); k != nil {
		t.Errorf("%+v", k)
	}
}

// Actual returns parameters of the instance's kind, with the declared types.
func TestActual(t *testing.T) {
	for kind, p := range map[string]param.Values{
		"phylo": {"sequences": param.Of([]string{"AC", "AG"}), "rate": param.Of(0.1), "edge": param.Of(1.0)},
		"dag":   {"observations": param.Of([][]float64{{1, 2}, {3, 5}, {4, 4}, {0, 7}})},
	} {
		e := build(t, kind, p).(env.Describer)
		for name, v := range e.Actual() {
			d := param.Find(kinds.Lookup(kind).Params, name)
			if d == nil || !v.IsNull() && v.Type() != d.Type {
				t.Errorf("%s: %s is %v, a parameter that is not declared so", kind, name, v)
			}
		}
	}
}
