package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/usage"
)

// A recorder is a batch system that records what it is given and runs nothing.
type recorder struct {
	limits Limits
	room   int // number of jobs that it accepts
	jobs   []Job
	tasks  []Task
	ended  []string
}

func (r *recorder) Name() string                           { return "recorder" }
func (r *recorder) Limits(context.Context) (Limits, error) { return r.limits, nil }
func (r *recorder) Script(*Job) string                     { return "" }
func (r *recorder) Cancel(_ context.Context, ids []string) error {
	r.ended = append(r.ended, ids...)
	for i := range r.tasks {
		if slices.Contains(ids, r.tasks[i].Job) {
			r.tasks[i].State = Ended
		}
	}
	return nil
}

func (r *recorder) Tasks(_ context.Context, jobs []string) (list []Task, err error) {
	for _, t := range r.tasks {
		if slices.Contains(jobs, t.Job) {
			list = append(list, t)
		}
	}
	return list, nil
}

func (r *recorder) Submit(_ context.Context, j *Job) (string, error) {
	if len(r.jobs) == r.room {
		return "", errors.New("the queue is full")
	}
	r.jobs = append(r.jobs, *j)
	return fmt.Sprint(100 + len(r.jobs)), nil
}

const suite = `schema = 1
name = "tiny"
[run]
seeds = 8
steps = 1
batch = 2
[environment.grid]
kind = "hypergrid"
[[grid]]
environment = ["grid"]
objective = ["tb"]
`

