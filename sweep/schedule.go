package sweep

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/pool"

	"gfnbench/results"
	"gfnbench/suites"
)

// schedule trains what is missing: one goroutine claims blocks and deals out
// their cells, as many as there are workers train them, and the journal records
// them. A block is released once its cells are on stable storage.
func (r *runner) schedule(ctx context.Context) error {
	workers := max(1, min(r.options.Workers, len(r.plan.Cells))) // more would only wait
	tasks := make(chan task)
	crew := pool.New().WithMaxGoroutines(workers)
	for range workers {
		crew.Go(func() {
			for t := range tasks {
				if ctx.Err() != nil {
					t.then(nil)
					continue
				}
				t.then(r.train(ctx, t))
			}
		})
	}
	d := &dealer{runner: r, ctx: ctx, tasks: tasks, groups: make(chan struct{}, workers)}
	err := d.deal()
	d.running.Wait()
	close(tasks)
	crew.Wait()
	return err
}

// A dealer claims blocks and deals out their cells.
type dealer struct {
	*runner
	ctx     context.Context
	tasks   chan<- task
	groups  chan struct{}  // one for each group of [prune] that runs
	running sync.WaitGroup // such groups
	curves  *results.Set   // read in this round; nil: not yet
}

// deal goes through the blocks, and then waits for those that other processes
// hold, to take over what they leave: with NoWait, until it is known that they live.
func (d *dealer) deal() error {
	busy, err := d.round(d.blocks)
	for wait := 10 * time.Millisecond; err == nil; wait = min(2*wait, 5*time.Second) {
		if d.options.NoWait {
			busy = slices.DeleteFunc(busy, func(b *block) bool { return d.leases.Lives(b.lease()) })
		}
		if len(busy) == 0 {
			return nil
		}
		d.progress.note("waiting for other processes")
		select {
		case <-d.ctx.Done():
			return nil
		case <-time.After(wait):
		}
		if err = d.follower.Update(); err == nil {
			busy, err = d.round(busy)
		}
	}
	return err
}

// round starts the blocks that can be claimed, and returns those that others
// hold.
func (d *dealer) round(list []*block) (busy []*block, err error) {
	d.curves = nil
	for _, b := range list {
		if d.ctx.Err() != nil {
			return nil, nil
		}
		if open, err := d.unfinished(b); err != nil || !open {
			if err != nil {
				return nil, err
			}
			continue
		}
		ok, err := d.leases.Claim(b.lease())
		switch {
		case err != nil:
			return nil, err
		case !ok:
			busy = append(busy, b)
		default:
			if err := d.begin(b); err != nil {
				return nil, err
			}
		}
	}
	return busy, nil
}

// unfinished reports whether there is something to do in a block, as far as is
// known.
func (d *dealer) unfinished(b *block) (bool, error) {
	if slices.ContainsFunc(b.cells, d.missing) {
		return true, nil
	}
	if !b.group {
		return false, nil
	}
	if d.curves == nil {
		var err error
		if d.curves, err = d.dir.Read(); err != nil {
			return false, err
		}
	}
	return !d.halved(b, d.curves), nil
}

// begin deals out the missing cells of a block that was just claimed. What
// others recorded before they released it is there to be read.
func (d *dealer) begin(b *block) error {
	if err := d.follower.Update(); err != nil {
		d.leases.Release(b.lease())
		return err
	}
	if b.group {
		return d.beginGroup(b)
	}
	var tasks []task
	for _, c := range b.cells {
		if d.missing(c) {
			tasks = append(tasks, d.task(c))
		}
	}
	var left atomic.Int64
	left.Store(int64(len(tasks)) + 1)
	settle := func() {
		if left.Add(-1) == 0 {
			d.leases.Release(b.lease())
		}
	}
	for i := range tasks {
		tasks[i].then = func(a *attempt) {
			if a == nil {
				settle()
				return
			}
			d.record(a, settle)
		}
	}
	d.send(tasks)
	settle()
	return nil
}

// beginGroup runs a group of [prune] beside the other blocks.
func (d *dealer) beginGroup(b *block) error {
	prior := &results.Set{}
	if slices.ContainsFunc(b.cells, func(c *suites.Cell) bool { return d.follower.Find(c.ID) != nil }) {
		var err error
		if prior, err = d.dir.Read(); err != nil { // with the curves
			d.leases.Release(b.lease())
			return err
		}
	}
	d.groups <- struct{}{}
	d.running.Go(func() {
		defer func() { <-d.groups }()
		d.halve(b, prior, d.send)
		d.journal.flushed(func() { d.leases.Release(b.lease()) })
	})
	return nil
}

// send gives tasks to the workers, which take them one by one. After the end of
// the context each is answered without being run; it is false then.
func (d *dealer) send(tasks []task) bool {
	for _, t := range tasks {
		select {
		case <-d.ctx.Done():
			t.then(nil)
		case d.tasks <- t:
		}
	}
	return d.ctx.Err() == nil
}
