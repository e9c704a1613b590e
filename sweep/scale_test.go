package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// manyCells returns a suite with 2,000 cells for each of n learning rates.
func manyCells(n int) string {
	rates := make([]string, n)
	for i := range rates {
		rates[i] = fmt.Sprintf("%.6g", 1e-4*(1+float64(i)/100))
	}
	return `schema = 1
name = "many"
[run]
seeds = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 8
[environment.sets]
kind = "sets"
elements = 16
size = 8
instance_seed = 1
[[grid]]
objective = ["tb", "vargrad", "reverse-kl", "renyi"]
alpha = [0.5, -1.0]
control_variate = ["none", "loo"]
"policy.hidden" = [[64, 64], [32, 32], [16, 16], [8, 8], [128, 128]]
batch = [8, 16, 32, 64, 128]
"optimizer.lr" = [` + strings.Join(rates, ", ") + `]
`
}

// guard is set if make guard runs the tests on an idle machine, so times can be compared
// with bars.
var guard = os.Getenv("GFNBENCH_GUARD") != ""

// A hundred thousand cells can be planned in 500 MB and, on an idle machine, in two
// seconds.
func TestLargePlan(t *testing.T) {
	if testing.Short() {
		t.Skip("plans 100,000 cells")
	}
	path := filepath.Join(t.TempDir(), "many.toml")
	must(t, os.WriteFile(path, []byte(manyCells(50)), 0o644))
	var before, m runtime.MemStats
	runtime.ReadMemStats(&before) // of the tests before
	start := time.Now()
	p, err := Load(path, filepath.Join(t.TempDir(), "none"), Selection{})
	must(t, err)
	f, err := Predict(p, 2)
	must(t, err)
	took := time.Since(start)
	runtime.ReadMemStats(&m)
	taken := (m.Sys - before.Sys) >> 20
	t.Logf("%v, %d MB from the system", took, taken)
	if f.Cells != 100_000 || f.New != 100_000 {
		t.Errorf("%d cells, %d to run", f.Cells, f.New)
	}
	if limit := 2 * time.Second; took > limit && guard {
		t.Errorf("it took %v, want at most %v", took, limit)
	}
	if taken > 500 {
		t.Errorf("%d MB from the system, want at most 500", taken)
	}
	if n := len(p.blocks); n < 1000 || n > 100_000 {
		t.Errorf("%d blocks", n)
	}
}

// tinyCells returns a suite of n cells that take no time.
func tinyCells(n int) string {
	return fmt.Sprintf(`schema = 1
name = "tiny"
[run]
seeds = %d
steps = 1
batch = 2
policy = { hidden = [2] }
[environment.g]
kind = "hypergrid"
dim = 1
height = 2
[[grid]]
objective = ["tb"]
`, n)
}

// Ten thousand tiny cells leave few files behind and, on an idle machine, cost less than
// a millisecond each, including training and compaction.
func TestTinyCells(t *testing.T) {
	n := 1500
	if os.Getenv("GFNBENCH_SOAK") != "" {
		n = 10_000
	}
	dir := t.TempDir()
	counting := &disk.Faulty{FS: disk.OS}
	most := 0
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				for _, sub := range []string{"", journalDir, lease.Folder, lease.Workers} {
					entries, _ := os.ReadDir(filepath.Join(dir, sub))
					most = max(most, len(entries))
				}
			}
		}
	}()
	start := time.Now()
	s := run(t, tinyCells(n), dir, Selection{}, Options{Workers: 2, FS: counting})
	each := time.Since(start) / time.Duration(n)
	close(stop)
	<-watched
	t.Logf("%v for each of %d cells, %d operations that change files, at most %d files in a directory", each, n, counting.Ops(), most)
	if s.Statuses[results.Done] != n {
		t.Errorf("%v", s.Statuses)
	}
	if each > time.Millisecond && guard {
		t.Errorf("%v for each cell, want at most 1 ms", each)
	}
	if most > 1000 {
		t.Errorf("%d files in one directory", most)
	}
}