// plan returns a sweep of 8 cells, one per task if tasks are short.
func plan(t *testing.T) *sweep.Plan {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.toml")
	if err := os.WriteFile(path, []byte(suite), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := sweep.Load(path, filepath.Join(t.TempDir(), "out"), sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// short makes tasks as short as possible.
func short() suites.Slurm {
	o := suites.DefaultSlurm()
	o.TaskMinutes = 1e-9
	return o
}

func prepare(t *testing.T, e Engine, p *sweep.Plan, o suites.Slurm) *Submission {
	t.Helper()
	s, err := Prepare(t.Context(), e, p, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSubmit: arrays stay within the index limit, the last job waits for all of them, and
// the directory records the jobs.
func TestSubmit(t *testing.T) {
	p, e := plan(t), &recorder{limits: Limits{Index: 3}, room: 10}
	parts := p.Parts()
	if parts < 4 {
		t.Fatalf("%d parts: too few for this test", parts)
	}
	s := prepare(t, e, p, short())
	if s.Tasks() != parts || s.Cells != 8 {
		t.Fatalf("%d tasks with %d cells, want %d with 8", s.Tasks(), s.Cells, parts)
	}
	if err := s.Submit(t.Context(), e, p); err != nil {
		t.Fatal(err)
	}
	last := e.jobs[len(e.jobs)-1]
	if !last.Merge || len(last.After) != len(e.jobs)-1 {
		t.Errorf("the last job is %+v", last)
	}
	r, err := ReadRecord(p.Dir)
	if err != nil || len(r.Jobs) != len(e.jobs) || r.Jobs[1].Offset != 3 || r.Jobs[0].Range != "0-2" || r.Jobs[0].ID != "101" {
		t.Errorf("the record is %+v, %v", r, err)
	}
	if info, err := os.Stat(s.Jobs[0].ProgramPath()); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the program: %v, %v", info, err)
	}
	// A file that only has the program's name is replaced.
	path := s.Jobs[0].ProgramPath()
	if err := os.WriteFile(path, []byte("#!/bin/sh\ntouch X\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := keepProgram(s.Dir, s.Jobs[0].Program); err != nil || !isProgram(path, s.Jobs[0].Program) {
		t.Errorf("a planted program was kept: %v", err)
	}
	cell := p.Cells[5].ID
	if j, index, err := r.Find(p.Dir, cell); err != nil || j.Offset+index+1 != p.Shards(parts)[cell] {
		t.Errorf("the task of a cell is %+v, %d, %v", j, index, err)
	}
}

// TestMaxRunning: the limit applies to one array, so arrays run one after the other.
func TestMaxRunning(t *testing.T) {
	p, e, o := plan(t), &recorder{limits: Limits{Index: 2}, room: 10}, short()
	o.MaxRunning = 2
	if err := prepare(t, e, p, o).Submit(t.Context(), e, p); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(e.jobs)-1; i++ {
		if want := []string{fmt.Sprint(100 + i)}; !slices.Equal(e.jobs[i].After, want) {
			t.Errorf("array %d waits for %v, want %v", i, e.jobs[i].After, want)
		}
	}
}

// TestPartial: what was accepted is recorded, can be cancelled, and is not
// submitted again.
func TestPartial(t *testing.T) {
	p, e := plan(t), &recorder{limits: Limits{Index: 2}, room: 1}
	err := prepare(t, e, p, short()).Submit(t.Context(), e, p)
	partial, ok := errors.AsType[*PartialError](err)
	if !ok || partial.Accepted != 1 || !strings.Contains(err.Error(), "1 of") || !strings.Contains(err.Error(), "the queue is full") {
		t.Fatalf("%v", err)
	}
	r, err := ReadRecord(p.Dir)
	if err != nil || len(r.Jobs) != 1 {
		t.Fatalf("the record is %+v, %v", r, err)
	}
	e.tasks = []Task{{Job: "101", Index: 0, State: Running}, {Job: "101", Index: 1, State: Queued}, {Job: "7", Index: 2, State: Running}}
	e.room = 10
	for _, j := range prepare(t, e, p, short()).Jobs {
		for _, i := range j.Indices {
			if j.Offset+i < 2 {
				t.Errorf("shard %d is submitted a second time", j.Offset+i+1)
			}
		}
	}
	// Of the 8 cells, one per task, two are in tasks that the queue knows.
	cells := make([]string, len(p.Cells))
	for i, c := range p.Cells {
		cells[i] = c.ID
	}
	if c, err := r.Count(p.Dir, cells, e.tasks); err != nil || c.Queued != 1 || c.Running != 1 || len(c.Lost) != 0 {
		t.Errorf("the cells are %+v, %v", c, err)
	}
	if c, err := r.Count(p.Dir, cells, e.tasks[1:]); err != nil || c.Queued != 1 || c.Running != 0 || len(c.Lost) != 1 {
		t.Errorf("without one task, the cells are %+v, %v", c, err)
	}
	if n, err := Cancel(t.Context(), e, r); n != 2 || err != nil || !slices.Equal(e.ended, []string{"101"}) {
		t.Errorf("cancelled %d of %v, %v", n, e.ended, err)
	}
}

// TestMissing: only cells without results are submitted, in arrays with gaps.
func TestMissing(t *testing.T) {
	p, e := plan(t), &recorder{limits: Limits{Index: 100}, room: 10}
	if err := sweep.MakeDir(p); err != nil {
		t.Fatal(err)
	}
	part, err := sweep.Load(p.Dir, "", sweep.Selection{Shard: sweep.Shard{Index: 2, Count: p.Parts()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Run(t.Context(), part, sweep.Options{}); err != nil {
		t.Fatal(err)
	}
	s := prepare(t, e, p, short())
	if got := s.Jobs[0].Range; s.Jobs[0].Shards == p.Parts() && !strings.HasPrefix(got, "0,2") {
		t.Errorf("submits %s of %d shards, want all but index 1", got, s.Jobs[0].Shards)
	}
	if s.Cells != 8-len(part.Cells) {
		t.Errorf("%d cells are missing, want %d", s.Cells, 8-len(part.Cells))
	}
	whole, err := sweep.Load(p.Dir, "", sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Run(t.Context(), whole, sweep.Options{}); err != nil {
		t.Fatal(err)
	}
	if s := prepare(t, e, p, short()); len(s.Jobs) != 0 || s.Cells != 0 {
		t.Errorf("of a complete directory %+v is submitted", s.Jobs)
	}
	if s, err := Prepare(t.Context(), e, p, short(), []results.Status{results.Done}); err != nil || s.Cells != 8 {
		t.Errorf("done cells are not run again: %+v, %v", s, err)
	}
}

// TestTwoSubmissions: of two equal submissions only one is submitted, and its record is
// complete.
func TestTwoSubmissions(t *testing.T) {
	p := plan(t)
	e := &recorder{limits: Limits{Index: 4, Tasks: 100}, room: 100}
	o := suites.DefaultSlurm()
	o.TaskMinutes = 1e-9
	var submissions []*Submission
	for range 2 {
		s, err := Prepare(t.Context(), e, p, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		submissions = append(submissions, s)
	}
	var all sync.WaitGroup
	errs := make([]error, len(submissions))
	var mu sync.Mutex // guards e
	for i, s := range submissions {
		all.Go(func() { errs[i] = s.Submit(t.Context(), &guarded{e, &mu}, p) })
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("errors %v and %v, want one", errs[0], errs[1])
	}
	if _, ok := errors.AsType[*usage.Error](errors.Join(errs...)); !ok {
		t.Errorf("%v, want a usage error", errors.Join(errs...))
	}
	r, err := ReadRecord(p.Dir)
	if err != nil || len(r.Jobs) != len(e.jobs) || len(e.jobs) != 3 {
		t.Errorf("the record has %d of %d jobs, want 3 (%v)", len(r.Jobs), len(e.jobs), err)
	}
	if left, err := filepath.Glob(filepath.Join(p.Dir, folder, lockFile)); err != nil || len(left) > 0 {
		t.Errorf("a lock is left: %q", left)
	}
}

// guarded is a recorder for several goroutines.
type guarded struct {
	*recorder
	mu *sync.Mutex
}

func (g *guarded) Submit(ctx context.Context, j *Job) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.recorder.Submit(ctx, j)
}

// TestSubmitTuned: tuning cells are in one array, and test cells in another that waits
// for it.
func TestSubmitTuned(t *testing.T) {
	text := suite + "\"optimizer.lr\" = [1e-3, 1e-2, 1e-1]\n[tune]\nmetric = \"l1\"\nseeds = [100, 101]\n"
	path := filepath.Join(t.TempDir(), "tiny.toml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := sweep.Load(path, filepath.Join(t.TempDir(), "out"), sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	e := &recorder{limits: Limits{Index: 100}, room: 10}
	s := prepare(t, e, p, short())
	if err := s.Submit(t.Context(), e, p); err != nil {
		t.Fatal(err)
	}
	if len(e.jobs) != 3 || s.Cells != 3*2+8 {
		t.Fatalf("%d jobs, %d cells", len(e.jobs), s.Cells)
	}
	tune, test, last := e.jobs[0], e.jobs[1], e.jobs[2]
	if tune.Role != suites.Tuning || len(tune.Indices) != 6 || len(tune.After) > 0 {
		t.Errorf("the first job is %+v", tune)
	}
	if test.Role != suites.Test || len(test.Indices) != 8 || !slices.Equal(test.After, []string{"101"}) || !slices.Equal(last.After, []string{"101", "102"}) {
		t.Errorf("the second job is %+v, the last %+v", test, last)
	}
	r, err := ReadRecord(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{0: "101", 5: "101", 6: "102", 13: "102"} {
		if j, _, err := r.Find(p.Dir, p.Cells[i].ID); err != nil || j == nil || j.ID != want {
			t.Errorf("cell %d is in %+v, want job %s (%v)", i, j, want, err)
		}
	}
	// While the first array is queued, another submission has the tests only.
	for i := range 6 {
		e.tasks = append(e.tasks, Task{Job: "101", Index: i, State: Queued})
	}
	again := prepare(t, e, p, short())
	if len(again.Jobs) != 2 || again.Jobs[0].Role != suites.Test || !slices.Equal(again.tuning, []string{"101"}) {
		t.Errorf("again: %+v after %v", again.Jobs, again.tuning)
	}
}
