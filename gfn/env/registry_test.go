package env_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
)

// smallInstances has one of every registered kind, few enough states to
// enumerate.
var smallInstances = map[string]env.Params{
	"hypergrid": {"dim": 2, "height": 9},
	"sets":      {"elements": 8, "size": 4, "instance_seed": 1},
	"sequences": {"elements": 3, "length": 4, "instance_seed": 1},
	"phylo":     {"species": 4, "sites": 8, "instance_seed": 1},
	"dag":       {"nodes": 3, "instance_seed": 1},
	"gmm":       {},
	"banana":    {},
	"bitseq":    {"length": 8, "word": 2, "mode_count": 3, "instance_seed": 1},
	"ising":     {"side": 2},
}

// Every registered kind has every property, and its declaration is complete.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range env.Kinds {
		p, ok := smallInstances[k.Name]
		if !ok {
			t.Errorf("%s has no small instance in this test", k.Name)
			continue
		}
		if seen[k.Name] || env.Lookup(k.Name) != k || k.Doc == "" || k.Revision < 1 || len(k.Policies) == 0 {
			t.Errorf("%s: a duplicate, or without documentation, revision or policies", k.Name)
		}
		seen[k.Name] = true
		for _, d := range k.Params {
			if d.Name == "" || d.Doc == "" || d.Default != nil && d.Required {
				t.Errorf("%s: parameter %+v", k.Name, d)
			}
		}
		switch e := build(t, k.Name, p).(type) {
		case env.Discrete:
			envtest.Discrete(t, e)
		case env.Continuous:
			envtest.Continuous(t, e)
		default:
			t.Errorf("%s is neither discrete nor continuous", k.Name)
		}
		e := build(t, k.Name, p)
		if e.Kind() != k.Name {
			t.Errorf("%s calls itself %q", k.Name, e.Kind())
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	if k := env.Lookup("hypergird"); k != nil {
		t.Errorf("%+v", k)
	}
}
