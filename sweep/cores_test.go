package sweep

import (
	"runtime"
	"testing"

	"gfnbench/results"
)

// TestCores checks that the cores of idle workers are shared out in whole numbers, and
// are never more than the machine has.
func TestCores(t *testing.T) {
	machine := runtime.GOMAXPROCS(8)
	defer runtime.GOMAXPROCS(machine)
	for _, c := range []struct{ options, workers, working, want int }{
		{8, 8, 8, 1}, {8, 8, 5, 1}, {8, 8, 4, 2}, {8, 8, 3, 2}, {8, 8, 1, 8},
		{8, 2, 2, 4}, {1, 1, 1, 1}, {100, 3, 3, 2}, {4, 4, 0, 1},
	} {
		x := &cores{}
		x.begin(c.options, c.workers)
		x.working.Store(int32(c.working))
		if got := x.share(); got != c.want {
			t.Errorf("of %d cores, with %d of %d workers at work: %d threads, want %d", c.options, c.working, c.workers, got, c.want)
		}
	}
	l := lent{threads: 1}
	l.count(10)
	l.threads = 4
	l.count(30)
	if got := l.mean(0, 30); got != 3 {
		t.Errorf("10 steps with one thread and 20 with four have %v on average, want 3", got)
	}
}

// TestLent checks that a sweep of one cell gets every worker's core, that its results do
// not change, and that its time records the threads.
func TestLent(t *testing.T) {
	machine := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(machine)
	sel := Selection{Set: []string{"seeds=1", `grid.1.objective=["tb"]`}, Filter: []string{"environment=grid"}}
	digests := make(map[string]bool)
	for workers, want := range map[int]float64{1: 0, 2: 2, 9: 3} {
		dir := t.TempDir()
		digests[run(t, tiny, dir, sel, Options{Workers: workers}).Digest] = true
		set, err := results.Read(dir)
		must(t, err)
		if got := set.Runs[0].Timing.Threads; len(set.Runs) != 1 || got != want {
			t.Errorf("%d workers, %d runs: %v threads, want %v", workers, len(set.Runs), got, want)
		}
	}
	if len(digests) != 1 {
		t.Errorf("digests %v", digests)
	}
}
