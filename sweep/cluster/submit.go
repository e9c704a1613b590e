package cluster

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/usage"
)

// A Submission is a list of jobs to submit, in order; the last one merges.
type Submission struct {
	Dir   string // of the sweep
	Jobs  []Job  // jobs to submit
	Cells int    // missing cells; tasks of earlier submissions may have some of them

	record *Record
	tuning []string // jobs of earlier submissions that still tune
}

// Tasks returns the number of tasks of the submission.
func (s *Submission) Tasks() (n int) {
	for i := range s.Jobs {
		n += len(s.Jobs[i].Indices)
	}
	return n
}

// A PartialError says that only some of the jobs were accepted. They are in the
// record of the sweep directory.
type PartialError struct {
	Accepted, Jobs int   // number of jobs accepted, and of all jobs
	Err            error // what the engine said about the next one
}

// Error says what was accepted and what was not.
func (e *PartialError) Error() string {
	return fmt.Sprintf("%d of %d jobs were accepted: %v", e.Accepted, e.Jobs, e.Err)
}

// Unwrap returns what the engine said.
func (e *PartialError) Unwrap() error { return e.Err }

// Prepare divides the missing cells of a plan, and those with one of the
// statuses, into tasks. It leaves cells of queued or running tasks to them. It
// writes nothing. The error is a *usage.Error if the directory holds another
// suite's results or something else.
func Prepare(ctx context.Context, e Engine, p *sweep.Plan, o suites.Slurm, again []results.Status) (*Submission, error) {
	if err := sweep.CheckDir(p); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return nil, err
	}
	record, err := ReadRecord(dir)
	if err != nil {
		return nil, err
	}
	limits, err := e.Limits(ctx)
	if err != nil {
		return nil, err
	}
	program, err := programName()
	if err != nil {
		return nil, err
	}
	phases, err := p.Phases()
	if err != nil {
		return nil, err
	}
	s := &Submission{Dir: dir, record: &Record{Engine: e.Name(), Slurm: o}}
	// Divide each phase into shards, and shards into arrays, without those that are live.
	if record != nil {
		s.record.Jobs = record.Jobs
	}
	if limits.Tasks > len(phases) {
		limits.Tasks = (limits.Tasks - 1) / len(phases) // one is the final job
	}
	for _, phase := range phases {
		live, err := s.alive(ctx, e, record, phase)
		if err != nil {
			return nil, err
		}
		shards, err := count(phase, record, live, o, limits)
		if err != nil {
			return nil, err
		}
		open, cells, err := sweep.Unfinished(phase, shards, again)
		if err != nil {
			return nil, err
		}
		open = slices.DeleteFunc(open, func(shard int) bool { return live[shard] })
		s.Cells += cells
		for _, j := range chunks(open, limits.Index) {
			j.Shards, j.Filter, j.Role, j.Again = shards, phase.Selection.Filter, phase.Selection.Role, join(again)
			s.Jobs = append(s.Jobs, j)
		}
	}
	if len(s.Jobs) == 0 {
		return s, nil
	}
	// The final job merges.
	s.Jobs = append(s.Jobs, Job{Merge: true, Shards: s.Jobs[0].Shards, Filter: p.Selection.Filter})
	for i := range s.Jobs {
		s.Jobs[i].Dir, s.Jobs[i].Program = dir, program
	}
	return s, nil
}

// alive returns the shards of a phase whose tasks are queued or running. It returns an
// error if such tasks have another filter.
func (s *Submission) alive(ctx context.Context, e Engine, r *Record, phase *sweep.Plan) (map[int]bool, error) {
	live := map[int]bool{}
	if r == nil {
		return live, nil
	}
	tasks, err := e.Tasks(ctx, r.ids())
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		at := slices.IndexFunc(r.Jobs, func(j Job) bool { return j.ID == t.Job })
		if at < 0 || t.State == Ended || t.Index < 0 {
			continue
		}
		j := &r.Jobs[at]
		if !slices.Equal(j.Filter, phase.Selection.Filter) || (j.Role == "") != (phase.Selection.Role == "") {
			return nil, &usage.Error{Err: fmt.Errorf("jobs of this directory with other filters are queued or running: wait for them, or sweep cancel %s", usage.QuotePath(phase.Dir))}
		}
		if j.Role == phase.Selection.Role {
			if j.Role == suites.Tuning && !slices.Contains(s.tuning, j.ID) {
				s.tuning = append(s.tuning, j.ID)
			}
			live[j.Offset+t.Index+1] = true
		}
	}
	return live, nil
}

