package results

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// manyRuns returns a sweep of n cells with 100 evaluations each.
func manyRuns(n int) []Run {
	runs := make([]Run, n)
	for i := range runs {
		runs[i] = sampleRun(i, 100)
	}
	return runs
}

func writeMany(tb testing.TB, n int) string {
	dir := tb.TempDir()
	d, err := Create(dir, Options{})
	must(tb, err)
	must(tb, d.Append(manyRuns(n)...))
	must(tb, d.Compact())
	return dir
}

func BenchmarkRead(b *testing.B) {
	dir := writeMany(b, 10000)
	for b.Loop() {
		s, err := Read(dir)
		must(b, err)
		if len(s.Runs) != 10000 {
			b.Fatal("runs are missing")
		}
	}
}

func BenchmarkCompact(b *testing.B) {
	runs := manyRuns(10000)
	for b.Loop() {
		d, err := Create(b.TempDir(), Options{})
		must(b, err)
		must(b, d.Append(runs...))
		must(b, d.Compact())
	}
}

func BenchmarkDigest(b *testing.B) {
	runs := manyRuns(10000)
	for b.Loop() {
		Digest(runs)
	}
}

func BenchmarkAppend(b *testing.B) {
	d, err := Create(b.TempDir(), Options{})
	must(b, err)
	run := sampleRun(1, 100)
	for b.Loop() {
		must(b, d.Append(run))
	}
}

// TestReadIsFast checks the budget of a report: a million rows.
func TestReadIsFast(t *testing.T) {
	if os.Getenv("GFNBENCH_SOAK") == "" {
		t.Skip("writes a million rows: set GFNBENCH_SOAK=1")
	}
	dir := writeMany(t, 10000)
	runtime.GC()
	runtime.GC() // the second collection empties the pools
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	s, err := Read(dir)
	must(t, err)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.GC()
	var kept runtime.MemStats
	runtime.ReadMemStats(&kept)
	t.Logf("%d runs in %v, %d MB allocated, %d MB kept", len(s.Runs), took, (after.TotalAlloc-before.TotalAlloc)>>20, (kept.HeapAlloc-before.HeapAlloc)>>20)
	if kept.HeapAlloc-before.HeapAlloc > 500<<20 || took > 5*time.Second {
		t.Errorf("too slow or too large")
	}
	runtime.KeepAlive(s)
}
