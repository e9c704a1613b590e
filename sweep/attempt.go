package sweep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/panics"

	"gfnbench/gfn"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep/machine"
)

// A task is a cell to train, or to train further.
type task struct {
	cell        *suites.Cell
	attempt     int64       // 1 for the first
	until       int         // step after whose evaluation to stop, as pruned; negative: never
	failedAfter param.Value // see results.Timing
	renewed     bool        // time spent earlier does not count against run.timeout
	alone       bool        // must be trained while no other cell is
	then        func(*attempt)
}

// A trainer trains cells. Each of its callers trains one attempt at a time.
type trainer struct {
	*setting
	checkpoints bool          // keep checkpoints in the plan's directory
	limit       machine.Limit // limit of memory; zero if not known
	cores       cores
}

// An attempt is one cell being trained.
type attempt struct {
	task
	spec    gfn.Spec
	trainer learner     // nil where it could not be made
	run     results.Run // how it ended

	mu   sync.Mutex // guards rows while others look at them
	rows []gfn.Row

	began    time.Time
	before   time.Duration // time spent in earlier attempts, as far as checkpoints record it
	saved    saved         // what checkpoints have written
	kept     bool          // whether there is a checkpoint
	keeper   *keeper       // of its networks; nil keeps none
	first    int           // step at which this attempt began
	lent     lent
	step     atomic.Int64 // gradient steps taken
	noted    int64        // work noted as done
	expected int64        // work of the whole cell, or of the part up to its stop
}

var (
	errTimeout     = errors.New("it took longer than run.timeout")
	errInterrupted = errors.New("interrupted")
)

// train runs a cell to its end, to the step at which it must stop, or until ctx is done.
// A panic or an error ends the cell, not the sweep.
func (t *trainer) train(ctx context.Context, of task) *attempt {
	a := &attempt{task: of, run: results.Run{Cell: cellRow(of.cell)}, began: time.Now(), expected: int64(work(of.cell) * t.plan.share(of.cell))}
	a.saved.end = a.began
	defer t.progress.training(a)()
	a.run.Timing = t.timing
	var err error
	if p := panics.Try(func() { err = t.steps(ctx, a) }); p != nil {
		err = fmt.Errorf("panic: %v", p.Value)
		a.run.Timing.Stack = string(p.Stack)
	}
	a.dismiss()
	a.end(err)
	if a.run.Status != results.Interrupted {
		t.progress.drop(a.expected - a.noted)
	}
	return a
}

// fits rejects a cell that certainly needs more memory than there is.
func (t *trainer) fits(c *suites.Cell) error {
	n := needOf(c)
	if t.limit.Total == 0 || n.least <= t.limit.Left {
		return nil
	}
	return fmt.Errorf("there is too little memory. %s", t.advice(n.total()))
}

// start makes the trainer, or restores it from the cell's checkpoint.
func (t *trainer) start(ctx context.Context, a *attempt) error {
	if err := t.fits(a.cell); err != nil {
		return err
	}
	a.spec, a.keeper = a.cell.Spec(), newKeeper(a.cell)
	c, err := t.restore(ctx, a)
	if c != nil {
		a.first = a.trainer.StepsTaken()
		a.attempt, a.before = max(a.attempt, c.Attempt+1), c.Spent
		a.noted = a.perStep() * int64(a.first)
		t.progress.drop(a.noted)
	}
	return err
}

// restore makes the trainer at the cell's checkpoint, which it returns. If there is none
// or it cannot be used, restore makes the trainer at the start.
func (t *trainer) restore(ctx context.Context, a *attempt) (*checkpoint, error) {
	err := t.make(ctx, a)
	if err != nil || !t.checkpoints {
		return nil, err
	}
	c, err := readCheckpoint(t.options.FS, t.plan.Dir, a.cell.ID)
	if err == nil && c != nil && a.keeper.misses(c) {
		t.progress.Say("the cell %s starts again: the networks that [keep] asks for were not kept before its checkpoint", a.cell.ID)
		return nil, nil
	}
	if err == nil && c != nil {
		if err = a.trainer.UnmarshalBinary(c.Trainer); err == nil {
			a.keeper.restore(c)
			a.setRows(c.Rows)
			a.kept, a.saved.parts = true, c.Parts
			a.step.Store(int64(a.trainer.StepsTaken()))
			return c, nil
		}
		err = setAside(t.options.FS, checkpointPath(t.plan.Dir, a.cell.ID), err)
		a.dismiss()
		if err := t.make(ctx, a); err != nil {
			return nil, err
		}
	}
	if err != nil {
		t.progress.Say("%v", err)
	}
	return nil, nil
}

// make makes the trainer at the cell's start, in this program or in another.
func (t *trainer) make(ctx context.Context, a *attempt) error {
	if a.cell.Trainer() != nil {
		return t.makeExternal(ctx, a)
	}
	own, err := gfn.New(a.spec, a.cell.Instance())
	if err != nil {
		return err
	}
	a.trainer = own
	if k := a.keeper; k != nil {
		own.Watch(func(row gfn.Row, evaluated bool) { k.watch(own, row, evaluated) })
	}
	return nil
}

