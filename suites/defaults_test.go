package suites

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// TestDefaultsOfTheLibrary: gfn.Default agrees with a suite without settings, for every
// environment and every objective.
func TestDefaultsOfTheLibrary(t *testing.T) {
	for _, k := range kinds.All {
		sameDefaults(t, k, objective.Spec{Name: "tb"})
	}
	for _, o := range objective.Kinds {
		spec := objective.Spec{Name: o.Name}
		if param.Find(o.Params, "alpha") != nil {
			spec.Params = param.Values{"alpha": param.Of(0.5)}
		}
		sameDefaults(t, kinds.All[0], spec)
	}
}

func sameDefaults(t *testing.T, k *env.Kind, o objective.Spec) {
	t.Helper()
	params, text := param.Values{}, fmt.Sprintf("schema = 1\nname = \"x\"\n[environment.e]\nkind = %q\n", k.Name)
	if slices.ContainsFunc(k.Params, func(p param.Param) bool { return p.Name == "instance_seed" }) {
		params["instance_seed"] = param.Of(1)
		text += "instance_seed = 1\n"
	}
	text += fmt.Sprintf("[[grid]]\nobjective = [%q]\n", o.Name)
	if a, ok := o.Params["alpha"]; ok {
		text += fmt.Sprintf("alpha = [%v]\n", a)
	}
	s, err := Parse("x.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, got := s.Cells[0].Spec(), gfn.Default(k.Name, params, o, 0)
	got.Params, _ = k.Complete(got.Params)
	// The random numbers differ, and a cell leaves out what does not apply.
	options := []cmp.Option{cmpopts.IgnoreFields(gfn.Spec{}, "Streams"), cmpopts.IgnoreFields(gfn.FCS{}, "Size")}
	if s.Cells[0].Instance().Env.Capabilities().Continuous {
		options = append(options, cmpopts.IgnoreFields(gfn.Spec{}, "TopK", "Modes"), cmpopts.IgnoreFields(gfn.Eval{}, "MaxStates"))
	}
	if !objective.Lookup(o.Name).LearnsLogZ {
		options = append(options, cmpopts.IgnoreFields(gfn.Optimizer{}, "LogZLR", "LogZInit"))
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Errorf("%s, %s: suite (-) and gfn.Default (+):\n%s", k.Name, o.Name, diff)
	}
}
