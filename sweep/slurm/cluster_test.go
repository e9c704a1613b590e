package slurm

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gfnbench/sweep/cluster"
)

// quick is a suite of 24 cells that take no time, one per task if tasks are short; slow
// is one of four cells that take seconds each, so that hold finds them at work.
const (
	quick = `schema = 1
name = "quick"
[run]
seeds = 8
steps = 20
batch = 4
eval_every = 5
policy = { hidden = [4] }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "reverse-kl"]
[slurm]
task_minutes = 1e-9
`
	slow = `schema = 1
name = "slow"
[run]
seeds = 2
steps = 150_000
batch = 16
eval_every = 20_000
policy = { hidden = [32, 32] }
checkpoint_every = "300ms"
[environment.sets]
kind = "sets"
elements = 8
size = 4
instance_seed = 1
[[grid]]
objective = ["tb", "vargrad"]
[slurm]
task_minutes = 1e-9
`
)

// A site is the cluster that .ci/slurm.sh runs, with a program to submit.
type site struct {
	*testing.T
	program string
	home    string // a folder that every node sees
}

var (
	build   sync.Once
	program string
	local   sync.Map // digests of local runs, by suite
)

func TestMain(m *testing.M) {
	code := m.Run()
	if program != "" {
		_ = os.RemoveAll(filepath.Dir(program)) // a temporary folder
	}
	os.Exit(code)
}

func onCluster(t *testing.T) *site {
	t.Helper()
	if os.Getenv("GFNBENCH_SLURM_TEST") == "" {
		t.Skip("needs a Slurm cluster: make test-slurm starts one")
	}
	build.Do(func() {
		dir, err := os.MkdirTemp("", "sweep-slurm")
		if err != nil {
			t.Fatal(err)
		}
		program = filepath.Join(dir, "sweep")
		if out, err := exec.Command("go", "build", "-o", program, "../../cmd/sweep").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
	s := &site{t, program, t.TempDir()}
	t.Cleanup(func() { // before the folder is removed
		if left := s.ids(); len(left) > 0 {
			_ = exec.Command("scancel", left...).Run() // the next wait tells
			s.wait("the cluster is empty", 30*time.Second, func() bool { return len(s.ids()) == 0 })
		}
	})
	return s
}

// ids returns the jobs on the cluster.
func (s *site) ids() []string {
	return strings.Fields(s.output(exec.Command("squeue", "-h", "-o", "%F")))
}

// suite writes a suite and returns its path, and the digest of a local run.
func (s *site) suite(text string) (path, digest string) {
	s.Helper()
	path = filepath.Join(s.home, "suite.toml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
	if known, ok := local.Load(text); ok {
		return path, known.(string)
	}
	dir := filepath.Join(s.home, "local")
	s.sweep("run", path, "-o", dir, "-q")
	digest = s.sweep("digest", dir)
	local.Store(text, digest)
	return path, digest
}

// sweep runs the program and returns what it prints.
func (s *site) sweep(args ...string) string {
	s.Helper()
	return s.output(exec.Command(s.program, args...))
}

func (s *site) output(c *exec.Cmd) string {
	s.Helper()
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		s.Fatalf("%s: %v\n%s%s", strings.Join(c.Args, " "), err, out, &stderr)
	}
	return string(out)
}

// node applies a verb to a node.
func (s *site) node(verb, name string) {
	s.Helper()
	s.output(exec.Command("../../.ci/slurm.sh", verb, name))
}

func (s *site) wait(what string, most time.Duration, is func() bool) {
	s.Helper()
	for start := time.Now(); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Since(start) > most {
			queue, _ := exec.Command("squeue", "--array", "-t", "all").CombinedOutput()
			s.Fatalf("not within %v: %s\n%s", most, what, queue)
		}
	}
}

// hold waits until n cells of a sweep have a checkpoint, and stops its tasks, so that no
// cell ends while the test looks. Slurm lets a task go on that it cancels; the others
// wait for release.
func (s *site) hold(dir string, n int) (held processes) {
	s.Helper()
	s.wait("checkpoints", 30*time.Second, func() bool { return checkpoints(dir) >= n })
	held = strings.Fields(s.output(exec.Command("pgrep", "-f", "cluster/sweep[^ ]* task "+dir)))
	_ = held.signal("-STOP") // none is left only where one has just ended
	return held
}

// processes are the numbers of the processes of tasks.
type processes []string

// signal fails where one of them is gone. The others get the signal all the same.
func (p processes) signal(which string) error {
	return exec.Command("kill", append([]string{which}, p...)...).Run()
}

func (p processes) release() { _ = p.signal("-CONT") }

// tasks returns the tasks of a sweep directory in the given state.
func (s *site) tasks(dir, state string) (list []cluster.Task) {
	s.Helper()
	r, err := cluster.ReadRecord(dir)
	if err != nil {
		s.Fatal(err)
	}
	all, err := cluster.State(s.Context(), &Engine{}, r)
	if err != nil {
		s.Fatal(err)
	}
	for _, t := range all {
		if t.State == state {
			list = append(list, t)
		}
	}
	return list
}

// over waits for the last job and compares the results with those of a local run.
func (s *site) over(dir, digest string) {
	s.Helper()
	s.wait("the sweep is over", 2*time.Minute, func() bool {
		return len(s.tasks(dir, cluster.Queued))+len(s.tasks(dir, cluster.Running)) == 0
	})
	if got := s.sweep("digest", dir); got != digest {
		s.Errorf("digest %s, want %s; %s\n%s", got, digest, s.sweep("status", dir), s.logs(dir))
	}
	if _, err := os.Stat(filepath.Join(dir, "runs.parquet")); err != nil {
		s.Errorf("the last job has not written the files: %v\n%s", err, s.logs(dir))
	}
}

// logs returns what all tasks of a sweep printed.
func (s *site) logs(dir string) string {
	var all strings.Builder
	paths, _ := filepath.Glob(filepath.Join(dir, "cluster/logs/*"))
	for _, p := range paths {
		b, _ := os.ReadFile(p)
		all.WriteString(filepath.Base(p) + ":\n" + string(b))
	}
	return all.String()
}
