package sweep

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/sourcegraph/conc/panics"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
)

// Options of [Run].
type Options struct {
	Workers   int              // cells at a time; 0: one
	Progress  *Progress        // nil: not shown
	Command   string           // command line, for the provenance
	Anonymous bool             // leave out host and user
	Retry     []results.Status // cells with these statuses are run again
	NoWait    bool             // leave cells that others hold to them, and the compaction to a later run
	Task      lease.Task       // that this process is of a batch system
	FS        disk.FS          // nil: the operating system's

	// Silence is how long a process may be silent until it counts as dead and its
	// cells are taken over, where nothing else is known of it; 0: two minutes.
	Silence time.Duration
}

// ErrInterrupted says that a run was stopped before its end and can be resumed.
var ErrInterrupted = errors.New("interrupted")

// A runner is a run of a plan.
type runner struct {
	plan      *Plan
	options   Options
	progress  *Progress
	blocks    []*block
	retry     map[string]int64 // attempts of the cells to be run again
	stored    bool             // there is a directory: checkpoints are kept
	timing    results.Timing   // what is the same for every cell of this process
	instances instances

	dir      *results.Dir
	follower *results.Follower
	journal  *journal
	watcher  *lease.Watcher
	leases   *lease.Holder
	fail     func(error) // ends the run
}

func newRunner(p *Plan, o Options) *runner {
	if o.FS == nil {
		o.FS = disk.OS
	}
	if o.Progress == nil {
		o.Progress = NewProgress(nil, Quiet)
	}
	r := &runner{plan: p, options: o, progress: o.Progress, blocks: p.blocks, instances: instancesOf(p.Suite), watcher: lease.Watch(o.FS, p.Dir, o.Silence)}
	r.timing = results.Timing{CPU: cpuModel(), SIMD: gfn.SIMD(), Revision: revision(), Go: runtime.Version()}
	if !o.Anonymous {
		r.timing.Host = hostname()
	}
	return r
}

// Run trains the cells of the plan that the directory does not hold, and
// records them. It returns ErrInterrupted, with a summary, where ctx ended before
// all were there; the same call then continues. The error is a *usage.Error where
// the directory holds another suite's results or something else. Cells that fail
// are no error: Summary.Failed counts them.
func Run(ctx context.Context, p *Plan, o Options) (*Summary, error) {
	start := time.Now()
	r := newRunner(p, o)
	if err := belongs(p); err != nil {
		return nil, err
	}
	if s, err := r.complete(); s != nil || err != nil {
		return s, err
	}
	cached, err := r.begin(start)
	if err != nil {
		return nil, err
	}
	err = r.cells(ctx)
	if err == nil {
		err = r.keepInstances()
	}
	if err == nil && !o.NoWait {
		err = r.compact(start)
	}
	if err != nil && !errors.Is(err, ErrInterrupted) {
		return nil, err
	}
	s, sumErr := r.summary(err == nil && !o.NoWait)
	if sumErr != nil {
		return nil, errors.Join(err, sumErr)
	}
	s.Cached, s.Seconds = cached, time.Since(start).Seconds()
	return s, err
}

// Compact moves what the plan's directory holds into the Parquet files, and
// trains nothing.
func Compact(p *Plan, o Options) (*Summary, error) {
	start := time.Now()
	r := newRunner(p, o)
	if err := belongs(p); err != nil {
		return nil, err
	}
	if _, err := r.begin(start); err != nil {
		return nil, err
	}
	if err := r.keepInstances(); err != nil {
		return nil, err
	}
	if err := r.compact(start); err != nil {
		return nil, err
	}
	return Summarize(p)
}

// complete is the summary of a directory that holds everything already: then
// nothing is written, and it may be read-only.
func (r *runner) complete() (*Summary, error) {
	set, err := read(r.plan.Dir)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, in := range set.Instances {
		known[in.ID] = true
	}
	for _, c := range r.plan.Cells {
		if run := set.Find(c.ID); run == nil || !r.settled(run) || slices.Contains(r.options.Retry, run.Status) || !known[r.instances.ids[c.Instance()]] {
			return nil, nil
		}
	}
	if set.Pending > 0 || !same(r.plan) {
		return nil, nil
	}
	if r.plan.Suite.Prune != nil {
		if set, err = results.Read(r.plan.Dir); err != nil || slices.ContainsFunc(r.blocks, func(b *block) bool { return b.group && !r.halved(b, set) }) {
			return nil, err
		}
	}
	s, err := Summarize(r.plan)
	if s != nil {
		s.Cached = len(r.plan.Cells)
	}
	return s, err
}

