package kinds_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// BenchmarkTrajectory is one trajectory of uniformly random actions, with everything that
// sampling a batch asks of the environment.
func BenchmarkTrajectory(b *testing.B) {
	for _, c := range []struct {
		kind string
		p    param.Values
	}{
		{"hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(12)}},
		{"hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(20)}},
		{"sets", param.Values{"instance_seed": param.Of(1)}},
		{"sequences", param.Values{"instance_seed": param.Of(1)}},
		{"bitseq", param.Values{"instance_seed": param.Of(1)}},
		{"ising", param.Values{"side": param.Of(9)}},
	} {
		e := buildDiscrete(b, c.kind, c.p)
		b.Run(c.kind, func(b *testing.B) {
			s := make([]uint64, e.Words())
			mask := make([]uint64, env.MaskWords(e.Actions()))
			features := make([]int32, 0, e.Features())
			rng := stream.NewKey("benchmark").Stream("actions", 0)
			steps := 0
			b.ReportAllocs()
			for b.Loop() {
				e.Reset(s)
				for e.Mask(s, mask); !e.Terminal(s); e.Mask(s, mask) {
					a := rng.IntN(e.Actions())
					for mask[a>>6]>>(a&63)&1 == 0 {
						a = rng.IntN(e.Actions())
					}
					features = e.AppendFeatures(features[:0], s)
					e.Step(s, a)
					e.Parents(s)
					steps++
				}
				e.LogReward(s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

// BenchmarkSampleTarget is one exact sample.
func BenchmarkSampleTarget(b *testing.B) {
	for _, c := range []struct {
		kind string
		p    param.Values
	}{
		{"hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(20)}},
		{"sets", param.Values{"instance_seed": param.Of(1)}},
		{"sequences", param.Values{"instance_seed": param.Of(1)}},
		{"bitseq", param.Values{"instance_seed": param.Of(1)}},
		{"ising", param.Values{"side": param.Of(9)}},
	} {
		e := buildDiscrete(b, c.kind, c.p)
		b.Run(c.kind, func(b *testing.B) {
			x := make([]uint64, e.Words())
			rng := stream.NewKey("benchmark").Stream("samples", 0)
			for b.Loop() {
				e.(env.TargetSampler).SampleTarget(rng, x)
			}
		})
	}
}
