package parallel_test

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gfnbench/gfn/internal/parallel"
)

// Every element is visited once, whatever the sizes, even after the helpers have parked.
func TestDoCoversTheRange(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 5} {
		p := parallel.New(threads)
		for _, n := range []int{0, 1, 15, 16, 17, 100, 1000, 4097} {
			for _, grain := range []int{0, 1, 16, 100, 5000} {
				visits := make([]int, n)
				p.Do(n, grain, func(lo, hi int) {
					if lo%8 != 0 && lo < n {
						t.Errorf("a range begins at %d", lo)
					}
					for i := lo; i < hi; i++ {
						visits[i]++
					}
				})
				if i := slices.IndexFunc(visits, func(v int) bool { return v != 1 }); i >= 0 {
					t.Fatalf("%d threads, n = %d, grain %d: element %d is visited %d times", threads, n, grain, i, visits[i])
				}
			}
			if n == 100 {
				time.Sleep(time.Millisecond)
			}
		}
	}
}

// No range is longer than an equal share by more than a tile, however short the whole is.
func TestDoSplitsEvenly(t *testing.T) {
	for _, threads := range []int{2, 3} {
		p := parallel.New(threads)
		for n := 8 * threads; n < 200; n += 3 {
			var longest atomic.Int64
			p.Do(n, 1, func(lo, hi int) {
				for l := longest.Load(); int64(hi-lo) > l && !longest.CompareAndSwap(l, int64(hi-lo)); l = longest.Load() {
				}
			})
			if share := n / threads; int(longest.Load()) > share+8 {
				t.Errorf("%d elements on %d threads: a range of %d", n, threads, longest.Load())
			}
		}
	}
}

func TestDoAllocatesNothing(t *testing.T) {
	p := parallel.New(2)
	sums := make([]int, 64)
	work := func(lo, hi int) { sums[lo] += hi }
	if n := testing.AllocsPerRun(1000, func() { p.Do(64, 16, work) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// An unreachable pool leaves no goroutines behind.
func TestForgottenPoolEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		parallel.New(3).Do(100, 1, func(lo, hi int) {})
	}
	for range 500 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func BenchmarkDo(b *testing.B) {
	p := parallel.New(2)
	work := func(lo, hi int) {}
	for b.Loop() {
		p.Do(64, 16, work)
	}
}
