package gfn_test

import (
	"fmt"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
)

// benchmarkSteps times training steps without evaluation, after warm-up.
func benchmarkSteps(b *testing.B, s gfn.Spec, kind string, p param.Values) {
	in, err := gfn.NewInstance(kind, p)
	if err != nil {
		b.Fatal(err)
	}
	s.Environment, s.Params = kind, p
	s.Steps, s.EvalEvery = 1<<30, 1<<30
	s.Eval.Mode, s.Modes.Threshold = "sampled", new(float64)
	tr, err := gfn.New(s, in)
	if err != nil {
		b.Fatal(err)
	}
	for range 50 {
		if _, _, err := tr.Step(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := tr.Step(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(s.Batch)*float64(b.N)/b.Elapsed().Seconds(), "trajectories/s")
}

// BenchmarkPeers is the work of the comparison with torchgfn and gfnx: TB from
// initialisation on hypergrids, MLP 2×256.
func BenchmarkPeers(b *testing.B) {
	for _, g := range []struct{ dim, height int }{{2, 8}, {4, 16}, {4, 32}} {
		for _, batch := range []int{32, 128, 512} {
			b.Run(fmt.Sprintf("grid=%dx%d/batch=%d", g.dim, g.height, batch), func(b *testing.B) {
				s := base("tb", "")
				s.Policy.Hidden, s.Policy.Activation, s.Batch = []int{256, 256}, "relu", batch
				benchmarkSteps(b, s, "hypergrid", param.Values{"dim": param.Of(g.dim), "height": param.Of(g.height), "r0": param.Of(1e-3)})
			})
		}
	}
}

// BenchmarkTasks is one training step of each task at the paper's settings.
func BenchmarkTasks(b *testing.B) {
	for _, c := range []struct {
		name, kind string
		params     param.Values
		batch      int
		hidden     []int
		activation string
		policy     string
	}{
		{"sets", "sets", param.Values{"elements": param.Of(32), "size": param.Of(16), "instance_seed": param.Of(1)}, 128, []int{64, 64}, "leaky-relu", "mlp"},
		{"sequences", "sequences", param.Values{"elements": param.Of(8), "length": param.Of(6), "instance_seed": param.Of(1)}, 128, []int{64, 64}, "leaky-relu", "mlp"},
		{"phylo", "phylo", param.Values{"species": param.Of(7), "instance_seed": param.Of(1)}, 64, []int{64, 64}, "leaky-relu", "gin"},
		{"hypergrid12", "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(12)}, 128, []int{256, 256}, "relu", "mlp"},
		{"dag", "dag", param.Values{"instance_seed": param.Of(1)}, 64, []int{256, 256}, "relu", "mlp"},
		{"gmm", "gmm", param.Values{}, 128, []int{64, 64}, "leaky-relu", "mixture"},
		{"banana", "banana", param.Values{}, 128, []int{64, 64}, "leaky-relu", "mixture"},
	} {
		for _, o := range []struct{ objective, cv string }{{"tb", ""}, {"reverse-kl", "none"}, {"reverse-kl", "loo"}, {"tsallis", "paper"}} {
			b.Run(fmt.Sprintf("task=%s/objective=%s/cv=%s", c.name, o.objective, o.cv), func(b *testing.B) {
				if kinds.Lookup(c.kind) == nil {
					b.Skip("not registered")
				}
				s := base(o.objective, o.cv)
				s.Policy.Kind, s.Policy.Hidden, s.Policy.Activation, s.Batch = c.policy, c.hidden, c.activation, c.batch
				benchmarkSteps(b, s, c.kind, c.params)
			})
		}
	}
}
