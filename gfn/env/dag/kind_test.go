package dag_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/dag"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// The instances of the paper, and small and large ones, have every property of an
// environment.
func TestEnvironment(t *testing.T) {
	for _, p := range []param.Values{
		{"nodes": param.Of(1)},
		{"nodes": param.Of(2)},
		{"nodes": param.Of(3), "score": param.Of("bge")},
		{"nodes": param.Of(4)},
		{"nodes": param.Of(4), "noise_variance": param.Of(0.5)},
		{"nodes": param.Of(11)},
		{"nodes": param.Of(20)},
	} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			p["instance_seed"] = param.Of(5)
			envtest.Discrete(t, envtest.Make[env.Discrete](t, dag.Kind, p))
		})
	}
}

// Small instances with any seed have them too.
func TestAnySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := envtest.Make[env.Discrete](t, dag.Kind, param.Values{
			"instance_seed": param.Of(rapid.IntRange(0, 1<<40).Draw(t, "seed")),
			"nodes":         param.Of(rapid.IntRange(1, 3).Draw(t, "nodes")),
			"score":         param.Of(rapid.SampledFrom([]string{"gaussian-ml", "bge"}).Draw(t, "score")),
		})
		envtest.Discrete(t, e, envtest.Walks(3), envtest.Samples(500))
	})
}
