package cluster

import (
	"context"
	"time"
)

// An Engine is a batch system.
type Engine interface {
	// Name returns the engine's name in the sweep directory: "slurm".
	Name() string

	// Limits says how much may be submitted.
	Limits(ctx context.Context) (Limits, error)

	// Script returns the batch script of a job.
	Script(j *Job) string

	// Submit submits a job and returns its number.
	Submit(ctx context.Context, j *Job) (id string, err error)

	// Tasks returns what the system knows of jobs. What it does not know any more is
	// left out, which is no error.
	Tasks(ctx context.Context, jobs []string) ([]Task, error)

	// Cancel ends jobs; those that ended before are no error.
	Cancel(ctx context.Context, jobs []string) error
}

// Limits of a batch system; 0 is none, or unknown.
type Limits struct {
	Index int // indices of an array are below it
	Tasks int // that one may have queued or running
}

// A Job is an array of tasks, or the last job of a sweep.
type Job struct {
	Dir     string    `json:"-"`                // of the sweep, absolute
	ID      string    `json:"id,omitempty"`     // that the engine gave
	Program string    `json:"program"`          // that the tasks run, see ProgramPath
	Merge   bool      `json:"merge,omitempty"`  // the last job, which trains nothing
	Indices []int     `json:"-"`                // of the array, ascending; see Range
	Range   string    `json:"range,omitempty"`  // the same, such as "0-3,7"
	Offset  int       `json:"offset,omitempty"` // index i runs shard Offset + i + 1
	Shards  int       `json:"shards"`           // parts of the sweep
	Filter  []string  `json:"filter,omitempty"` // of the cells
	Again   string    `json:"again,omitempty"`  // statuses that are run again, joined by commas
	After   []string  `json:"after,omitempty"`  // jobs that must have ended
	At      time.Time `json:"at,omitzero"`      // of the submission
}

// States of a task. What a batch system says beyond them is one of these.
const (
	Queued  = "queued"  // waits
	Running = "running" // holds a node
	Ended   = "ended"   // is over, in whatever way
)

// A Task is what a batch system knows of one task.
type Task struct {
	Job    string    `json:"job"`            // number of its job
	Index  int       `json:"index"`          // -1: not of an array
	State  string    `json:"state"`          // Queued, Running or Ended
	Detail string    `json:"detail"`         // the system's own word for the state, or why it is queued
	Node   string    `json:"node,omitempty"` // where it runs
	Since  time.Time `json:"since,omitzero"` // since when
}
