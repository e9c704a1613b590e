package vec

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// TestGemmSpeed: the assembly stays ahead of gonum's product and of the portable one. It
// compares the shortest of many interleaved times; the bars are at most half of what was
// measured on an idle machine (docs/performance.md).
func TestGemmSpeed(t *testing.T) {
	if os.Getenv("GFNBENCH_GUARD") == "" {
		t.Skip("make guard runs it, on an idle machine")
	}
	if best() == pathGo {
		t.Skip("needs the assembly")
	}
	bars := map[path]struct{ gonum, portable float64 }{pathAVX2: {3, 20}, pathAVX512: {5, 40}}
	for _, size := range []int{64, 128} {
		rng := rand.New(rand.NewPCG(1, 2))
		a, b, c := random(rng, size*size, false), random(rng, size*size, false), make([]float32, size*size)
		ours := func() { Gemm(size, size, size, a, size, 1, b, size, c, size) }
		theirs := func() {
			gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, size, size, size, 1, a, size, b, size, 1, c, size)
		}
		for _, p := range paths() {
			bar, ok := bars[p]
			if !ok {
				continue
			}
			onPath(p, func() {
				portable := func() { gemmGo(size, size, size, a, size, 1, b, size, c, size) }
				times := shortest(ours, theirs, portable)
				overGonum, overPortable := times[1]/times[0], times[2]/times[0]
				t.Logf("%v, %d: %.1f× gonum, %.0f× portable", p, size, overGonum, overPortable)
				if overGonum < bar.gonum || overPortable < bar.portable {
					t.Errorf("%v, %d: %.1f× gonum and %.0f× portable, want %v and %v", p, size, overGonum, overPortable, bar.gonum, bar.portable)
				}
			})
		}
	}
}

// shortest returns the shortest of the times of each function, run in turn.
func shortest(fs ...func()) []float64 {
	best := make([]float64, len(fs))
	for round := range 12 {
		for i, f := range fs {
			begun := time.Now()
			f()
			if s := time.Since(begun).Seconds(); round == 0 || s < best[i] {
				best[i] = s
			}
		}
	}
	return best
}
