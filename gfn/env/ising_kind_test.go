package env_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
)

func TestIsing(t *testing.T) {
	for _, p := range []env.Params{
		{},
		{"side": 2, "beta": 0.7},
		{"side": 2, "beta": 0.7, "coupling": -1.0},
		{"side": 3, "beta": 1.0, "coupling": -0.5}, // frustrated
		{"side": 3, "beta": 0.0},
		{"side": 9},                    // rows across machine words
		{"side": 13},                   // log Z by Kaufman's formula, no samples
		{"side": 15, "coupling": -1.0}, // neither
		{"side": 12, "beta": 10.0},     // far below the critical temperature
		{"side": 5, "coupling": -1.0, "beta": 3.0},
	} {
		envtest.Discrete(t, buildDiscrete(t, "ising", p), envtest.States(3*6561), envtest.Walks(20))
	}
}

func TestIsingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := buildDiscrete(t, "ising", env.Params{
			"side":     2,
			"beta":     rapid.Float64Range(0, 2).Draw(t, "beta"),
			"coupling": rapid.Float64Range(-1, 1).Draw(t, "coupling"),
		})
		verify(t, e, envtest.Walks(5), envtest.Samples(2000))
	})
}

func TestIsingCapabilities(t *testing.T) {
	e := build(t, "ising", env.Params{"side": 15, "coupling": -1.0})
	if c := e.Capabilities(); c.LogZ.OK || c.TargetSamples.OK || !math.IsNaN(e.LogZ()) {
		t.Errorf("%+v", c)
	}
	if c := build(t, "ising", env.Params{"side": 16, "coupling": -1.0}).Capabilities(); !c.LogZ.OK {
		t.Errorf("%+v", c)
	}
}

func TestIsingFormat(t *testing.T) {
	e := buildDiscrete(t, "ising", env.Params{"side": 2})
	s := make([]uint64, e.Words())
	e.Reset(s)
	for _, a := range []int{0, 4 + 3} {
		e.Step(s, a)
	}
	if got := e.Format(s); got != "-./.+" {
		t.Error(got)
	}
}
