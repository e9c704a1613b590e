package cluster

import (
	"cmp"
	"context"
	"slices"
)

// State is what the engine knows of the jobs of a record, by job and index.
func State(ctx context.Context, e Engine, r *Record) ([]Task, error) {
	tasks, err := e.Tasks(ctx, r.ids())
	slices.SortFunc(tasks, func(a, b Task) int {
		return cmp.Or(slices.Index(r.ids(), a.Job)-slices.Index(r.ids(), b.Job), cmp.Compare(a.Index, b.Index))
	})
	return tasks, err
}

// Cancel ends the jobs of a record that are queued or running, and returns how
// many tasks that were.
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
	return n, e.Cancel(ctx, jobs)
}
