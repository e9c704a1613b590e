package slurm

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"gfnbench/results/lease"
)

// Self returns the task as which this process runs: its identity for the leases of the
// sweep, and its index in the array, or -1 outside one. One task of an array has the
// array's number as its own job number, so only both numbers together tell tasks
// apart.
func Self() (lease.Task, int, error) {
	job, index := os.Getenv("SLURM_ARRAY_JOB_ID"), os.Getenv("SLURM_ARRAY_TASK_ID")
	restarts, _ := strconv.Atoi(os.Getenv("SLURM_RESTART_COUNT")) // not set at first
	if job == "" {
		job = os.Getenv("SLURM_JOB_ID")
		if job == "" {
			return lease.Task{}, 0, fmt.Errorf("SLURM_JOB_ID is not set: this runs only inside a Slurm job; to train here, use sweep run")
		}
		return lease.Task{Name: job, Restarts: restarts}, -1, nil
	}
	n, err := strconv.Atoi(index)
	if err != nil {
		return lease.Task{}, 0, fmt.Errorf("SLURM_ARRAY_TASK_ID is %q: expected a number", index)
	}
	return lease.Task{Name: job + "_" + index, Restarts: restarts}, n, nil
}

// Requeue puts this process's task back into the queue.
func Requeue(ctx context.Context, t lease.Task) error {
	_, err := command(ctx, "", "scontrol", "requeue", t.Name)
	return err
}
