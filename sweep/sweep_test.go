package sweep

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/trainer/trainertest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tiny is a suite of 12 small cells of different cost.
const tiny = `schema = 1
name = "tiny"
[run]
seeds = 2
steps = 8
batch = 4
eval_every = 3
policy = { hidden = [4] }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 3
[environment.sets]
kind = "sets"
elements = 4
size = 2
instance_seed = 1
policy = { hidden = [8] }
[[grid]]
objective = ["tb", "reverse-kl", "vargrad"]
`

// load writes a suite to a file and loads it, with results in dir.
func load(t testing.TB, text, dir string, sel Selection) *Plan {
	t.Helper()
	path := filepath.Join(t.TempDir(), "suite.toml")
	must(t, os.WriteFile(path, []byte(text), 0o644))
	p, err := Load(path, dir, sel)
	must(t, err)
	return p
}

// run runs a suite in dir and returns what it left behind.
func run(t testing.TB, text, dir string, sel Selection, o Options) *Summary {
	t.Helper()
	s, err := Run(context.Background(), load(t, text, dir, sel), o)
	must(t, err)
	return s
}

// expect returns the digest of an uninterrupted run with one worker.
func expect(t testing.TB, text string) string {
	t.Helper()
	s := run(t, text, filepath.Join(t.TempDir(), "want"), Selection{}, Options{})
	if n := s.Statuses[results.Done] + s.Statuses[results.Diverged] + s.Statuses[results.Pruned]; n != s.Cells || n == 0 {
		t.Fatalf("the run to compare with has %v of %d cells", s.Statuses, s.Cells)
	}
	return s.Digest
}

func TestWorkers(t *testing.T) {
	want := expect(t, tiny)
	for _, workers := range []int{1, 2, 8, math.MaxInt} { // no more goroutines than cells
		dir := t.TempDir()
		s := run(t, tiny, dir, Selection{}, Options{Workers: workers})
		if s.Digest != want || s.Statuses[results.Done] != 12 {
			t.Errorf("%d workers: digest %s with %v, want %s", workers, s.Digest, s.Statuses, want)
		}
		for _, left := range []string{lease.Folder, lease.Workers, journalDir} {
			if entries, err := os.ReadDir(filepath.Join(dir, left)); len(entries) > 0 || err != nil {
				t.Errorf("%d workers: %s holds %v, %v", workers, left, entries, err)
			}
		}
		again := run(t, tiny, dir, Selection{}, Options{Workers: workers})
		if again.Digest != want || again.Cached != 12 {
			t.Errorf("%d workers, again: digest %s, %d cached", workers, again.Digest, again.Cached)
		}
	}
}

func TestShards(t *testing.T) {
	want := expect(t, tiny)
	for _, count := range []int{1, 3, 7} {
		var dirs []string
		cells := 0
		for i := range count {
			dir := filepath.Join(t.TempDir(), "shard")
			s := run(t, tiny, dir, Selection{Shard: Shard{i + 1, count}}, Options{})
			cells += s.Cells
			dirs = append(dirs, dir)
		}
		if cells != 12 {
			t.Errorf("%d shards have %d cells, want 12", count, cells)
		}
		s, err := Merge(dirs, filepath.Join(t.TempDir(), "all"), false, Options{})
		must(t, err)
		if s.Digest != want || s.Statuses[results.Done] != 12 {
			t.Errorf("%d shards: digest %s with %v, want %s", count, s.Digest, s.Statuses, want)
		}
	}
}

