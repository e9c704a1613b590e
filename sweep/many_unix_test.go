//go:build unix

package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/results/disk"
)

// manyResults writes results of a suite with this many cells and evaluations per cell.
func manyResults(t *testing.T, cells, points int) *Plan {
	t.Helper()
	path, dir := filepath.Join(t.TempDir(), "many.toml"), t.TempDir()
	must(t, os.WriteFile(path, []byte(manyCells(cells/2000)), 0o644))
	p, err := Load(path, dir, Selection{})
	must(t, err)
	must(t, prepare(disk.OS, p, false))
	d, err := results.Create(dir, results.Options{Suite: string(p.Suite.Text), Columns: columns(p.Suite)})
	must(t, err)
	const batch = 2000
	for from := 0; from < len(p.Cells); from += batch {
		var runs []results.Run
		for _, c := range p.Cells[from:min(from+batch, len(p.Cells))] {
			run := results.Run{Cell: cellRow(c), Status: results.Done, Step: 1000, Timing: results.Timing{Host: "node1", Attempt: 1, Start: time.Now(), End: time.Now(), Wall: 1, Rate: 1000}}
			for i := range points {
				p := results.Point{Step: int64(i)}
				p.Set(metric.L1, 1/float64(i+2))
				p.Set(metric.JSD, 1/float64(i+3))
				run.Curve = append(run.Curve, p)
			}
			runs = append(runs, run)
		}
		must(t, d.Append(runs...))
	}
	return p
}

// peak returns the largest heap while f runs, beyond what was in use before, and the
// processor time that f uses.
func peak(t *testing.T, f func()) (most uint64, took time.Duration) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	busy := processorTime(t)
	f()
	took = processorTime(t) - busy
	close(stop)
	<-done
	return most - min(most, before), took
}

// TestManyResults checks that the work on the results of a sweep takes no more memory
// beyond the plan's for ten times as many cells, except for a few bytes per cell.
func TestManyResults(t *testing.T) {
	if os.Getenv("GFNBENCH_SOAK") == "" {
		t.Skip("writes 110,000 cells: set GFNBENCH_SOAK=1")
	}
	for _, cells := range []int{10_000, 100_000} {
		t.Run(fmt.Sprint(cells), func(t *testing.T) { manyAreCheap(t, cells) })
	}
}

func manyAreCheap(t *testing.T, cells int) {
	p := manyResults(t, cells, 10)
	d, err := results.Create(p.Dir, results.Options{Suite: string(p.Suite.Text), Columns: columns(p.Suite)})
	must(t, err)
	within := func(what string, most uint64, f func()) {
		bytes, took := peak(t, f)
		t.Logf("%s: %d MB, %v of the processor", what, bytes>>20, took.Round(10*time.Millisecond))
		if bytes>>20 > most {
			t.Errorf("%s takes %d MB beside the plan, want at most %d", what, bytes>>20, most)
		}
	}
	within("compaction", 300, func() { must(t, d.Compact()) })
	within("status", 250, func() { _, err = ReadStatus(p); must(t, err) })
	var digest string
	within("digest", 300, func() {
		s, err := Summarize(p)
		must(t, err)
		digest = s.Digest
	})
	out := t.TempDir()
	within("merge, with its plan", 600, func() {
		s, err := Merge([]string{p.Dir}, out, false, Options{})
		must(t, err)
		if s.Digest != digest || s.Statuses[results.Done] != cells {
			t.Errorf("merged: digest %s, want %s; %v", s.Digest, digest, s.Statuses)
		}
	})
	runtime.KeepAlive(p)
}

// processorTime returns the processor time of this process, which does not depend on
// other processes.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