// begin opens the directory, and counts the cells that are there.
func (r *runner) begin(start time.Time) (cached int, err error) {
	if err = prepare(r.options.FS, r.plan); err != nil {
		return 0, err
	}
	if r.dir, err = r.open(start, time.Time{}); err != nil {
		return 0, err
	}
	if r.follower, err = r.dir.Follow(); err != nil {
		return 0, err
	}
	r.stored = true
	r.retry = map[string]int64{}
	var again []string // results, which are to be forgotten
	for _, c := range r.plan.Cells {
		run := r.follower.Find(c.ID)
		if run == nil || !slices.Contains(r.options.Retry, run.Status) {
			continue
		}
		r.retry[c.ID] = run.Timing.Attempt
		if run.Status.Complete() {
			again = append(again, c.ID)
		}
	}
	if len(again) > 0 {
		if err = r.dir.Remove(again...); err == nil {
			err = r.follower.Update()
		}
	}
	total, missing := 0.0, 0
	for _, c := range r.plan.Cells {
		if r.missing(c) {
			missing++
			total += work(c)
		}
	}
	r.progress.begin(missing, total)
	return len(r.plan.Cells) - missing, err
}

// open opens the directory with this run's provenance; end is zero where it has
// not ended.
func (r *runner) open(start, end time.Time) (*results.Dir, error) {
	suite := string(r.plan.Suite.Text)
	p := provenance(r.options.Anonymous, r.options.Command, suite, start)
	if !end.IsZero() {
		p = append(p, results.KeyValue{Key: "end", Value: end.UTC().Format(time.RFC3339)})
	}
	return results.Create(r.plan.Dir, results.Options{FS: r.options.FS, Suite: suite, Columns: columns(r.plan.Suite), Provenance: p})
}

// settled reports whether a cell is not to be run again: it has a result, or an
// error that was not to be tried again.
func (r *runner) settled(run *results.Run) bool {
	switch {
	case run.Status.Complete():
		return true
	case run.Status == results.Failed || run.Status == results.Timeout:
		attempt, again := r.retry[run.ID]
		return !again || run.Timing.Attempt > attempt
	}
	return false
}

// missing reports whether a cell is to be run, as far as is known.
func (r *runner) missing(c *suites.Cell) bool {
	run := r.follower.Find(c.ID)
	return run == nil || !r.settled(run)
}

// task is the next attempt at a cell.
func (r *runner) task(c *suites.Cell) task {
	t := task{cell: c, attempt: 1, pause: -1}
	if run := r.follower.Find(c.ID); run != nil {
		t.attempt = run.Timing.Attempt + 1
		t.renewed = run.Status == results.Timeout
	} else if before, ok := r.retry[c.ID]; ok {
		t.attempt = before + 1
	}
	return t
}

// record hands a run that ended to the journal.
func (r *runner) record(a *attempt, after func()) {
	r.progress.cell(a.run.Status)
	r.journal.add(a.run, func() {
		if a.kept && a.run.Status != results.Interrupted && a.run.Status != results.Timeout {
			removeCheckpoint(r.options.FS, r.plan.Dir, a.cell.ID)
		}
		after()
	})
}

// cells trains what is missing.
func (r *runner) cells(ctx context.Context) (err error) {
	defer r.progress.end()
	r.tidy()
	if r.leases, err = r.watcher.Join(r.timing.Host, r.options.Task); err != nil {
		return err
	}
	defer func() {
		r.leases.Close()
		r.tidy()
	}()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.fail = func(err error) { cancel(err) }
	r.journal = newJournal(r.dir, r.fail)
	err = r.schedule(ctx)
	if journalErr := r.journal.close(); err == nil {
		err = journalErr
	}
	if err != nil {
		return err
	}
	if ctx.Err() == nil {
		return nil
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return ErrInterrupted
}

// keepInstances records what was drawn for the plan's environments. One that
// breaks its cells may break here too, which was reported with them.
func (r *runner) keepInstances() error {
	known := map[string]bool{}
	var list []results.Instance
	for _, c := range r.plan.Cells {
		id := r.instances.ids[c.Instance()]
		if known[id] || r.follower.HasInstance(id) {
			continue
		}
		known[id] = true
		var in results.Instance
		var err error
		if p := panics.Try(func() { in, err = r.instances.drawn(c.Instance()) }); p != nil {
			err = fmt.Errorf("panic: %v", p.Value)
		}
		if err != nil {
			r.progress.Say("the environment %s is not recorded: %v", id, err)
			continue
		}
		list = append(list, in)
	}
	return r.dir.AppendInstances(list...)
}

// compact moves everything into the Parquet files.
func (r *runner) compact(start time.Time) error {
	dir, err := r.open(start, time.Now())
	if err != nil {
		return err
	}
	err = dir.Compact()
	if r.journal != nil && len(r.journal.conflicts) > 0 {
		err = errors.Join(err, &results.ConflictError{Conflicts: r.journal.conflicts})
	}
	return err
}

// summary is what the directory holds now; it is whole where the run came to
// its end, and else made in a moment, without the digest.
func (r *runner) summary(whole bool) (*Summary, error) {
	if whole {
		return Summarize(r.plan)
	}
	if err := r.follower.Update(); err != nil {
		return nil, err
	}
	s := newSummary(r.plan)
	for _, c := range r.plan.Cells {
		if run := r.follower.Find(c.ID); run != nil {
			s.Statuses[run.Status]++
		}
	}
	return s, nil
}
