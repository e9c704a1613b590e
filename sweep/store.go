package sweep

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sourcegraph/conc/panics"

	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// A store is the directory of a run, open for writing, with what it holds.
type store struct {
	*setting
	instances instances
	dir       *results.Dir
	follower  *results.Follower
	retry     map[string]int64 // number of attempts of the cells to run again
}

// openStore makes or opens the directory, and forgets what is to be run again.
func openStore(s *setting, start time.Time) (*store, error) {
	if err := prepare(s.options.FS, s.plan, s.options.Anonymous); err != nil {
		return nil, err
	}
	dir, err := openDir(s, start, time.Time{})
	if err != nil {
		return nil, err
	}
	follower, err := dir.Follow()
	if err != nil {
		return nil, err
	}
	st := &store{setting: s, instances: instancesOf(s.plan.Suite), dir: dir, follower: follower, retry: map[string]int64{}}
	return st, st.forgetRetried()
}

// openDir opens the directory with this run's provenance; end is zero if it has
// not ended.
func openDir(s *setting, start, end time.Time) (*results.Dir, error) {
	suite := string(s.plan.Suite.Text)
	p := provenance(s.options.Anonymous, s.options.Command, suite, start)
	if !end.IsZero() {
		p = append(p, results.KeyValue{Key: "end", Value: end.UTC().Format(time.RFC3339)})
	}
	return results.Create(s.plan.Dir, results.Options{FS: s.options.FS, Suite: suite, Columns: columns(s.plan.Suite), Provenance: p})
}

// forgetRetried notes the cells to run again, and removes those that have results.
func (s *store) forgetRetried() error {
	var again []string
	for _, c := range s.plan.Cells {
		run := s.follower.Find(c.ID)
		if run == nil || !slices.Contains(s.options.Retry, run.Status) {
			continue
		}
		s.retry[c.ID] = run.Timing.Attempt
		if run.Status.Complete() {
			again = append(again, c.ID)
		}
	}
	if len(again) == 0 {
		return nil
	}
	if err := s.dir.Remove(again...); err != nil {
		return err
	}
	return s.follower.Update()
}

// settled reports whether a cell need not be run: it has a result, it has reached
// the step where it should stop, or it has an error that is not to be retried. retry holds the attempts of
// cells to run again.
func (p *Plan) settled(run *results.Run, retry map[string]int64) bool {
	switch {
	case run.Status == results.Pruned:
		return !p.unfinished(run)
	case run.Status.Complete():
		return true
	case run.Status == results.Failed || run.Status == results.Timeout:
		attempt, again := retry[run.ID]
		return !again || run.Timing.Attempt > attempt
	}
	return false
}

// missing reports whether a cell is still to run, as far as is known.
func (s *store) missing(c *suites.Cell) bool {
	if c.Undecided {
		return false
	}
	run := s.follower.Find(c.ID)
	return run == nil || !s.plan.settled(run, s.retry) || s.options.Unkept && unkept(s.options.FS, s.plan.Dir, c, run)
}

// cached returns the number of cells that need not be run.
func (s *store) cached() (n int) {
	for _, c := range s.plan.Cells {
		if !c.Undecided && !s.missing(c) {
			n++
		}
	}
	return n
}

// open returns the cells still to run, as far as is known.
func (s *store) open() (cells []*suites.Cell) {
	for _, c := range s.plan.Cells {
		if s.missing(c) {
			cells = append(cells, c)
		}
	}
	return cells
}

// task returns the next attempt at a cell.
func (s *store) task(c *suites.Cell) task {
	t := task{cell: c, attempt: 1, until: s.plan.tuning.Until(c.ID)}
	if run := s.follower.Find(c.ID); run != nil {
		if c.Role == suites.Tuning {
			t.failedAfter = run.FailedAfter()
		}
		if t.attempt = run.Timing.Attempt + 1; run.Status == results.Pruned {
			t.attempt = run.Timing.Attempt // it continues
		}
		t.renewed = run.Status == results.Timeout
		if run.Status.Complete() {
			t.until = -1 // it is trained again for its networks
		}
	} else if before, ok := s.retry[c.ID]; ok {
		t.attempt = before + 1
	}
	return t
}

// keepInstances records what was drawn for the plan's environments. An
// environment that breaks its cells may break here too; that was reported with
// the cells.
func (s *store) keepInstances() error {
	known := map[string]bool{}
	var list []results.Instance
	for _, c := range s.plan.Cells {
		id := s.instances.id(c)
		if known[id] || s.follower.HasInstance(id) {
			continue
		}
		known[id] = true
		var in results.Instance
		var err error
		if p := panics.Try(func() { in, err = s.instances.drawn(instanceKeyOf(c)) }); p != nil {
			err = fmt.Errorf("panic: %v", p.Value)
		}
		if err != nil {
			s.progress.Say("the environment %s is not recorded: %v", id, err)
			continue
		}
		list = append(list, in)
	}
	return s.dir.AppendInstances(list...)
}

// compact moves everything into the Parquet files. The error includes the
// conflicts found before.
func (s *store) compact(start time.Time, conflicts []results.Conflict) error {
	dir, err := openDir(s.setting, start, time.Now())
	if err != nil {
		return err
	}
	err = errors.Join(dir.Compact(), s.relabel(dir))
	if len(conflicts) > 0 {
		err = errors.Join(err, &results.ConflictError{Conflicts: conflicts})
	}
	return err
}

// relabel gives existing results their role in the suite, which is not part of their
// identity.
func (s *store) relabel(dir *results.Dir) error {
	if err := s.follower.Update(); err != nil {
		return err
	}
	roles := make(map[string]string)
	for _, c := range s.plan.Cells {
		if run := s.follower.Find(c.ID); run != nil && !labelled(run, c) {
			roles[c.ID] = string(c.Role)
		}
	}
	if len(roles) == 0 {
		return nil
	}
	return dir.Relabel(roles)
}

// labelled reports whether a run has the role of its cell.
func labelled(run *results.Run, c *suites.Cell) bool {
	return run.Get(param.Role).Text() == string(c.Role)
}

// summary returns what the directory holds now. If whole is false it takes only
// a moment and leaves out the digest.
func (s *store) summary(whole bool) (*Summary, error) {
	if whole {
		return Summarize(s.plan)
	}
	if err := s.follower.Update(); err != nil {
		return nil, err
	}
	sum := newSummary(s.plan)
	for _, c := range s.plan.Cells {
		if run := s.follower.Find(c.ID); run != nil {
			sum.Statuses[run.Status]++
		}
	}
	return sum, nil
}
