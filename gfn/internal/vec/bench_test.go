package vec

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchPaths runs a benchmark on every path.
func benchPaths(b *testing.B, f func(b *testing.B)) {
	for _, p := range paths() {
		b.Run(p.String(), func(b *testing.B) { onPath(p, func() { f(b) }) })
	}
}

// BenchmarkGemm measures C += A·B in GFLOP/s. TN transposes A, as for weight gradients.
func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct {
		m, n, k int
		tn      bool
	}{
		{16, 64, 64, false}, {64, 64, 64, false}, {64, 256, 256, false}, {128, 256, 256, false},
		{64, 64, 2048, true}, {256, 256, 512, true}, {512, 5, 256, false}, {512, 12, 256, false}, {512, 3, 256, false}, {512, 8, 256, false}, {32, 5, 256, false}, {30, 256, 256, false}, {1, 256, 256, false}, {256, 5, 512, true},
	} {
		name, aRow, aCol := fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), s.k, 1
		if s.tn {
			name, aRow, aCol = "TN-"+name, 1, s.m
		}
		b.Run(name, func(b *testing.B) {
			benchPaths(b, func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 2))
				x, y, c := random(rng, s.m*s.k, false), random(rng, s.k*s.n, false), make([]float32, s.m*s.n)
				for b.Loop() {
					Gemm(s.m, s.n, s.k, x, aRow, aCol, y, s.n, c, s.n)
				}
				b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		})
	}
}

// BenchmarkSoftmaxRows measures rows of equal width, two in three entries legal.
func BenchmarkSoftmaxRows(b *testing.B) {
	for _, s := range []struct{ rows, n int }{{2048, 32}, {128, 5}, {512, 3}, {512, 100}} {
		b.Run(fmt.Sprintf("%dx%d", s.rows, s.n), func(b *testing.B) {
			benchPaths(b, func(b *testing.B) {
				c := randomSoftmax(rand.New(rand.NewPCG(1, 2)), s.rows, s.n, false)
				p, lse := make([]float64, s.rows*s.n), make([]float64, s.rows)
				for b.Loop() {
					SoftmaxRows(p, c.logits, c.logitRow, c.mask, c.maskRow, c.rows, c.n, lse)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(s.rows), "ns/row")
			})
		})
	}
}

// BenchmarkDoubles measures Exp, Log and Sum of 4096 numbers.
func BenchmarkDoubles(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	dst, src := make([]float64, 4096), random64(rng, 4096, false)
	for i, x := range src {
		src[i] = x * x / 100
	}
	for name, f := range map[string]func(){
		"Exp": func() { Exp(dst, src) },
		"Log": func() { Log(dst, src) },
		"Sum": func() { Sum(src) },
	} {
		b.Run(name, func(b *testing.B) {
			benchPaths(b, func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/4096, "ns/value")
			})
		})
	}
}

// BenchmarkSingles measures kernels over 100,000 float32.
func BenchmarkSingles(b *testing.B) {
	const n = 100_000
	rng := rand.New(rand.NewPCG(1, 2))
	x, y, z, w := random(rng, n, false), random(rng, n, false), make([]float32, n), make([]float32, n)
	idx := []int32{5, 77, 200, 300}
	for _, k := range []struct {
		name string
		f    func()
	}{
		{"Adam", func() { Adam(x, z, w, y, 1e-3, 0.9, 0.999, 1e-8, 0.1, 0.001) }},
		{"Add", func() { Add(z, y) }},
		{"LeakyReLU", func() { LeakyReLU(x, 0) }},
		{"LeakyReLUGrad", func() { LeakyReLUGrad(x, y, 0) }},
		{"Dot", func() { Dot(x, y) }},
		{"Transpose256", func() { Transpose(z, 256, y, 256, 256, 256) }},
		{"AddRows4x256", func() { AddRows(z[:256], x, 256, idx) }},
	} {
		b.Run(k.name, func(b *testing.B) {
			benchPaths(b, func(b *testing.B) {
				for b.Loop() {
					k.f()
				}
			})
		})
	}
}
