package env_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// The instances of the paper and small and large ones have every property of an
// environment.
func TestStructuresEnvironment(t *testing.T) {
	tests := []struct {
		kind string
		p    param.Values
	}{
		{"phylo", param.Values{"species": param.Of(2)}},
		{"phylo", param.Values{"species": param.Of(3)}},
		{"phylo", param.Values{"species": param.Of(5), "sites": param.Of(10)}},
		{"phylo", param.Values{"species": param.Of(6)}},
		{"phylo", param.Values{"species": param.Of(20), "sites": param.Of(10)}},
		{"phylo", param.Values{"species": param.Of(64), "sites": param.Of(5)}},
		{"dag", param.Values{"nodes": param.Of(1)}},
		{"dag", param.Values{"nodes": param.Of(2)}},
		{"dag", param.Values{"nodes": param.Of(3), "score": param.Of("bge")}},
		{"dag", param.Values{"nodes": param.Of(4)}},
		{"dag", param.Values{"nodes": param.Of(4), "noise_variance": param.Of(0.5)}},
		{"dag", param.Values{"nodes": param.Of(11)}},
		{"dag", param.Values{"nodes": param.Of(20)}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.kind, tt.p), func(t *testing.T) {
			tt.p["instance_seed"] = param.Of(5)
			envtest.Discrete(t, buildDiscrete(t, tt.kind, tt.p))
		})
	}
}

// Small instances of any seed have them too.
func TestStructuresAnySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.IntRange(0, 1<<40).Draw(t, "seed")
		e := buildDiscrete(t, "phylo", param.Values{
			"species": param.Of(rapid.IntRange(2, 4).Draw(t, "species")), "sites": param.Of(4), "instance_seed": param.Of(seed),
			"branch_length": param.Of(rapid.Float64Range(0.01, 3).Draw(t, "branch length")),
		})
		verify(t, e, envtest.Walks(3), envtest.Samples(500))
		e = buildDiscrete(t, "dag", param.Values{
			"nodes": param.Of(rapid.IntRange(1, 3).Draw(t, "nodes")), "instance_seed": param.Of(seed),
			"score": param.Of(rapid.SampledFrom([]string{"gaussian-ml", "bge"}).Draw(t, "score")),
		})
		verify(t, e, envtest.Walks(3), envtest.Samples(500))
	})
}
