package sweep

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/sweep/machine"
)

// Options configures [Run].
type Options struct {
	Workers   int              // cells at a time; 0 means one
	Progress  *Progress        // nil shows none
	Command   string           // command line, for the provenance
	Anonymous bool             // leave out host and user
	Retry     []results.Status // run cells with these statuses again
	Unkept    bool             // run cells again whose networks the suite keeps and that are not there
	NoWait    bool             // do not wait for cells that others hold; leave the compaction to a later run
	Trust     bool             // run programs that the suite names
	Task      lease.Task       // the batch system's task that this process is
	FS        disk.FS          // nil means the operating system's

	// Silence is how long a process may be silent before it counts as dead and its
	// cells are taken over, if nothing else is known about it; 0 means two minutes.
	Silence time.Duration
}

// ErrInterrupted says that a run was stopped before its end and can be resumed.
var ErrInterrupted = errors.New("interrupted")

// A setting is what to run, and how.
type setting struct {
	plan     *Plan
	options  Options // with defaults filled in
	progress *Progress
	timing   results.Timing // the part that is the same for every cell of this process
}

func settingOf(p *Plan, o Options) *setting {
	if o.FS == nil {
		o.FS = disk.OS
	}
	if o.Progress == nil {
		o.Progress = NewProgress(nil, Quiet)
	}
	s := &setting{plan: p, options: o, progress: o.Progress}
	s.timing = results.Timing{CPU: machine.CPU(), SIMD: gfn.SIMD(), Revision: revision(), Go: runtime.Version()}
	if !o.Anonymous {
		s.timing.Host = hostname()
	}
	return s
}

// Run trains the cells of the plan that the directory does not hold, and records
// them. If ctx ends before all are there, it returns ErrInterrupted with a
// summary; the same call then continues. The error is a *usage.Error if the
// directory holds another suite's results or something else. Failed cells are not
// an error: Summary.Failed counts them.
func Run(ctx context.Context, p *Plan, o Options) (*Summary, error) {
	start := time.Now()
	if err := belongs(p); err != nil {
		return nil, err
	}
	if s, err := complete(p, o); s != nil || err != nil {
		return s, err
	}
	if err := trusted(p, o); err != nil {
		return nil, err
	}
	st, err := openStore(settingOf(p, o), start)
	if err != nil {
		return nil, err
	}
	cached := st.cached()
	conflicts, err := trainAll(ctx, st)
	if err == nil {
		err = st.keepInstances()
	}
	if err == nil && !o.NoWait {
		err = st.compact(start, conflicts)
	}
	if err != nil && !errors.Is(err, ErrInterrupted) {
		return nil, err
	}
	s, sumErr := st.summary(err == nil && !o.NoWait)
	if sumErr != nil {
		return nil, errors.Join(err, sumErr)
	}
	s.Cached, s.Seconds = cached, time.Since(start).Seconds()
	return s, err
}

// Compact moves what the plan's directory holds into the Parquet files without
// training anything.
func Compact(p *Plan, o Options) (*Summary, error) {
	start := time.Now()
	if err := belongs(p); err != nil {
		return nil, err
	}
	st, err := openStore(settingOf(p, o), start)
	if err != nil {
		return nil, err
	}
	if err := st.keepInstances(); err != nil {
		return nil, err
	}
	if err := st.compact(start, nil); err != nil {
		return nil, err
	}
	return Summarize(p)
}

// complete returns the summary of a directory that already holds everything. It
// writes nothing, so the directory may be read-only. It returns nil if cells
// are missing.
func complete(p *Plan, o Options) (*Summary, error) {
	set, err := read(p.Dir)
	if err != nil {
		return nil, err
	}
	instances := instancesOf(p.Suite)
	known := map[string]bool{}
	for _, in := range set.Instances {
		known[in.ID] = true
	}
	for _, c := range p.Cells {
		if run := set.Find(c.ID); run == nil || !p.settled(run, nil) || !labelled(run, c) || slices.Contains(o.Retry, run.Status) || o.Unkept && unkept(disk.OS, p.Dir, c, run) || !known[instances.id(c)] {
			return nil, nil
		}
	}
	if set.Pending > 0 || !same(p) {
		return nil, nil
	}
	s, err := Summarize(p)
	if s != nil {
		s.Cached = len(p.Cells)
	}
	return s, err
}

// A runner trains what is missing in a store.
type runner struct {
	*store
	trainer *trainer
	holder  *lease.Holder // this process in the directory
	journal *journal
	room    *room
	losses  *losses
	fail    func(error) // ends the run
}

// trainAll trains what is missing, and returns the conflicts found on the way.
func trainAll(ctx context.Context, st *store) (conflicts []results.Conflict, err error) {
	watcher := lease.Watch(st.options.FS, st.plan.Dir, st.options.Silence)
	st.tidy(watcher)
	holder, err := watcher.Join(st.timing.Host, st.options.Task)
	if err != nil {
		return nil, err
	}
	defer func() {
		holder.Close()
		st.tidy(watcher)
		if !errors.Is(err, ErrInterrupted) {
			st.tidyLive()
		}
	}()
	holder.Describe(st.progress.describe)
	publisher := st.publish(holder.Name())
	defer func() { publisher.end(errors.Is(err, ErrInterrupted)) }()
	words := keepLastWords(st.options.FS, st.plan.Dir, holder.Name())
	defer func() {
		words.forget()
		forgetLastWords(st.options.FS, st.plan.Dir)
	}()
	defer st.progress.end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	fail := func(err error) { cancel(err) }
	room := newRoom(machine.Memory())
	defer room.close()
	r := &runner{store: st, holder: holder, room: room, fail: fail, journal: newJournal(st.dir, fail), losses: &losses{fsys: st.options.FS, dir: st.plan.Dir}}
	r.trainer = &trainer{setting: st.setting, checkpoints: true, limit: room.limit}
	err = r.rounds(ctx)
	if journalErr := r.journal.close(); err == nil {
		err = journalErr
	}
	if err == nil {
		err = ended(ctx)
	}
	return r.journal.conflicts, err
}

// ended returns why a context is done: ErrInterrupted if its parent is, and nil
// if it is not done.
func ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return ErrInterrupted
	}
	return cause
}

// record passes a run that ended to the journal.
func (r *runner) record(a *attempt, after func()) {
	r.progress.cell(a.run.ID, a.run.Status)
	r.journal.add(a.run, func() {
		if a.kept && (a.run.Status.Complete() || a.run.Status == results.Failed) && !(a.run.Status == results.Failed && a.cell.Trainer() != nil) {
			removeCheckpoint(r.options.FS, r.plan.Dir, a.cell.ID)
		}
		after()
	})
}
