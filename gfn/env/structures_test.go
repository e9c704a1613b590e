package env_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
)

// The instances of the paper and small and large ones have every property of an
// environment.
func TestStructuresEnvironment(t *testing.T) {
	tests := []struct {
		kind string
		p    env.Params
	}{
		{"phylo", env.Params{"species": 2}},
		{"phylo", env.Params{"species": 3}},
		{"phylo", env.Params{"species": 5, "sites": 10}},
		{"phylo", env.Params{"species": 6}},
		{"phylo", env.Params{"species": 20, "sites": 10}},
		{"phylo", env.Params{"species": 64, "sites": 5}},
		{"dag", env.Params{"nodes": 1}},
		{"dag", env.Params{"nodes": 2}},
		{"dag", env.Params{"nodes": 3, "score": "bge"}},
		{"dag", env.Params{"nodes": 4}},
		{"dag", env.Params{"nodes": 4, "noise_variance": 0.5}},
		{"dag", env.Params{"nodes": 11}},
		{"dag", env.Params{"nodes": 20}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.kind, tt.p), func(t *testing.T) {
			tt.p["instance_seed"] = 5
			envtest.Discrete(t, buildDiscrete(t, tt.kind, tt.p))
		})
	}
}

// Small instances of any seed have them too.
func TestStructuresAnySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.IntRange(0, 1<<40).Draw(t, "seed")
		e := buildDiscrete(t, "phylo", env.Params{
			"species": rapid.IntRange(2, 4).Draw(t, "species"), "sites": 4, "instance_seed": seed,
			"branch_length": rapid.Float64Range(0.01, 3).Draw(t, "branch length"),
		})
		verify(t, e, envtest.Walks(3), envtest.Samples(500))
		e = buildDiscrete(t, "dag", env.Params{
			"nodes": rapid.IntRange(1, 3).Draw(t, "nodes"), "instance_seed": seed,
			"score": rapid.SampledFrom([]string{"gaussian-ml", "bge"}).Draw(t, "score"),
		})
		verify(t, e, envtest.Walks(3), envtest.Samples(500))
	})
}
