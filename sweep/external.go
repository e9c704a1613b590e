package sweep

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/suites"
	protocol "gfnbench/trainer"
	"gfnbench/trainer/remote"
	"gfnbench/usage"
)

// A learner is a run in progress, such as a gfn.Trainer.
type learner interface {
	Step() (row gfn.Row, evaluated bool, err error)
	StepsTaken() int
	Done() bool
	Diverged() bool
	MarshalBinary() ([]byte, error)
	UnmarshalBinary(data []byte) error
}

// external is a run that another program trains and this one evaluates.
type external struct {
	cell    *suites.Cell
	spec    gfn.Spec
	folder  string // in which the program runs
	session *protocol.Session
	policy  *remote.Policy
	judge   *gfn.Judge
	ctx     context.Context
	cancel  context.CancelFunc

	step      int
	evaluated bool // whether it was evaluated at this step
	last      gfn.Row
	trained   protocol.Trained
	chunk     int // steps to ask for at once
	done      bool
	diverged  bool
	dismissed bool
}

// reluctance is how long a program may go on training after the sweep must stop, so that
// it can save.
const reluctance = 2 * time.Second

// newExternal starts the cell's program and the cell's run in it.
func newExternal(ctx context.Context, c *suites.Cell, limit time.Duration) (e *external, err error) {
	e = &external{cell: c, spec: c.Spec(), chunk: 1}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	e.within(ctx, limit)
	of := c.Trainer()
	if e.folder, err = unpack(of); err != nil {
		return e, err
	}
	e.session, err = protocol.Open(e.ctx, protocol.Command{Args: of.Command, Dir: e.folder, Timeout: of.Timeout}, "gfnbench "+revision())
	if err != nil {
		return e, e.name(err)
	}
	if h := &e.session.Hello; h.Version != of.Version {
		return e, e.name(fmt.Errorf("it says that its version is %q, and the suite declares %q", h.Version, of.Version))
	}
	settings, changed := c.Settings()
	if err := remote.Undeclared(&e.session.Hello, changed); err != nil {
		return e, e.name(err)
	}
	start, arrays := remote.Start(c.ID, e.spec, settings, c.Instance().Env)
	if err := e.session.Start(e.ctx, start, arrays...); err != nil {
		return e, e.name(err)
	}
	e.policy = remote.NewPolicy(e.ctx, e.session, c.Instance().Env)
	e.judge, err = gfn.NewJudge(e.spec, c.Instance(), e.policy)
	return e, err
}

// within makes the context for requests. It ends some time after ctx, and once the cell
// has taken too long.
func (e *external) within(ctx context.Context, limit time.Duration) {
	parent, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(reluctance, func() { cancel(errInterrupted) }) })
	e.ctx, e.cancel = parent, func() { stop(); cancel(nil) }
	if limit > 0 {
		var release context.CancelFunc
		e.ctx, release = context.WithTimeoutCause(parent, limit, errTimeout)
		e.cancel = func() { stop(); release(); cancel(nil) }
	}
}

// unpack writes a program's files into a new folder.
func unpack(t *suites.Trainer) (folder string, err error) {
	if folder, err = os.MkdirTemp("", "gfnbench-trainer-"); err != nil {
		return "", err
	}
	for _, f := range t.Files {
		path := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = os.WriteFile(path, []byte(f.Data), 0o700)
		}
		if err != nil {
			return folder, err
		}
	}
	return folder, nil
}

// name adds to an error the trainer that caused it.
func (e *external) name(err error) error {
	if errors.Is(err, errTimeout) || errors.Is(err, errInterrupted) {
		return err
	}
	return fmt.Errorf("trainer %s: %w", e.cell.Trainer().Name, err)
}

// StepsTaken returns the number of gradient steps taken.
func (e *external) StepsTaken() int { return e.step }

// Done reports whether the run has ended.
func (e *external) Done() bool { return e.done }

// Diverged reports whether it ended because the program's loss was not finite.
func (e *external) Diverged() bool { return e.diverged }

// Step evaluates if an evaluation is due, and otherwise asks for about a second's worth
// of gradient steps.
func (e *external) Step() (row gfn.Row, evaluated bool, err error) {
	if !e.evaluated && (e.step%e.spec.EvalEvery == 0 || e.step == e.spec.Steps || e.diverged) {
		return e.evaluate()
	}
	begin := time.Now()
	to := min(e.step+e.chunk, e.step-e.step%e.spec.EvalEvery+e.spec.EvalEvery, e.spec.Steps)
	e.trained, err = e.session.Train(e.ctx, to)
	if err != nil {
		return row, false, e.name(err)
	}
	switch took := time.Since(begin); {
	case took < 500*time.Millisecond:
		e.chunk = min(2*e.chunk, math.MaxInt32)
	case took > time.Second:
		e.chunk = max(1, e.chunk/2)
	}
	e.step, e.diverged, e.evaluated = e.trained.Step, e.trained.Diverged, false
	return row, false, nil
}

