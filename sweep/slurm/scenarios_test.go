package slurm

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gfnbench/results"
	"gfnbench/sweep/cluster"
)

// More tasks than an array has indices (MaxArraySize is 8 there) run in a directory whose
// name sbatch and the shell could misread.
func TestClusterGivesTheLocalDigest(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(quick)
	dir := filepath.Join(s.home, "it's 100%a")
	out := s.sweep("submit", suite, "--slurm", "-o", dir, "--time", "10", "--memory", "100M", "--constraint", "local", "--sbatch", "comment=a b")
	if !strings.Contains(out, "24 cells in 24 tasks") {
		t.Errorf("submit says %s", out)
	}
	s.over(dir, want)
	r, err := cluster.ReadRecord(dir)
	if err != nil || len(r.Jobs) != 4 {
		t.Errorf("24 tasks and the last job are %+v, %v; want 3 arrays of 8 and 1", r, err)
	}
	if out := s.sweep("submit", dir, "--slurm"); !strings.Contains(out, "nothing to submit") {
		t.Errorf("submitted again: %s", out)
	}
}

// A cancelled sweep keeps its finished cells and its checkpoints; retry submits the rest.
func TestClusterCancelAndRetry(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(slow)
	dir := filepath.Join(s.home, "cancelled")
	s.sweep("submit", suite, "--slurm", "-o", dir, "--max-running", "2")
	s.hold(dir, 2)
	if running, queued := s.tasks(dir, cluster.Running), s.tasks(dir, cluster.Queued); len(running) != 2 || len(queued) != 3 {
		t.Errorf("%d tasks run and %d are queued, want 2 and 3, the last job included", len(running), len(queued))
	}
	if out := s.sweep("status", dir); !strings.Contains(out, "running on n") || !strings.Contains(out, "queued") {
		t.Errorf("status says\n%s", out)
	}
	if out := s.sweep("cancel", dir); !strings.Contains(out, "5 tasks cancelled") {
		t.Errorf("cancel says %s", out)
	}
	if out := s.sweep("retry", dir); !strings.Contains(out, "in 4 tasks") {
		t.Errorf("retry says %s", out)
	}
	s.over(dir, want)
	if n := restored(t, dir); n < 2 {
		t.Errorf("%d cells went on from a checkpoint, want 2\n%s", n, s.logs(dir))
	}
}

// On the signal before the time limit, a task writes a checkpoint and returns to the
// queue. It then continues in the middle of the cell.
func TestClusterRequeueOnTheSignal(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(slow)
	dir := filepath.Join(s.home, "signalled")
	s.sweep("submit", suite, "--slurm", "-o", dir)
	held := s.hold(dir, 4)
	r, err := cluster.ReadRecord(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.output(exec.Command("scancel", "--batch", "--signal=USR2", r.Jobs[0].ID))
	held.release()
	s.wait("the tasks are queued again", 15*time.Second, func() bool { return len(s.tasks(dir, cluster.Queued)) == 5 })
	s.over(dir, want)
	if n := restored(t, dir); n != 4 {
		t.Errorf("%d cells went on from a checkpoint, want 4", n)
	}
	if logs := s.logs(dir); strings.Count(logs, "start 2: shard") != 4 {
		t.Errorf("the tasks were not started a second time, with the first log kept:\n%s", logs)
	}
}

// The power of a node fails, and its tasks run elsewhere.
func TestClusterNodeDies(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(slow)
	dir := filepath.Join(s.home, "killed")
	s.sweep("submit", suite, "--slurm", "-o", dir)
	held := s.hold(dir, 4)
	node := s.tasks(dir, cluster.Running)[0].Node
	s.node("fail", node)
	defer s.node("revive", node)
	held.release()
	s.over(dir, want)
	if logs := s.logs(dir); !strings.Contains(logs, "start 2: shard") {
		t.Errorf("no task was started a second time:\n%s", logs)
	}
}

// A node loses contact but goes on, so its tasks run twice at once.
func TestClusterNodeIsOrphaned(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(slow)
	dir := filepath.Join(s.home, "orphaned")
	s.sweep("submit", suite, "--slurm", "-o", dir)
	// The orphans are stopped until their tasks have been started again, and then race
	// with them.
	orphans := s.hold(dir, 4)
	node := s.tasks(dir, cluster.Running)[0].Node
	defer s.node("revive", node)
	s.node("orphan", node)
	s.wait("a task runs on another node", time.Minute, func() bool {
		return strings.Contains(s.logs(dir), "start 2: shard")
	})
	orphans.release()
	s.over(dir, want)
	s.wait("the orphans end", time.Minute, func() bool {
		return orphans.signal("-0") != nil
	})
	if logs := s.logs(dir); strings.Count(logs, "1 cell: 1 done") < 5 {
		t.Errorf("fewer than 5 tasks came to their end, so none ran twice:\n%s", logs)
	}
	s.sweep("run", dir, "-q") // what the orphans left after the last job
	if got := s.sweep("digest", dir); got != want {
		t.Errorf("with the orphans' results the digest is %s, want %s", got, want)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "conflicts/*")); len(found) > 0 {
		t.Errorf("conflicts: %v", found)
	}
}

// A run beside the cluster takes the queued cells, and their tasks find nothing to do.
func TestClusterLocalWorkerJoins(t *testing.T) {
	s := onCluster(t)
	suite, want := s.suite(quick)
	dir := filepath.Join(s.home, "joined")
	s.sweep("submit", suite, "--slurm", "-o", dir, "--sbatch", "hold")
	s.sweep("run", dir, "-q")
	if got := s.sweep("digest", dir); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	r, err := cluster.ReadRecord(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range r.Jobs {
		s.output(exec.Command("scontrol", "release", j.ID))
	}
	s.over(dir, want)
}

// checkpoints counts the checkpoints of a sweep directory.
func checkpoints(dir string) int {
	found, _ := filepath.Glob(filepath.Join(dir, "checkpoints/*/????????????????"))
	return len(found)
}

// restored counts the cells whose last attempt began after step 0, because its time and
// speed give fewer steps than the cell has.
func restored(t *testing.T, dir string) (n int) {
	t.Helper()
	set, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range set.Runs {
		run := &set.Runs[i]
		steps := run.Timing.Rate * run.Timing.End.Sub(run.Timing.Start).Seconds() / 16 // batch
		if run.Timing.Attempt > 1 && steps < 0.99*float64(run.Step) {
			n++
		}
		t.Logf("cell %s: attempt %d, %.0f of %d steps in it", run.ID, run.Timing.Attempt, steps, run.Step)
	}
	return n
}
