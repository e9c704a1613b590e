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

// An attempt is one cell being trained.
type attempt struct {
	cell    *suites.Cell
	spec    gfn.Spec
	trainer *gfn.Trainer
	run     results.Run

	before  time.Duration // spent in earlier attempts
	began   time.Time
	first   int   // step at which this attempt began
	perStep int64 // work
	left    int64 // work not yet noted
}

// train runs a cell to its end, or until ctx is done. A panic or an error ends
// the cell, not the sweep.
func (r *runner) train(ctx context.Context, c *suites.Cell) results.Run {
	a := &attempt{cell: c, run: results.Run{Cell: cellRow(c)}, began: time.Now(), left: int64(work(c))}
	a.run.Timing = r.timing
	a.run.Timing.Attempt, a.run.Timing.Start = 1, a.began
	var err error
	if p := panics.Try(func() { err = r.steps(ctx, a) }); p != nil {
		err = fmt.Errorf("panic: %v", p.Value)
		a.run.Timing.Stack = string(p.Stack)
	}
	a.end(err)
	r.progress.work(a.left)
	return a.run
}

var (
	errTimeout     = errors.New("it took longer than run.timeout")
	errInterrupted = errors.New("interrupted")
)

// steps takes gradient steps until the run ends.
func (r *runner) steps(ctx context.Context, a *attempt) (err error) {
	a.spec = a.cell.Spec()
	if a.trainer, err = gfn.New(a.spec, a.cell.Instance()); err != nil {
		return err
	}
	a.perStep = a.left / int64(a.spec.Steps+1)
	timeout := a.cell.Timeout()
	for !a.trainer.Done() {
		if ctx.Err() != nil {
			return errInterrupted
		}
		if timeout > 0 && a.spent() > timeout {
			return errTimeout
		}
		row, evaluated, err := a.trainer.Step()
		if err != nil {
			return err
		}
		if evaluated {
			a.run.Curve = append(a.run.Curve, point(&row))
		}
		for i := range row.Variance {
			a.run.Variance = append(a.run.Variance, varianceRow(&row.Variance[i]))
		}
		r.progress.work(a.perStep)
		a.left -= a.perStep
	}
	return nil
}

func (a *attempt) spent() time.Duration { return a.before + time.Since(a.began) }

// end fills in how the run ended.
func (a *attempt) end(err error) {
	run, t := &a.run, &a.run.Timing
	t.End = time.Now()
	t.Wall = a.spent().Seconds()
	if a.trainer != nil {
		run.Step = int64(a.trainer.StepsTaken())
		if s := t.End.Sub(a.began).Seconds(); s > 0 {
			t.Rate = float64((a.trainer.StepsTaken()-a.first)*a.spec.Batch) / s
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
	default:
		run.Status = results.Done
	}
	if err != nil {
		run.Message = err.Error()
	}
}