// evaluate measures the current policy.
func (e *external) evaluate() (row gfn.Row, evaluated bool, err error) {
	last := e.step == e.spec.Steps || e.diverged
	if e.diverged {
		row = e.judge.Diverged(e.step, e.last)
	} else {
		if row, err = e.judge.Evaluate(e.step, last); err != nil {
			return row, false, e.name(err)
		}
		for m, x := range map[metric.Metric]*float64{metric.Loss: e.trained.Loss, metric.LogZ: e.trained.LogZ} {
			if x != nil {
				row.Metrics[m] = gfn.Exact(*x)
			}
		}
	}
	e.evaluated, e.done, e.last = true, last, row
	return row, true, nil
}

// externalState is the state from which a run continues.
type externalState struct {
	Step      int
	Evaluated bool
	Last      gfn.Row
	Trained   protocol.Trained
	State     []byte // of the program
}

// errCannotSave reports that a run cannot be continued and starts again.
var errCannotSave = errors.New("the trainer cannot save")

// MarshalBinary asks the program to save.
func (e *external) MarshalBinary() ([]byte, error) {
	if !e.session.Offers(protocol.MessageSave) || e.ctx.Err() != nil {
		return nil, errCannotSave
	}
	state, err := e.session.Save(e.ctx)
	if err != nil {
		return nil, e.name(err)
	}
	var b bytes.Buffer
	err = gob.NewEncoder(&b).Encode(externalState{e.step, e.evaluated, e.last, e.trained, state})
	return b.Bytes(), err
}

// UnmarshalBinary asks the program to continue from what MarshalBinary returned.
func (e *external) UnmarshalBinary(data []byte) error {
	var s externalState
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return fmt.Errorf("damaged checkpoint: %w", err)
	}
	if err := e.session.Load(e.ctx, s.State); err != nil {
		return e.name(err)
	}
	e.step, e.evaluated, e.last, e.trained = s.Step, s.Evaluated, s.Last, s.Trained
	return nil
}

// close ends the program, removes its folder and returns what the program consumed.
func (e *external) close() (u protocol.Usage) {
	if e.session != nil {
		u = e.session.Close()
	}
	e.cancel()
	_ = os.RemoveAll(e.folder) // leftovers are for the system to clean up
	return u
}

// makeExternal starts the cell's program if it is trusted.
func (t *trainer) makeExternal(ctx context.Context, a *attempt) error {
	if err := trusted(t.plan, t.options); err != nil {
		return err
	}
	limit := a.cell.Timeout()
	if limit > 0 {
		limit = max(limit-a.against(time.Now()), time.Nanosecond)
	}
	e, err := newExternal(ctx, a.cell, limit)
	if err == nil {
		a.trainer = e
	}
	return err
}

// dismiss ends the program that trains the cell, if there is one, and records what it
// consumed.
func (a *attempt) dismiss() {
	if e, ok := a.trainer.(*external); ok && !e.dismissed {
		u := e.close()
		e.dismissed = true
		a.run.Timing.TrainerSeconds += u.Seconds
		a.run.Timing.TrainerBytes = max(a.run.Timing.TrainerBytes, u.Bytes)
	}
}

// maxRestarts is how often one attempt restarts a program that a signal ended.
const maxRestarts = 2

// killed reports whether a signal ended a program.
func killed(err error) bool {
	d, ok := errors.AsType[*protocol.Death](err)
	return ok && d.Killed()
}

// restart restarts a killed program from its last save, or from the start.
func (t *trainer) restart(ctx context.Context, a *attempt) error {
	at := int64(a.trainer.StepsTaken())
	a.dismiss()
	a.before, a.began = a.before+time.Since(a.began), time.Now()
	a.setRows(nil)
	a.step.Store(0)
	if _, err := t.restore(ctx, a); err != nil {
		return err
	}
	lost := a.expected / int64(a.spec.Steps+1) * (int64(a.trainer.StepsTaken()) - at)
	t.progress.work(lost)
	a.noted += lost
	return nil
}

// trusted returns an error if a suite names programs that may not be run.
func trusted(p *Plan, o Options) error {
	list := p.Suite.Programs(p.Cells)
	if o.Trust || len(list) == 0 {
		return nil
	}
	return usage.Errorf("the suite names a program, trainer %s, which is not trusted", list[0].Name)
}
