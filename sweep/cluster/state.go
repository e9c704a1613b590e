package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// State returns what the engine knows about the jobs of a record, by job and
// index.
func State(ctx context.Context, e Engine, r *Record) ([]Task, error) {
	tasks, err := e.Tasks(ctx, r.ids())
	slices.SortFunc(tasks, func(a, b Task) int {
		return cmp.Or(slices.Index(r.ids(), a.Job)-slices.Index(r.ids(), b.Job), cmp.Compare(a.Index, b.Index))
	})
	return tasks, err
}

// patience is how long Cancel waits for tasks to end: longer than batch systems
// give them (KillWait of Slurm is 30 seconds).
const patience = time.Minute

// Cancel ends the jobs of a record that are queued or running, and returns how
// many tasks those had. It waits until they have written their checkpoints.
func Cancel(ctx context.Context, e Engine, r *Record) (int, error) {
	tasks, err := e.Tasks(ctx, r.ids())
	if err != nil {
		return 0, err
	}
	var jobs []string
	n := 0
	for _, t := range tasks {
		if t.State == Ended {
			continue
		}
		n++
		if !slices.Contains(jobs, t.Job) {
			jobs = append(jobs, t.Job)
		}
	}
	if n == 0 {
		return 0, nil
	}
	if err := e.Cancel(ctx, jobs); err != nil {
		return 0, err
	}
	return n, gone(ctx, e, r)
}

// gone waits until no task is left.
func gone(ctx context.Context, e Engine, r *Record) error {
	for start := time.Now(); ; time.Sleep(500 * time.Millisecond) {
		tasks, err := e.Tasks(ctx, r.ids())
		if err != nil {
			return err
		}
		left := slices.IndexFunc(tasks, func(t Task) bool { return t.State != Ended })
		if left < 0 {
			return nil
		}
		if time.Since(start) > patience {
			return fmt.Errorf("job %s was told to end %v ago but is still there", tasks[left].Job, patience)
		}
	}
}

// A Census says where the missing cells of a sweep are.
type Census struct {
	Queued  int      `json:"queued"`         // in tasks that are queued
	Running int      `json:"running"`        // in running tasks, including cells that wait for their turn
	Lost    []string `json:"lost,omitempty"` // in tasks that no longer exist; sweep retry submits them again
}

// Count says where the cells are, given all tasks that the batch system knows.
// Cells that were never submitted count nowhere.
func (r *Record) Count(dir string, cells []string, tasks []Task) (c Census, err error) {
	type key struct {
		job   string
		index int
	}
	states := map[key]string{}
	for _, t := range tasks {
		states[key{t.Job, t.Index}] = t.State
	}
	find, err := r.finder(dir)
	if err != nil {
		return c, err
	}
	for _, cell := range cells {
		j, index := find(cell)
		switch {
		case j == nil:
		case states[key{j.ID, index}] == Queued:
			c.Queued++
		case states[key{j.ID, index}] == Running:
			c.Running++
		default:
			c.Lost = append(c.Lost, cell)
		}
	}
	return c, nil
}