// count returns the number of shards. It does not change while tasks of an earlier
// submission still exist, because their shards must not overlap with new ones.
func count(p *sweep.Plan, record *Record, live map[int]bool, o suites.Slurm, limits Limits) (int, error) {
	if len(live) > 0 {
		for i := len(record.Jobs) - 1; i >= 0; i-- {
			if j := &record.Jobs[i]; !j.Merge && j.Role == p.Selection.Role {
				return j.Shards, nil
			}
		}
	}
	f, err := sweep.Predict(p, 1)
	if err != nil {
		return 0, err
	}
	return pack(f.Seconds, 60*o.TaskMinutes, o.CPUs, p.Parts(), limits.Tasks), nil
}

func join(list []results.Status) string {
	var words []string
	for _, s := range list {
		words = append(words, string(s))
	}
	return strings.Join(words, ",")
}

// submitWait is how long a submission waits for another one: longer than it takes
// to notice that a process is dead.
const submitWait = lease.Period + 10*time.Second

// lock makes other submissions of the directory wait. If something was submitted
// since Prepare it may have the same cells, so nothing is submitted.
func (s *Submission) lock() (release func(), err error) {
	l, err := lease.Watch(disk.OS, s.Dir, 0).Lock(filepath.Join(folder, lockFile), submitWait)
	if errors.Is(err, lease.ErrBusy) {
		return nil, &usage.Error{Err: fmt.Errorf("another sweep submit is running in %s: wait for it", usage.QuotePath(s.Dir))}
	}
	if err != nil {
		return nil, err
	}
	record, err := ReadRecord(s.Dir)
	switch {
	case err != nil:
	case record != nil && len(record.Jobs) != len(s.record.Jobs):
		err = &usage.Error{Err: fmt.Errorf("another sweep submit came first in %s: run it again to submit what is left, if anything", usage.QuotePath(s.Dir))}
	default:
		return l.Release, nil
	}
	l.Release()
	return nil, err
}

// Submit makes the sweep directory, copies the running program into it, and
// submits the jobs. Each job is recorded as soon as it is accepted. The error is
// a *PartialError if only some were.
func (s *Submission) Submit(ctx context.Context, e Engine, p *sweep.Plan) error {
	if err := sweep.MakeDir(p); err != nil {
		return err
	}
	if err := disk.MkdirAll(disk.OS, Logs(s.Dir)); err != nil {
		return err
	}
	release, err := s.lock()
	if err != nil {
		return err
	}
	defer release()
	if err := keepProgram(s.Dir, s.Jobs[0].Program); err != nil {
		return err
	}
	// Submit the jobs, each after those that it waits for.
	var tasks []string
	for i := range s.Jobs {
		j := &s.Jobs[i]
		switch {
		case j.Merge:
			j.After = tasks
		case s.record.Slurm.MaxRunning > 0 && len(tasks) > 0:
			j.After = tasks[len(tasks)-1:] // the limit applies to one array, so they run one at a time
		case j.Role == suites.Test:
			j.After = s.tuning
			for k := range s.Jobs[:i] {
				if s.Jobs[k].Role == suites.Tuning {
					j.After = append(j.After, s.Jobs[k].ID)
				}
			}
		}
		id, err := e.Submit(ctx, j)
		if err != nil {
			if i > 0 {
				return &PartialError{i, len(s.Jobs), err}
			}
			return err
		}
		j.ID, j.At = id, time.Now().Truncate(time.Second)
		tasks = append(tasks, id)
		s.record.Jobs = append(s.record.Jobs, *j)
		if err := s.record.write(s.Dir); err != nil {
			return errors.Join(err, fmt.Errorf("job %s was accepted but is not recorded: cancel it by hand", id))
		}
	}
	return nil
}
