package phylo_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/phylo"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// The instances of the paper, and small and large ones, have every property of an
// environment.
func TestEnvironment(t *testing.T) {
	for _, p := range []param.Values{
		{"species": param.Of(2)},
		{"species": param.Of(3)},
		{"species": param.Of(5), "sites": param.Of(10)},
		{"species": param.Of(6)},
		{"species": param.Of(20), "sites": param.Of(10)},
		{"species": param.Of(64), "sites": param.Of(5)},
	} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			p["instance_seed"] = param.Of(5)
			envtest.Discrete(t, envtest.Make[env.Discrete](t, phylo.Kind, p))
		})
	}
}

// Small instances with any seed have them too.
func TestAnySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := envtest.Make[env.Discrete](t, phylo.Kind, param.Values{
			"instance_seed": param.Of(rapid.IntRange(0, 1<<40).Draw(t, "seed")),
			"species":       param.Of(rapid.IntRange(2, 4).Draw(t, "species")),
			"sites":         param.Of(4),
			"branch_length": param.Of(rapid.Float64Range(0.01, 3).Draw(t, "branch length")),
		})
		envtest.Discrete(t, e, envtest.Walks(3), envtest.Samples(500))
	})
}