// steps takes gradient steps until the run ends or must stop.
func (t *trainer) steps(ctx context.Context, a *attempt) error {
	err := t.start(ctx, a)
	if err == nil {
		err = t.advance(ctx, a)
	}
	for n := 0; n < maxRestarts && killed(err) && ctx.Err() == nil; n++ {
		t.progress.Say("cell %s: %v; it is started again", a.cell.ID, err)
		if err = t.restart(ctx, a); err == nil {
			err = t.advance(ctx, a)
		}
	}
	if err == nil {
		err = t.keep(a)
	}
	return err
}

// advance takes gradient steps from the run's current step.
func (t *trainer) advance(ctx context.Context, a *attempt) error {
	perStep := a.perStep()
	a.lent = lent{from: a.trainer.StepsTaken()}
	a.borrow(&t.cores)
	timeout, every := a.cell.Timeout(), a.cell.CheckpointEvery()
	for !a.trainer.Done() && (a.until < 0 || a.trainer.StepsTaken() <= a.until) {
		if ctx.Err() != nil {
			return t.stop(a, errInterrupted)
		}
		now := time.Now()
		if timeout > 0 && a.against(now) > timeout {
			return t.stop(a, errTimeout)
		}
		if every > 0 && a.saved.due(now, every) {
			t.save(a)
		}
		before := a.trainer.StepsTaken()
		row, evaluated, err := a.trainer.Step()
		if err != nil {
			return err
		}
		if evaluated {
			a.add(row)
			a.borrow(&t.cores)
		}
		steps := int64(a.trainer.StepsTaken() - before)
		if a.trainer.Done() {
			steps++ // the last evaluation
		}
		a.step.Store(int64(a.trainer.StepsTaken()))
		t.progress.work(perStep * steps)
		a.noted += perStep * steps
	}
	if !a.trainer.Done() {
		a.attempt-- // continuing is still the same attempt
		t.save(a)
		a.attempt++
	}
	return nil
}

// add adds an evaluation. It replaces one at the same step, because another program may
// find only after an evaluation that its run diverged.
func (a *attempt) add(row gfn.Row) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.rows); n > 0 && a.rows[n-1].Step == row.Step {
		a.rows = a.rows[:n-1]
	}
	a.rows = append(a.rows, row)
}

// setRows takes the evaluations of a checkpoint.
func (a *attempt) setRows(rows []gfn.Row) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rows = rows
}

// perStep is the work of a step, evaluations included.
func (a *attempt) perStep() int64 {
	if a.until >= 0 {
		return a.expected / int64(a.until+1)
	}
	return a.expected / int64(a.spec.Steps+1)
}

// against returns the time that counts against the timeout.
func (a *attempt) against(now time.Time) time.Duration {
	d := now.Sub(a.began)
	if !a.renewed {
		d += a.before
	}
	return d
}

// stop writes a checkpoint unless nothing was gained, and returns why the cell
// stops.
func (t *trainer) stop(a *attempt, why error) error {
	if a.trainer.StepsTaken() > a.first {
		t.save(a)
	}
	return why
}

// save writes a checkpoint. If that fails the cell continues without one.
func (t *trainer) save(a *attempt) {
	if !t.checkpoints {
		return
	}
	begin := time.Now()
	state, err := a.trainer.MarshalBinary()
	if err == nil {
		a.saved.parts, err = writeCheckpoint(t.options.FS, t.plan.Dir, &checkpoint{
			Cell: a.cell.ID, Trainer: state, Steps: int64(a.trainer.StepsTaken()), Rows: a.rows, Parts: a.saved.parts,
			Spent: a.before + begin.Sub(a.began), Attempt: a.attempt, Kept: a.keeper.soFar(),
		})
	}
	a.saved.end = time.Now()
	a.saved.took = a.saved.end.Sub(begin)
	if errors.Is(err, errCannotSave) {
		return
	}
	if err != nil {
		t.progress.Say("no checkpoint of the cell %s: %v", a.cell.ID, err)
		return
	}
	a.kept = true
}

// end fills in how the run ended.
func (a *attempt) end(err error) {
	run, t := &a.run, &a.run.Timing
	t.Attempt, t.Start, t.End, t.FailedAfter = a.attempt, a.began, time.Now(), a.failedAfter
	t.Wall = (a.before + t.End.Sub(a.began)).Seconds()
	if a.trainer != nil {
		run.Step = int64(a.trainer.StepsTaken())
		if s := t.End.Sub(a.began).Seconds(); s > 0 {
			t.Rate = float64((a.trainer.StepsTaken()-a.first)*a.spec.Batch) / s
		}
		a.lent.count(a.trainer.StepsTaken())
		t.Threads = a.lent.mean(a.first, a.trainer.StepsTaken())
	}
	for i := range a.rows {
		run.Curve = append(run.Curve, point(&a.rows[i]))
		for j := range a.rows[i].Variance {
			run.Variance = append(run.Variance, varianceRow(&a.rows[i].Variance[j]))
		}
	}
	switch {
	case errors.Is(err, errTimeout):
		run.Status = results.Timeout
	case errors.Is(err, errInterrupted):
		run.Status = results.Interrupted
	case err != nil:
		run.Status = results.Failed
	case a.trainer.Diverged():
		run.Status = results.Diverged
		run.Message = fmt.Sprintf("loss or gradient not finite at step %d", run.Step)
	case a.trainer.Done():
		run.Status = results.Done
	default:
		run.Status = results.Pruned
		run.Message = fmt.Sprintf("stopped after step %d, a rung of [tune]", a.until)
	}
	if err != nil {
		run.Message = err.Error()
	}
}
