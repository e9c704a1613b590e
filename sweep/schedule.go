package sweep

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/pool"

	"gfnbench/results"
	"gfnbench/results/lease"
	"gfnbench/suites"
)

// schedule trains what is missing. One goroutine claims blocks and deals out
// their cells, one per worker trains them, and the journal records them. A
// block is released once its cells are on stable storage.
func (r *runner) schedule(ctx context.Context) error {
	workers := max(1, min(r.options.Workers, len(r.plan.Cells))) // more workers would only wait
	dealt := make(chan dealtTask)
	crew := pool.New().WithMaxGoroutines(workers)
	r.trainer.cores.begin(r.options.Workers, workers)
	for range workers {
		crew.Go(func() {
			defer r.trainer.cores.working.Add(-1)
			for t := range dealt {
				r.trainer.run(ctx, t)
			}
		})
	}
	d := &dealer{runner: r, ctx: ctx, dealt: dealt}
	err := d.deal()
	close(dealt)
	crew.Wait()
	return err
}

// A dealtTask is a task with the memory set aside for it.
type dealtTask struct {
	task
	place *place
}

// run trains a task unless ctx is done, gives back its place, and passes on how
// it ended.
func (t *trainer) run(ctx context.Context, d dealtTask) {
	var a *attempt
	if ctx.Err() == nil {
		a = t.train(ctx, d.task)
		a.trainer = nil // release its memory
	}
	d.place.leave()
	d.then(a)
}

// A dealer claims blocks and deals out their cells.
type dealer struct {
	*runner
	ctx   context.Context
	dealt chan<- dealtTask
}

// deal goes through the blocks, those that must be alone last. It then waits for
// those that other processes hold, to take over what they leave; with NoWait it
// waits only until it knows that they live.
func (d *dealer) deal() error {
	first, last := d.order()
	busy, isolated, err := d.round(first)
	if err != nil {
		return err
	}
	last = append(last, isolated...)
	if slices.ContainsFunc(last, func(b *block) bool { return slices.ContainsFunc(b.cells, d.missing) }) {
		d.progress.Say("cells that may need more memory than there is, or whose process died, run last and alone; if this process dies, run the same command again")
	}
	more, again, err := d.round(last)
	busy = slices.Concat(busy, more, again)
	for wait := 10 * time.Millisecond; err == nil; wait = min(2*wait, 5*time.Second) {
		if d.options.NoWait {
			busy = slices.DeleteFunc(busy, func(b *block) bool { return d.holder.Lives(b.lease()) })
		}
		if len(busy) == 0 {
			return nil
		}
		d.progress.wait("other processes")
		select {
		case <-d.ctx.Done():
			return nil
		case <-time.After(wait):
		}
		if err = d.follower.Update(); err == nil {
			busy, isolated, err = d.round(busy)
			busy = append(busy, isolated...)
		}
	}
	return err
}

// order divides the blocks of the plan into those that may run beside each
// other, and those that run last and alone because their process was lost or
// they need more memory than there is.
func (d *dealer) order() (first, last []*block) {
	for _, b := range d.plan.blocks {
		x := d.losses.read(b.name)
		b.lost = x != loss{}
		b.alone = x.alone() || slices.ContainsFunc(b.cells, func(c *suites.Cell) bool { return d.missing(c) && needOf(c).total() > d.room.size })
		if b.alone {
			last = append(last, b)
		} else {
			first = append(first, b)
		}
	}
	return first, last
}

// round starts the blocks that can be claimed. It returns those that others
// hold, and those that must be alone because their process was lost.
func (d *dealer) round(list []*block) (busy, isolated []*block, err error) {
	for _, b := range list {
		if d.ctx.Err() != nil {
			return nil, nil, nil
		}
		if !slices.ContainsFunc(b.cells, d.missing) {
			d.progress.elsewhere(b.cells)
			d.losses.forget(b)
			continue
		}
		if b.alone {
			d.room.empty(d.ctx) // a block claimed earlier would be held, and lost with this one
		}
		ok, from, err := d.holder.Claim(b.lease())
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			busy = append(busy, b)
			continue
		}
		if from != nil && from.Name != "" {
			if isolate, err := d.inherit(b, from); err != nil {
				return nil, nil, err
			} else if isolate {
				isolated = append(isolated, b)
				continue
			}
		}
		if err := d.begin(b); err != nil {
			return nil, nil, err
		}
	}
	return busy, isolated, nil
}

// inherit counts the loss of a block that a dead process held. It reports whether
// the block must now be alone, which it was not before; its lease is then given
// back.
func (d *dealer) inherit(b *block, from *lease.Owner) (isolate bool, err error) {
	err = d.follower.Update() // what the dead process recorded
	if err == nil {
		err = d.lost(b, from)
	}
	if err == nil && (b.alone || !d.losses.read(b.name).alone()) {
		return false, nil
	}
	b.alone = true
	d.holder.Release(b.lease())
	return true, err
}

// begin deals out the missing cells of a block that was just claimed. It first
// reads what others recorded before they released it.
func (d *dealer) begin(b *block) error {
	if err := d.follower.Update(); err != nil {
		d.holder.Release(b.lease())
		return err
	}
	var tasks []task
	for _, c := range b.cells {
		if d.missing(c) {
			t := d.task(c)
			t.alone = b.alone
			tasks = append(tasks, t)
		} else {
			d.progress.elsewhere([]*suites.Cell{c})
		}
	}
	var left, stopped atomic.Int64
	left.Store(int64(len(tasks)) + 1)
	settle := func() {
		if left.Add(-1) == 0 {
			if stopped.Load() == 0 {
				d.losses.forget(b)
			}
			d.holder.Release(b.lease())
		}
	}
	for i := range tasks {
		tasks[i].then = func(a *attempt) {
			if a == nil || a.run.Status == results.Interrupted {
				stopped.Add(1)
			}
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

// send gives tasks to the workers, one by one, as memory becomes free. After ctx
// is done, each is answered without being run, and send returns false.
func (d *dealer) send(tasks []task) bool {
	for _, t := range tasks {
		p := d.room.take(d.ctx, t.cell.Instance(), needOf(t.cell), t.alone)
		if p == nil {
			t.then(nil)
			continue
		}
		select {
		case <-d.ctx.Done():
			p.leave()
			t.then(nil)
		case d.dealt <- dealtTask{t, p}:
		}
	}
	return d.ctx.Err() == nil
}
