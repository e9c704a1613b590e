package sweepcmd

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// halved tunes three objectives by halving.
const halved = `schema = 1
name   = "halved"
[run]
seeds = 3
steps = 300
batch = 32
eval_every = 20
checkpoint_every = "50ms"
policy = { hidden = [32] }
[environment.grid]
kind = "hypergrid"
[[grid]]
objective      = ["tb", "vargrad", "reverse-kl"]
"optimizer.lr" = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1.0, 30.0]
[tune]
metric  = "l1"
seeds   = [1000, 1001, 1002]
halving = { eta = 3, rungs = [60, 180] }
`

// TestKillsWhileTuning: three shards of a tuned sweep in one directory, each killed
// repeatedly, decide like one process that is never killed.
func TestKillsWhileTuning(t *testing.T) {
	suite := filepath.Join(t.TempDir(), "halved.toml")
	if err := os.WriteFile(suite, []byte(halved), 0o644); err != nil {
		t.Fatal(err)
	}
	whole, dir := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "killed")
	start := time.Now()
	sweepOutput(t, "run", suite, "-o", whole, "-j2", "-q")
	took := time.Since(start)
	want := sweepOutput(t, "digest", whole)
	each := kills() // of every shard
	if os.Getenv("GFNBENCH_SOAK") == "" {
		each = 3
	}
	killed := 0
	var all sync.WaitGroup
	var count sync.Mutex
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		all.Go(func() {
			for range each {
				c := sweepCommand(t, "run", suite, "-o", dir, "-j1", "-q", "--shard", shard)
				if err := c.Start(); err != nil {
					t.Error(err)
					return
				}
				timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took)/4)), func() { _ = c.Process.Kill() })
				err := c.Wait() // killed or not
				timer.Stop()
				count.Lock()
				if err != nil && !c.ProcessState.Exited() {
					killed++
				}
				count.Unlock()
			}
			if out, err := sweepCommand(t, "run", suite, "-o", dir, "-j1", "-q", "--shard", shard).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	all.Wait()
	t.Logf("%d of %d processes were killed", killed, 3*each)
	if got := sweepOutput(t, "digest", dir); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}
