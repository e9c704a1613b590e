package sweep

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"github.com/sourcegraph/conc/pool"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/suites"
)

// Options of [Run].
type Options struct {
	Workers   int       // cells at a time; 0: one
	Progress  *Progress // nil: not shown
	Command   string    // command line, for the provenance
	Anonymous bool      // leave out host and user
	FS        disk.FS   // nil: the operating system's
}

// ErrInterrupted says that a run was stopped before its end and can be resumed.
var ErrInterrupted = errors.New("interrupted")

// A runner is a run of a plan.
type runner struct {
	plan      *Plan
	options   Options
	progress  *Progress
	dir       *results.Dir
	journal   *journal
	instances instances
	timing    results.Timing // what is the same for every cell of this process
}

// Run trains the cells of the plan that the directory does not hold, and
// records them. It returns ErrInterrupted where ctx ended before all were there;
// the same call then continues.
func Run(ctx context.Context, p *Plan, o Options) (*Summary, error) {
	start := time.Now()
	if o.FS == nil {
		o.FS = disk.OS
	}
	if o.Progress == nil {
		o.Progress = NewProgress(nil, Quiet)
	}
	r := &runner{plan: p, options: o, progress: o.Progress, instances: instancesOf(p.Suite)}
	r.timing = results.Timing{CPU: cpuModel(), SIMD: gfn.SIMD(), Revision: revision(), Go: runtime.Version()}
	if !o.Anonymous {
		r.timing.Host = hostname()
	}
	if err := prepare(o.FS, p); err != nil {
		return nil, err
	}
	set, err := read(p.Dir)
	if err != nil {
		return nil, err
	}
	if r.dir, err = r.open(start, time.Time{}); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(p.Cells), func(c *suites.Cell) bool { return settled(set.Find(c.ID)) })
	err = r.cells(ctx, missing)
	if err == nil {
		err = r.keepInstances(set)
	}
	if closeErr := r.compact(start); err == nil || errors.Is(err, ErrInterrupted) {
		err = errors.Join(err, closeErr)
	}
	if err != nil && !errors.Is(err, ErrInterrupted) {
		return nil, err
	}
	s, sumErr := Summarize(p)
	if sumErr != nil {
		return nil, errors.Join(err, sumErr)
	}
	s.Cached, s.Seconds = len(p.Cells)-len(missing), time.Since(start).Seconds()
	return s, err
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
// error that would repeat itself.
func settled(run *results.Run) bool {
	return run != nil && (run.Status.Complete() || run.Status == results.Failed || run.Status == results.Timeout)
}

// cells trains the cells, the longest first.
func (r *runner) cells(ctx context.Context, missing []*suites.Cell) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.journal = newJournal(r.dir, func(err error) { cancel(err) })
	total := 0.0
	cost := make(map[*suites.Cell]float64, len(missing))
	for _, c := range missing {
		cost[c] = work(c)
		total += cost[c]
	}
	slices.SortStableFunc(missing, func(a, b *suites.Cell) int { return cmp.Compare(cost[b], cost[a]) })
	r.progress.begin(len(missing), total)
	workers := pool.New().WithMaxGoroutines(max(1, r.options.Workers))
	for _, c := range missing {
		workers.Go(func() {
			if ctx.Err() == nil {
				run := r.train(ctx, c)
				r.progress.cell(run.Status)
				r.journal.add(run, func() {})
			}
		})
	}
	workers.Wait()
	err := r.journal.close()
	r.progress.end()
	if err == nil && ctx.Err() != nil {
		err = ErrInterrupted
	}
	return err
}

// keepInstances records what was drawn for the plan's environments.
func (r *runner) keepInstances(set *results.Set) error {
	known := map[string]bool{}
	for _, in := range set.Instances {
		known[in.ID] = true
	}
	var list []results.Instance
	for _, c := range r.plan.Cells {
		id := r.instances.ids[c.Instance()]
		if known[id] {
			continue
		}
		known[id] = true
		in, err := r.instances.drawn(c.Instance())
		if err != nil {
			return err
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
	return dir.Compact()
}
