package sweep

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
)

// unsynced leaves out fsync, which takes most of the time and makes no difference to
// these tests.
type unsynced struct{ disk.FS }

func (unsynced) SyncDir(string) error { return nil }

func (u unsynced) Create(path string) (disk.File, error) {
	f, err := u.FS.Create(path)
	return unsyncedFile{f}, err
}

type unsyncedFile struct{ disk.File }

func (unsyncedFile) Sync() error { return nil }

// four is a suite of four cells, one of which writes checkpoints.
const four = `schema = 1
name = "four"
[run]
seeds = 2
steps = 3
batch = 2
policy = { hidden = [2] }
checkpoint_every = "1ns"
[environment.g]
kind = "hypergrid"
dim = 1
height = 2
[[grid]]
objective = ["tb", "vargrad"]
`

// A tally counts what faults did: how many were tried, how many runs they ended, and of
// the results afterwards how many planned cells have none and how many lie outside of
// the plan.
type tally struct{ tried, crashed, lost, hidden atomic.Int64 }

// add counts a run that a fault was to disturb and what the directory holds after the
// next one.
func (c *tally) add(first error, again *Summary) {
	c.tried.Add(1)
	if first != nil {
		c.crashed.Add(1)
	}
	if again != nil {
		c.lost.Add(int64(again.Cells - again.Statuses[results.Done]))
		c.hidden.Add(int64(again.Outside))
	}
}

// check logs the counts. Nothing may be lost or hidden.
func (c *tally) check(t *testing.T) {
	t.Helper()
	t.Logf("%d tried, %d lost, %d hidden, %d crashed", c.tried.Load(), c.lost.Load(), c.hidden.Load(), c.crashed.Load())
	if c.lost.Load() > 0 || c.hidden.Load() > 0 {
		t.Error("a fault took or added a cell")
	}
}

// checkFaults also fails if no fault ended a run.
func (c *tally) checkFaults(t *testing.T) {
	t.Helper()
	if c.check(t); c.crashed.Load() == 0 {
		t.Error("no fault ended a run")
	}
}

// Whatever operation of the file system fails, or is the last before a crash,
// the next run completes the results.
func TestRunSurvivesEveryFault(t *testing.T) {
	want := expect(t, four)
	o := func(fsys disk.FS) Options {
		return Options{FS: fsys, Silence: 8 * time.Millisecond}
	}
	counting := &disk.Faulty{FS: unsynced{disk.OS}}
	run(t, four, t.TempDir(), Selection{}, o(counting))
	step := 11
	if testing.Short() {
		step = 97
	}
	if os.Getenv("GFNBENCH_SOAK") != "" {
		step = 1
	}
	var all sync.WaitGroup
	var count tally
	atOnce := make(chan struct{}, 8) // they mostly wait
	for op := 1; op <= counting.Ops(); op += step {
		for _, f := range []*disk.Faulty{{FS: unsynced{disk.OS}, FailAt: op}, {FS: unsynced{disk.OS}, CrashAt: op}} {
			dir := t.TempDir()
			first, second := load(t, four, dir, Selection{}), load(t, four, dir, Selection{})
			atOnce <- struct{}{}
			all.Go(func() {
				defer func() { <-atOnce }()
				s, err := Run(context.Background(), first, o(f))
				if err == nil && s.Digest != want {
					t.Errorf("operation %d, crash at %d: digest %s without an error", op, f.CrashAt, s.Digest)
				}
				if err != nil && !strings.Contains(err.Error(), dir) {
					t.Errorf("operation %d, crash at %d: the error names no file: %v", op, f.CrashAt, err)
				}
				ended := err
				again, err := Run(context.Background(), second, o(unsynced{disk.OS}))
				count.add(ended, again)
				if err != nil || again.Digest != want {
					t.Errorf("operation %d, crash at %d: rerun: %+v, %v; log %v", op, f.CrashAt, again, err, f.Log())
				}
			})
		}
	}
	all.Wait()
	count.checkFaults(t)
}

func TestDiskFull(t *testing.T) {
	want := expect(t, four)
	var count tally
	defer count.checkFaults(t)
	for space := int64(100); ; space *= 2 {
		dir := t.TempDir()
		_, err := Run(context.Background(), load(t, four, dir, Selection{}), Options{FS: &disk.Faulty{FS: unsynced{disk.OS}, Space: space}, Silence: 8 * time.Millisecond})
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space and run the same command again") {
			t.Errorf("%d bytes: %v", space, err)
		}
		s := run(t, four, dir, Selection{}, Options{FS: unsynced{disk.OS}})
		if count.add(err, s); s.Digest != want {
			t.Errorf("%d bytes: digest %s after space was freed, want %s", space, s.Digest, want)
		}
	}
}

func TestDirectoryVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	text := strings.Replace(four, "steps = 3", "steps = 200", 1)
	var once sync.Once
	fsys := watched{unsynced{disk.OS}, func(to string) {
		if strings.Contains(to, checkpointsDir) {
			once.Do(func() { _ = os.RemoveAll(dir) })
		}
	}}
	_, err := Run(context.Background(), load(t, text, dir, Selection{}), Options{FS: fsys})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("%v, want an error that says what is missing", err)
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root writes into read-only directories")
	}
	dir := t.TempDir()
	want := run(t, four, dir, Selection{}, Options{}).Digest
	must(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)
	if s := run(t, four, dir, Selection{}, Options{}); s.Digest != want {
		t.Errorf("digest %s of what is there, want %s", s.Digest, want)
	}
	_, err := Run(context.Background(), load(t, four, dir, Selection{Set: []string{"seeds=3"}}), Options{})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, want a refusal", err)
	}
}

// A finished directory is read, not written.
func TestNothingToDoWritesNothing(t *testing.T) {
	dir := t.TempDir()
	run(t, four, dir, Selection{}, Options{})
	f := &disk.Faulty{FS: disk.OS}
	run(t, four, dir, Selection{}, Options{FS: f})
	if f.Ops() > 0 {
		t.Errorf("operations: %v", f.Log())
	}
}

// A damaged file among the results is named, and nothing is overwritten.
func TestDamagedResultsAreRefused(t *testing.T) {
	for _, damage := range []func(b []byte) []byte{
		func(b []byte) []byte { return b[:len(b)/2] },
		func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		func([]byte) []byte { return []byte("PAR1 no PAR1") },
		func([]byte) []byte { return nil },
	} {
		dir := t.TempDir()
		run(t, four, dir, Selection{}, Options{})
		path := filepath.Join(dir, "runs.parquet")
		b, err := os.ReadFile(path)
		must(t, err)
		b = damage(b)
		must(t, os.WriteFile(path, b, 0o644))
		_, err = Run(context.Background(), load(t, four, dir, Selection{Set: []string{"seeds=3"}}), Options{})
		if _, refused := errors.AsType[*results.RefusedError](err); !refused || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want a refusal of %s", err, path)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != string(b) {
			t.Errorf("the damaged file was changed: %v", err)
		}
	}
}
