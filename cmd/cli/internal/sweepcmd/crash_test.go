package sweepcmd

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gfnbench/usage"
)

// long is a suite of short and long cells; the long ones write checkpoints.
const long = `schema = 1
name = "long"
[run]
seeds = 2
steps = 20
batch = 4
eval_every = 10
policy = { hidden = [4] }
checkpoint_every = "20ms"
[environment.short]
kind = "hypergrid"
dim = 1
height = 3
[environment.long]
kind = "sets"
elements = 6
size = 3
instance_seed = 1
steps = 2000
eval_every = 100
policy = { hidden = [16, 16] }
[[grid]]
objective = ["tb", "vargrad", "reverse-kl"]
control_variate = ["none", "loo"]
exploration = [0, 0.1]
importance = [true]
`

// sweepCommand returns a command that runs the program in a separate process.
func sweepCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asSweep+"=1")
	return c
}

// sweepOutput runs the program to its end.
func sweepOutput(t *testing.T, args ...string) string {
	t.Helper()
	c := sweepCommand(t, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("sweep %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// setup writes the suite, and returns its path, the digest of an uninterrupted
// run and how long that took.
func setup(t *testing.T) (suite, want string, took time.Duration) {
	t.Helper()
	suite = filepath.Join(t.TempDir(), "long.toml")
	if err := os.WriteFile(suite, []byte(long), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "whole")
	start := time.Now()
	sweepOutput(t, "run", suite, "-o", dir, "-j2", "-q")
	took = time.Since(start)
	t.Logf("an uninterrupted run takes %v", took)
	return suite, sweepOutput(t, "digest", dir), took
}

// A tally counts kills and what directories hold in the end.
type tally struct{ tried, lost, hidden, crashed int }

// add counts the cells without a result, and those outside of the plan.
func (c *tally) add(t *testing.T, dir string) {
	t.Helper()
	var s struct {
		Cells, Hidden int
		Statuses      map[string]int
	}
	if err := json.Unmarshal([]byte(sweepOutput(t, "status", dir, "--json")), &s); err != nil {
		t.Fatal(err)
	}
	c.lost += s.Cells - s.Statuses["done"]
	c.hidden += s.Hidden
}

// ended counts a process that was to be killed, by the error with which it ended.
func (c *tally) ended(err error) {
	if c.tried++; err != nil {
		c.crashed++
	}
}

// check logs the counts. Nothing may be lost or hidden.
func (c *tally) check(t *testing.T) {
	t.Helper()
	t.Logf("%d tried, %d lost, %d hidden, %d crashed", c.tried, c.lost, c.hidden, c.crashed)
	if c.lost > 0 || c.hidden > 0 {
		t.Error("a kill took or added a cell")
	}
}

// kills returns how often the program is killed.
func kills() int {
	if os.Getenv("GFNBENCH_SOAK") != "" {
		return 50
	}
	return 8
}

// The program is killed repeatedly at random moments. What it leaves is continued to the
// same digest.
func TestKills(t *testing.T) {
	suite, want, took := setup(t)
	var count tally
	defer count.check(t)
	for left := kills(); left > 0; {
		dir := filepath.Join(t.TempDir(), "killed")
		for {
			c := sweepCommand(t, "run", suite, "-o", dir, "-j2", "-q")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { _ = c.Process.Kill() })
			err := c.Wait()
			timer.Stop()
			count.ended(err)
			if err == nil {
				break
			}
			if left--; left <= 0 {
				sweepOutput(t, "run", suite, "-o", dir, "-j2", "-q")
				break
			}
		}
		if got := sweepOutput(t, "digest", dir); got != want {
			t.Fatalf("digest %s, want %s", got, want)
		}
		count.add(t, dir)
	}
}

// Several processes work on one directory while one of them at a time is killed, and the
// others take over its cells.
func TestKillsAmongSeveral(t *testing.T) {
	suite, want, took := setup(t)
	dir := filepath.Join(t.TempDir(), "shared")
	var all sync.WaitGroup
	var counting sync.Mutex
	var count tally
	for i := range 3 {
		all.Go(func() {
			for range kills() / 4 {
				if i == 0 {
					break // this one survives
				}
				c := sweepCommand(t, "run", suite, "-o", dir, "-j1", "-q")
				if err := c.Start(); err != nil {
					t.Error(err)
					return
				}
				timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { _ = c.Process.Kill() })
				err := c.Wait()
				timer.Stop()
				counting.Lock()
				count.ended(err)
				counting.Unlock()
			}
			if out, err := sweepCommand(t, "run", suite, "-o", dir, "-j1", "-q").CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	all.Wait()
	if got := sweepOutput(t, "digest", dir); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	count.add(t, dir)
	count.check(t)
}

// A signal ends the program, on an idle machine within five seconds, with exit code 4 and
// the command that continues.
func TestSignals(t *testing.T) {
	suite, want, took := setup(t)
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt, syscall.SIGHUP} {
		dir := filepath.Join(t.TempDir(), "stopped")
		if signal.Ignored(s) { // as under nohup
			continue
		}
		// Stop and continue until the sweep ends.
		stopped, delay := 0, took/3
		for {
			c := sweepCommand(t, "run", suite, "-o", dir, "-j2")
			var stderr bytes.Buffer
			c.Stderr = &stderr
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			var sent time.Time
			timer := time.AfterFunc(delay, func() { sent = time.Now(); _ = c.Process.Signal(s) })
			err := c.Wait()
			timer.Stop()
			if err == nil && stopped == 0 && delay > time.Millisecond { // the machine was faster than before
				delay /= 2
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err == nil {
				break
			}
			if waited := time.Since(sent); waited > 5*time.Second && os.Getenv("GFNBENCH_GUARD") != "" {
				t.Errorf("%v: it took %v to stop", s, waited)
			}
			delay += delay / 8 // the machine may be slower than before
			if strings.Contains(err.Error(), "signal:") {
				continue // it came before the program listened
			}
			if stopped++; exitCodeOf(err) != "4" || !strings.Contains(stderr.String(), "continue with: sweep run "+usage.QuotePath(suite)) {
				t.Fatalf("%v: %v\n%s", s, err, stderr.String())
			}
			if stopped > 100 {
				t.Fatalf("%v: no progress\n%s", s, stderr.String())
			}
		}
		// The digest is that of an undisturbed sweep.
		if got := sweepOutput(t, "digest", dir); got != want || stopped == 0 {
			t.Errorf("%v: digest %s after %d stops, want %s", s, got, stopped, want)
		}
	}
}

// An interrupted verify says that it starts again from the beginning.
func TestInterruptedVerify(t *testing.T) {
	suite, _, took := setup(t)
	dir := filepath.Join(t.TempDir(), "whole")
	sweepOutput(t, "run", suite, "-o", dir, "-q")
	for delay := took / 3; ; {
		c := sweepCommand(t, "verify", dir, "--all", "-j1")
		var stderr bytes.Buffer
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(delay, func() { _ = c.Process.Signal(os.Interrupt) })
		err := c.Wait()
		timer.Stop()
		if err == nil { // it came after the end
			delay /= 2
			continue
		}
		if strings.Contains(err.Error(), "signal:") { // it came before the program listened
			delay += delay / 2
			continue
		}
		if exitCodeOf(err) != "4" || !strings.Contains(stderr.String(), "nothing was kept, begin again with: sweep verify "+usage.QuotePath(dir)) {
			t.Errorf("%v\n%s", err, stderr.String())
		}
		return
	}
}
