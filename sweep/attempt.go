package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sourcegraph/conc/panics"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/suites"
)

// A task is a cell to be trained, or to be trained further.
type task struct {
	cell    *suites.Cell
	attempt int64 // 1 for the first
	pause   int   // step after whose evaluation to pause; negative: never
	counted int64 // work that this process has noted already
	renewed bool  // what was spent before does not count against run.timeout
	then    func(*attempt)
}

// An attempt is one cell being trained.
type attempt struct {
	task
	spec    gfn.Spec
	trainer *gfn.Trainer
	rows    []gfn.Row
	run     results.Run // how it ended; the status is empty where it paused

	began    time.Time
	before   time.Duration // spent in earlier attempts, as far as checkpoints tell
	saved    time.Time     // when the last checkpoint was written
	kept     bool          // there is a checkpoint
	first    int           // step at which this attempt began
	noted    int64         // work noted as done
	expected int64         // work of the whole cell
}

var (
	errTimeout     = errors.New("it took longer than run.timeout")
	errInterrupted = errors.New("interrupted")
)

// train runs a cell to its end, to its pause, or until ctx is done. A panic or
// an error ends the cell, not the sweep.
func (r *runner) train(ctx context.Context, t task) *attempt {
	a := &attempt{task: t, run: results.Run{Cell: cellRow(t.cell)}, began: time.Now(), expected: int64(work(t.cell))}
	a.saved = a.began
	a.run.Timing = r.timing
	var err error
	if p := panics.Try(func() { err = r.steps(ctx, a) }); p != nil {
		err = fmt.Errorf("panic: %v", p.Value)
		a.run.Timing.Stack = string(p.Stack)
	}
	a.end(err)
	if a.run.Status != "" && a.run.Status != results.Interrupted {
		r.progress.spare(a.expected - a.noted)
	}
	return a
}

// start makes the trainer, or restores it from the cell's checkpoint.
func (r *runner) start(a *attempt) (err error) {
	a.spec = a.cell.Spec()
	if a.trainer, err = gfn.New(a.spec, a.cell.Instance()); err != nil || !r.stored {
		return err
	}
	c, err := readCheckpoint(r.options.FS, r.plan.Dir, a.cell.ID)
	if err == nil && c != nil {
		if err = a.trainer.UnmarshalBinary(c.Trainer); err != nil {
			err = setAside(r.options.FS, checkpointPath(r.plan.Dir, a.cell.ID), err)
			a.trainer, _ = gfn.New(a.spec, a.cell.Instance()) // as before
		} else {
			a.rows, a.first, a.kept = c.Rows, a.trainer.StepsTaken(), true
			a.attempt, a.before = max(a.attempt, c.Attempt+1), c.Spent
			a.noted = a.expected / int64(a.spec.Steps+1) * int64(a.first)
			r.progress.spare(a.noted - a.counted)
		}
	}
	if err != nil {
		r.progress.Say("%v", err)
	}
	return nil
}

// steps takes gradient steps until the run ends or pauses.
func (r *runner) steps(ctx context.Context, a *attempt) error {
	if err := r.start(a); err != nil {
		return err
	}
	perStep := a.expected / int64(a.spec.Steps+1)
	timeout, every := a.cell.Timeout(), a.cell.CheckpointEvery()
	for !a.trainer.Done() && (a.pause < 0 || a.trainer.StepsTaken() <= a.pause) {
		if ctx.Err() != nil {
			return r.stop(a, errInterrupted)
		}
		now := time.Now()
		if timeout > 0 && a.against(now) > timeout {
			return r.stop(a, errTimeout)
		}
		if every > 0 && now.Sub(a.saved) > every {
			r.save(a)
		}
		row, evaluated, err := a.trainer.Step()
		if err != nil {
			return err
		}
		if evaluated {
			a.rows = append(a.rows, row)
		}
		r.progress.work(perStep)
		a.noted += perStep
	}
	if !a.trainer.Done() {
		a.attempt-- // what continues is the same attempt
		r.save(a)
		a.attempt++
	}
	return nil
}

// against is the time that counts against the timeout.
func (a *attempt) against(now time.Time) time.Duration {
	d := now.Sub(a.began)
	if !a.renewed {
		d += a.before
	}
	return d
}

// stop writes a checkpoint, unless nothing was gained, and returns why the cell
// stops.
func (r *runner) stop(a *attempt, why error) error {
	if a.trainer.StepsTaken() > a.first {
		r.save(a)
	}
	return why
}

// save writes a checkpoint. Where that fails the cell goes on without.
func (r *runner) save(a *attempt) {
	if !r.stored {
		return
	}
	a.saved = time.Now()
	state, err := a.trainer.MarshalBinary()
	if err == nil {
		err = writeCheckpoint(r.options.FS, r.plan.Dir, &checkpoint{
			Cell: a.cell.ID, Trainer: state, Rows: a.rows, Spent: a.before + a.saved.Sub(a.began), Attempt: a.attempt,
		})
	}
	if err != nil {
		r.progress.Say("no checkpoint of the cell %s: %v", a.cell.ID, err)
		return
	}
	a.kept = true
}

// end fills in how the run ended.
func (a *attempt) end(err error) {
	run, t := &a.run, &a.run.Timing
	t.Attempt, t.Start, t.End = a.attempt, a.began, time.Now()
	t.Wall = (a.before + t.End.Sub(a.began)).Seconds()
	if a.trainer != nil {
		run.Step = int64(a.trainer.StepsTaken())
		if s := t.End.Sub(a.began).Seconds(); s > 0 {
			t.Rate = float64((a.trainer.StepsTaken()-a.first)*a.spec.Batch) / s
		}
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
	}
	if err != nil {
		run.Message = err.Error()
	}
}
