package cluster

import (
	"context"
	"time"

	"gfnbench/suites"
)

// An Engine is a batch system.
type Engine interface {
	// Name returns the engine's name in the sweep directory: "slurm".
	Name() string

	// Limits returns how much may be submitted.
	Limits(ctx context.Context) (Limits, error)

	// Script returns the batch script of a job.
	Script(j *Job) string

	// Submit submits a job and returns its number.
	Submit(ctx context.Context, j *Job) (id string, err error)

	// Tasks returns what the system knows about jobs. Jobs that it no longer knows
	// are left out, which is not an error.
	Tasks(ctx context.Context, jobs []string) ([]Task, error)

	// Cancel ends jobs. Jobs that have already ended are not an error.
	Cancel(ctx context.Context, jobs []string) error
}

// Limits are the limits of a batch system; 0 means none, or unknown.
type Limits struct {
	Index int // upper bound, exclusive, of the indices of an array
	Tasks int // number of tasks that may be queued or running
}

// A Job is an array of tasks, or the final job of a sweep.
type Job struct {
	Dir     string      `json:"-"`                 // directory of the sweep, absolute
	ID      string      `json:"id,omitempty"`      // number that the engine gave it
	Program string      `json:"program"`           // name of the program that the tasks run; see ProgramPath
	Merge   bool        `json:"merge,omitempty"`   // this is the final job, which trains nothing
	Indices []int       `json:"-"`                 // indices of the array, ascending; see Range
	Range   string      `json:"range,omitempty"`   // the same, such as "0-3,7"
	Offset  int         `json:"offset,omitempty"`  // index i runs shard Offset + i + 1
	Shards  int         `json:"shards"`            // number of parts of the sweep
	Filter  []string    `json:"filter,omitempty"`  // filter of the cells
	Trusted string      `json:"trusted,omitempty"` // hashes of the programs that its cells may run, joined by commas
	Again   string      `json:"again,omitempty"`   // statuses to run again, joined by commas
	After   []string    `json:"after,omitempty"`   // jobs that must have ended
	At      time.Time   `json:"at,omitzero"`       // time of the submission
	Role    suites.Role `json:"role,omitempty"`    // role of the cells, with [tune]
}

// States of a task. Every state of a batch system is one of these.
const (
	Queued  = "queued"  // waits
	Running = "running" // holds a node
	Ended   = "ended"   // is over, for whatever reason
)

// A Task is what a batch system knows about one task.
type Task struct {
	Job    string    `json:"job"`            // number of its job
	Index  int       `json:"index"`          // -1 if not in an array
	State  string    `json:"state"`          // Queued, Running or Ended
	Detail string    `json:"detail"`         // the system's own word for the state, or why it is queued
	Node   string    `json:"node,omitempty"` // where it runs
	Since  time.Time `json:"since,omitzero"` // since when
}
