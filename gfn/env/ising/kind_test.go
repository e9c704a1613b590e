package ising_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/ising"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

func TestIsing(t *testing.T) {
	for _, p := range []param.Values{
		{},
		{"side": param.Of(2), "beta": param.Of(0.7)},
		{"side": param.Of(2), "beta": param.Of(0.7), "coupling": param.Of(-1.0)},
		{"side": param.Of(3), "beta": param.Of(1.0), "coupling": param.Of(-0.5)}, // frustrated
		{"side": param.Of(3), "beta": param.Of(0.0)},
		{"side": param.Of(9)},                              // rows across machine words
		{"side": param.Of(13)},                             // log Z by Kaufman's formula, no samples
		{"side": param.Of(15), "coupling": param.Of(-1.0)}, // neither
		{"side": param.Of(12), "beta": param.Of(10.0)},     // far below the critical temperature
		{"side": param.Of(5), "coupling": param.Of(-1.0), "beta": param.Of(3.0)},
	} {
		envtest.Discrete(t, envtest.Make[env.Discrete](t, ising.Kind, p), envtest.States(3*6561), envtest.Walks(20))
	}
}

func TestIsingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := envtest.Make[env.Discrete](t, ising.Kind, param.Values{
			"side":     param.Of(2),
			"beta":     param.Of(rapid.Float64Range(0, 2).Draw(t, "beta")),
			"coupling": param.Of(rapid.Float64Range(-1, 1).Draw(t, "coupling")),
		})
		envtest.Discrete(t, e, envtest.Walks(5), envtest.Samples(2000))
	})
}

func TestIsingCapabilities(t *testing.T) {
	e := envtest.Make[env.Environment](t, ising.Kind, param.Values{"side": param.Of(15), "coupling": param.Of(-1.0)})
	if c := e.Capabilities(); c.LogZ.OK || c.TargetSamples.OK || !math.IsNaN(e.LogZ()) {
		t.Errorf("%+v", c)
	}
	if c := envtest.Make[env.Environment](t, ising.Kind, param.Values{"side": param.Of(16), "coupling": param.Of(-1.0)}).Capabilities(); !c.LogZ.OK {
		t.Errorf("%+v", c)
	}
}

func TestIsingFormat(t *testing.T) {
	e := envtest.Make[env.Discrete](t, ising.Kind, param.Values{"side": param.Of(2)})
	s := make([]uint64, e.Words())
	e.Reset(s)
	for _, a := range []int{0, 4 + 3} {
		e.Step(s, a)
	}
	if got := e.Format(s); got != "-./.+" {
		t.Error(got)
	}
}