// Shards may share one directory.
func TestShardsInOneDirectory(t *testing.T) {
	want := expect(t, tiny)
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 3 {
		p := load(t, tiny, dir, Selection{Shard: Shard{i + 1, 3}})
		all.Go(func() {
			if _, err := Run(context.Background(), p, Options{NoWait: true}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s := run(t, tiny, dir, Selection{}, Options{}); s.Digest != want || s.Cached != 12 {
		t.Errorf("digest %s with %d cells of the shards, want %s", s.Digest, s.Cached, want)
	}
}

// Processes that share a directory run every cell of any grid exactly once.
func TestProcessesCoverAGridOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		processes := rapid.IntRange(2, 5).Draw(rt, "processes")
		workers := rapid.IntRange(1, 3).Draw(rt, "workers")
		seeds := rapid.IntRange(1, 40).Draw(rt, "seeds")
		steps := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 1, 3, rapid.ID).Draw(rt, "steps")
		text := fmt.Sprintf("schema = 1\nname = \"grid\"\n[run]\nseeds = %d\nbatch = 2\npolicy = { hidden = [2] }\n[environment.g]\nkind = \"hypergrid\"\ndim = 1\nheight = 2\n[[grid]]\nobjective = [\"tb\", \"vargrad\"]\nsteps = %s\n",
			seeds, strings.ReplaceAll(fmt.Sprint(steps), " ", ", "))
		dir := t.TempDir()
		counts := make([]*Progress, processes)
		var all sync.WaitGroup
		for i := range processes {
			counts[i] = NewProgress(nil, Quiet)
			p := load(t, text, dir, Selection{})
			all.Go(func() {
				if _, err := Run(context.Background(), p, Options{Workers: workers, Progress: counts[i], FS: unsynced{disk.OS}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ran, cells := 0, 2*seeds*len(steps)
		for _, c := range counts {
			for _, cell := range c.cells {
				if cell.status == results.Done {
					ran++
				}
			}
		}
		set, err := results.Read(dir)
		must(t, err)
		if ran != cells || len(set.Runs) != cells {
			rt.Fatalf("%d processes ran %d cells and recorded %d, want %d", processes, ran, len(set.Runs), cells)
		}
	})
}

// watched is a file system that calls renamed after each rename.
type watched struct {
	disk.FS
	renamed func(to string)
}

func (w watched) Rename(from, to string) error {
	err := w.FS.Rename(from, to)
	w.renamed(to)
	return err
}

// runToCheckpoint runs until a checkpoint is written, or to the end if whole.
func runToCheckpoint(p *Plan, whole bool) (*Summary, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return Run(ctx, p, Options{Workers: 2, FS: watched{unsynced{disk.OS}, func(to string) {
		if !whole && strings.Contains(to, checkpointsDir) {
			cancel()
		}
	}}})
}

// An interrupted cell continues in the middle, to the same bits.
func TestResumeWithinACell(t *testing.T) {
	text := strings.Replace(tiny, "steps = 8", "steps = 100", 1)
	text = strings.Replace(text, `["tb", "reverse-kl", "vargrad"]`, `["tb"]`, 1)
	want := expect(t, text)
	text = strings.Replace(text, "[run]", "[run]\ncheckpoint_every = \"1ns\"", 1)
	dir := t.TempDir()
	continued := 0
	for i := 0; ; i++ {
		s, err := runToCheckpoint(load(t, text, dir, Selection{}), i >= 5)
		if err == nil {
			if s.Digest != want {
				t.Errorf("digest %s after %d interruptions, want %s", s.Digest, i, want)
			}
			break
		}
		if err != ErrInterrupted || s.Digest != "" {
			t.Fatalf("%v, digest %q", err, s.Digest)
		}
		set, err := results.Read(dir)
		must(t, err)
		for _, r := range set.Runs {
			if c, _ := readCheckpoint(disk.OS, dir, r.ID); r.Status == results.Interrupted && c != nil && r.Step > 0 {
				continued++
			}
		}
	}
	if continued == 0 {
		t.Error("no cell was interrupted with a checkpoint")
	}
	if found, _ := filepath.Glob(filepath.Join(dir, checkpointsDir, "*", "*")); len(found) > 0 {
		t.Errorf("checkpoints are left: %v", found)
	}
	set, err := results.Read(dir)
	must(t, err)
	if !slices.ContainsFunc(set.Runs, func(r results.Run) bool { return r.Timing.Attempt > 1 }) {
		t.Error("every cell is at its first attempt")
	}
}

func TestDamagedCheckpoint(t *testing.T) {
	dir := t.TempDir()
	p := load(t, tiny, dir, Selection{})
	want := expect(t, tiny)
	path := checkpointPath(dir, p.Cells[0].ID)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	good, err := encodeCheckpoint(&checkpoint{Cell: p.Cells[0].ID, Trainer: []byte("no state")})
	must(t, err)
	for name, b := range map[string][]byte{
		"empty": {}, "truncated": good[:len(good)-3], "altered": append(slices.Clone(good[:len(good)-1]), good[len(good)-1]^1), "foreign": []byte("hello\nworld"), "unusable": good,
	} {
		must(t, os.WriteFile(path, b, 0o644))
		var log strings.Builder
		s, err := Run(context.Background(), load(t, tiny, dir, Selection{}), Options{Progress: NewProgress(&log, Lines)})
		must(t, err)
		if s.Digest != want || !strings.Contains(log.String(), path) {
			t.Errorf("%s: digest %s, log %q", name, s.Digest, log.String())
		}
		if _, err := os.Stat(path + ".damaged"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, os.RemoveAll(filepath.Join(dir, "runs.parquet")))
		must(t, os.RemoveAll(filepath.Join(dir, "curves.parquet")))
		must(t, os.RemoveAll(filepath.Join(dir, "timing.parquet")))
		must(t, os.RemoveAll(filepath.Join(dir, "instances.parquet")))
		must(t, os.RemoveAll(path+".damaged"))
	}
}

// fragile is a hypergrid that panics or has NaN rewards if an environment variable says
// so.
type fragile struct{ env.Discrete }

func (f fragile) Kind() string { return "fragile" }

func (f fragile) LogReward(x []uint64) float64 {
	switch os.Getenv("GFNBENCH_FRAGILE") {
	case "panic":
		panic("the reward broke")
	}
	return f.Discrete.LogReward(x)
}

func TestMain(m *testing.M) {
	trainertest.Main()
	hypergrid := kinds.Lookup("hypergrid")
	kinds.All = append(kinds.All, &env.Kind{Name: "fragile", Params: hypergrid.Params, Policies: hypergrid.Policies, New: func(p param.Values) (env.Environment, error) {
		e, err := hypergrid.New(p)
		return fragile{e.(env.Discrete)}, err
	}})
	flag.Parse()
	if os.Getenv("GFNBENCH_SOAK") == "" {
		_ = flag.Set("rapid.checks", "25") // the flag exists
	}
	os.Exit(m.Run())
}

func TestFailureIsRecordedAndRetried(t *testing.T) {
	text := strings.Replace(tiny, `kind = "hypergrid"`, `kind = "fragile"`, 1)
	want := expect(t, text)
	dir := t.TempDir()
	t.Setenv("GFNBENCH_FRAGILE", "panic")
	s := run(t, text, dir, Selection{}, Options{Workers: 2})
	if s.Failed() != 6 || s.Statuses[results.Done] != 6 {
		t.Fatalf("%v, want 6 failed and 6 done", s.Statuses)
	}
	st, err := ReadStatus(load(t, text, dir, Selection{}))
	must(t, err)
	if len(st.Failures) != 1 || st.Failures[0].Message != "panic: the reward broke" || len(st.Failures[0].Cells) != 6 {
		t.Errorf("failures are %+v", st.Failures)
	}
	set, err := results.Read(dir)
	must(t, err)
	if r := set.Find(st.Failures[0].Cells[0]); !strings.Contains(r.Timing.Stack, "fragile") {
		t.Errorf("the stack is %q", r.Timing.Stack)
	}
	t.Setenv("GFNBENCH_FRAGILE", "")
	if s = run(t, text, dir, Selection{}, Options{}); s.Failed() != 6 || s.Cached != 12 {
		t.Errorf("without retry: %v", s.Statuses)
	}
	s = run(t, text, dir, Selection{}, Options{Retry: []results.Status{results.Failed}})
	if s.Digest != want || s.Failed() != 0 {
		t.Errorf("after retry: digest %s with %v, want %s", s.Digest, s.Statuses, want)
	}
	set, err = results.Read(dir)
	must(t, err)
	if r := set.Find(st.Failures[0].Cells[0]); r.Timing.Attempt != 2 {
		t.Errorf("attempt %d, want 2", r.Timing.Attempt)
	}
}

func TestTimeout(t *testing.T) {
	slow := strings.Replace(tiny, "steps = 8", "steps = 3000", 1)
	want := expect(t, slow)
	dir := t.TempDir()
	s := run(t, slow, dir, Selection{Set: []string{"timeout=10ms"}}, Options{})
	if s.Statuses[results.Timeout] == 0 || s.Failed() == 0 {
		t.Fatalf("%v, want cells that timed out", s.Statuses)
	}
	s = run(t, slow, dir, Selection{}, Options{Retry: []results.Status{results.Timeout}})
	if s.Digest != want {
		t.Errorf("after retry: digest %s with %v, want %s", s.Digest, s.Statuses, want)
	}
}

func TestVerifyFindsAChange(t *testing.T) {
	text := strings.Replace(tiny, `kind = "hypergrid"`, `kind = "fragile"`, 1)
	dir := t.TempDir()
	run(t, text, dir, Selection{}, Options{})
	v, err := Verify(context.Background(), load(t, text, dir, Selection{}), 0, Options{Workers: 2})
	must(t, err)
	if v.Cells != 12 || len(v.Mismatches) != 0 {
		t.Errorf("%+v, want 12 cells without mismatch", v)
	}
	t.Setenv("GFNBENCH_FRAGILE", "panic")
	v, err = Verify(context.Background(), load(t, text, dir, Selection{}), 0, Options{})
	must(t, err)
	if len(v.Mismatches) != 6 || !strings.Contains(v.Mismatches[0].What, "panic: the reward broke") {
		t.Errorf("%+v, want 6 mismatches", v)
	}
}

// TestTauOfEveryDefinition: an instance records the log-reward of a mode for every
// definition that its cells have. The reward of a set with one element is exp(f), so the
// quantiles 0 and 1 are the smallest and the largest f.
func TestTauOfEveryDefinition(t *testing.T) {
	dir := t.TempDir()
	run(t, `
schema = 1
name = "tau"
[run]
seeds = 1
steps = 1
batch = 2
[environment.one]
kind = "sets"
elements = 3
size = 1
f = [0.5, 0.25, 0.75]
[[grid]]
objective = ["tb"]
"modes.quantile" = [0.0, 1.0]
`, dir, Selection{}, Options{})
	set, err := results.Read(dir)
	must(t, err)
	got := map[string]float64{}
	for _, f := range set.Instances[0].Fields {
		if strings.HasPrefix(f.Name, "log_tau") {
			got[f.Name] = f.Numbers[0]
		}
	}
	want := map[string]float64{"log_tau[modes.quantile=0,eval.max_states=1000000]": 0.25, "log_tau[modes.quantile=1,eval.max_states=1000000]": 0.75}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestDivergedEstimates: a run that diverges with estimated metrics is a result like any
// other, and does not affect its neighbours.
func TestDivergedEstimates(t *testing.T) {
	dir := t.TempDir()
	s := run(t, `
schema = 1
name = "diverges"
[run]
seeds = 1
steps = 20
batch = 4
[environment.mixture]
kind = "gmm"
[environment.sampled]
kind = "sets"
elements = 6
size = 3
instance_seed = 1
eval = { mode = "sampled" }
[[grid]]
objective = ["vargrad"]
[[grid]]
objective = ["tb"]
"optimizer.log_z_init" = [1e300]
`, dir, Selection{}, Options{Workers: 2})
	if s.Statuses[results.Diverged] != 2 || s.Statuses[results.Done] != 2 {
		t.Fatalf("%v", s.Statuses)
	}
	set, err := results.Read(dir)
	must(t, err)
	for i := range set.Runs {
		r := &set.Runs[i]
		final := r.Final()
		tv, ok := final.Get(metric.TV)
		if !ok || math.IsNaN(tv) != (r.Status == results.Diverged) {
			t.Errorf("%s in %s is %s with tv %v, %v", r.Objective, r.Environment, r.Status, tv, ok)
		}
	}
}

// TestTauOfSamples: a cell's threshold does not depend on which cells were trained earlier
// in the process, even if their limits let the states be enumerated.
func TestTauOfSamples(t *testing.T) {
	const text = `
schema = 1
name = "limits"
[run]
seeds = 1
steps = 1
batch = 16
modes = { quantile = 0.9 }
[environment.sets]
kind = "sets"
elements = 12
size = 6
instance_seed = 1
[[grid]]
objective = ["tb"]
"eval.max_states" = [10, 1_000_000]
`
	want := run(t, text, t.TempDir(), Selection{}, Options{}).Digest
	dir := t.TempDir()
	for i := 2; i >= 1; i-- {
		run(t, text, dir, Selection{Shard: Shard{Index: i, Count: 2}}, Options{})
	}
	if got := run(t, text, dir, Selection{}, Options{}).Digest; got != want {
		t.Errorf("digest %s in parts, %s at once", got, want)
	}
}
