package gfn_test

import (
	"fmt"
	"testing"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/param"
)

// BenchmarkShare compares whole steps of TB, MLP 2×256, with products of 128×256×256. The
// two take turns. It reports the most multiply-adds per second of a step and of a product,
// in GFLOP/s, and their ratio. Steps count as if every output were computed, once forward
// and twice backward, and nothing else: bit sequences leave out nearly half of those of
// the output layer.
func BenchmarkShare(b *testing.B) {
	for _, c := range []struct {
		name, kind string
		params     param.Values
		outputs    int
	}{
		{"hypergrid4x32", "hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(32), "r0": param.Of(1e-3)}, 5},
		{"bitseq16x16", "bitseq", param.Values{"length": param.Of(64), "word": param.Of(4), "beta": param.Of(2.0), "mode_count": param.Of(60), "instance_seed": param.Of(1)}, 256},
		{"dag", "dag", param.Values{"instance_seed": param.Of(1)}, 26},
	} {
		for _, batch := range []int{32, 128, 512} {
			b.Run(fmt.Sprintf("task=%s/batch=%d", c.name, batch), func(b *testing.B) {
				s := base("tb", "")
				s.Environment, s.Params, s.Batch = c.kind, c.params, batch
				s.Policy.Hidden, s.Policy.Activation, s.Policy.OutputInit = []int{256, 256}, "relu", "torch"
				s.Steps, s.EvalEvery = 1<<30, 1<<30
				s.Eval.Mode, s.Modes.Threshold = "sampled", new(float64)
				share(b, start(b, s), c.outputs)
			})
		}
	}
}

// share runs the steps of a trainer and products in turn.
func share(b *testing.B, tr *gfn.Trainer, outputs int) {
	const m, n = 128, 256
	x, w, y := make([]float32, m*n), make([]float32, n*n), make([]float32, m*n)
	for _, v := range [][]float32{x, w} {
		for i := range v {
			v[i] = 1
		}
	}
	most := func(rate *float64, flop int, f func()) {
		begun := time.Now()
		f()
		*rate = max(*rate, float64(flop)/float64(time.Since(begun).Nanoseconds()))
	}
	step := func() {
		if _, _, err := tr.Step(); err != nil {
			b.Fatal(err)
		}
	}
	for range 20 {
		step()
	}
	var ofStep, ofProduct float64
	for b.Loop() {
		took := 0.0
		most(&took, 1, step)
		ofStep = max(ofStep, took*float64(6*(n*n+n*outputs)*gfn.Rows(tr)))
		for range 4 {
			most(&ofProduct, 2*m*n*n, func() { vec.Gemm(m, n, n, x, n, 1, w, n, y, n) })
		}
	}
	b.ReportMetric(ofStep, "GFLOP/s")
	b.ReportMetric(ofProduct, "product-GFLOP/s")
	b.ReportMetric(ofStep/ofProduct, "share")
}
