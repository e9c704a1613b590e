package conformance

import (
	"context"
	"errors"
	"fmt"

	"gfnbench/gfn"
	"gfnbench/gfn/param"
	"gfnbench/trainer"
)

// A Cell is what the trainer is asked to train; a [gfnbench/suites.Cell] is one.
type Cell interface {
	// Spec returns the run as this program would train it.
	Spec() gfn.Spec

	// Settings returns all settings that affect training, and the names of those that are
	// not at their default.
	Settings() (settings param.Values, changed []string)

	// Instance returns the environment.
	Instance() *gfn.Instance
}

// Options configure [Run].
type Options struct {
	// Open starts the trainer. It is called again if a check has ended the trainer.
	Open func(ctx context.Context) (*trainer.Session, error)

	// Cell returns a small cell of a kind of environment and an objective, with the given
	// values of keys of [run].
	Cell func(environment, objective string, set param.Values) (Cell, error)

	Environments, Objectives []string // to check; none: all that it offers

	Settings []string     // that a trainer can declare; none: declarations are not checked
	Samples  int          // trajectories of a test of samples; 0: 10,000
	Report   func(Result) // called after each check
}

// Run checks a trainer: every environment that it offers with its first objective, and
// its other objectives in its first environment. It returns an error only if this program
// fails or ctx ends; what the trainer does wrong is in the results.
func Run(ctx context.Context, o Options) (trainer.Hello, error) {
	if o.Samples == 0 {
		o.Samples = 10_000
	}
	k := &kit{ctx: ctx, o: o}
	defer k.end()
	if err := k.begin(); err != nil {
		if ctx.Err() != nil {
			return k.hello, context.Cause(ctx)
		}
		o.Report(resultOf("", "hello", "", err))
		return k.hello, nil
	}
	k.hello = k.session.Hello
	o.Report(resultOf("", "hello", "", k.checkHello()))
	for _, c := range k.cases() {
		if err := k.runCase(c); err != nil {
			return k.hello, err
		}
	}
	return k.hello, nil
}

// kit is a conformance check in progress.
type kit struct {
	ctx     context.Context
	o       Options
	session *trainer.Session // nil: not started
	hello   trainer.Hello

	the      subject
	cell     Cell
	world    *world       // nil in a continuous environment
	prepare  func() error // brings the run to where the checks of the stage begin
	ready    bool
	seen     stageState
	reported trainer.Trained // by the training that the stage begins with
	err      error           // of this program or of the context
}

// begin starts the trainer if it is not running.
func (k *kit) begin() (err error) {
	if k.session == nil {
		k.session, err = k.o.Open(k.ctx)
	}
	return err
}

// end ends the trainer.
func (k *kit) end() {
	if k.session != nil {
		k.session.Close()
	}
	k.session, k.ready = nil, false
}

// A check is one line of the report.
type check struct {
	name  string
	needs []string // optional messages that it sends
	hint  string   // the likely bug if the finding names none
	run   func() error
}

// stage runs checks that begin where prepare ends. If prepare fails, the first check is
// blamed and the others are left out.
func (k *kit) stage(prepare func() error, checks ...check) {
	k.prepare, k.ready, k.seen, k.reported = prepare, false, stageState{}, trainer.Trained{}
	for i, c := range checks {
		if k.err != nil {
			return
		}
		if missing := k.missing(c.needs); missing != "" {
			k.o.Report(Result{k.the.String(), c.name, NotOffered, "it does not offer " + missing, ""})
			continue
		}
		err := k.again()
		unprepared := err != nil
		if err == nil {
			err = c.run()
		}
		if k.broken(err); k.err != nil {
			return
		}
		k.o.Report(resultOf(k.the.String(), c.name, c.hint, err))
		if unprepared && i == 0 {
			return
		}
	}
}

// again brings the run to where the checks begin, unless it is there.
func (k *kit) again() error {
	if k.ready {
		return nil
	}
	err := k.begin()
	if err == nil {
		err = k.prepare()
	}
	k.ready = err == nil
	return err
}

// broken records what an error means for the checks that follow.
func (k *kit) broken(err error) {
	if _, ok := err.(absent); ok || err == nil {
		return
	}
	_, ours := errors.AsType[*finding](err)
	e, theirs := errors.AsType[*trainer.Error](err)
	switch {
	case k.ctx.Err() != nil:
		k.err = context.Cause(k.ctx)
	case theirs:
		if _, refused := errors.AsType[*trainer.Refusal](e); !refused {
			k.end()
		}
	case !ours:
		k.err = fmt.Errorf("%s: %w", k.the, err)
	}
}

// missing returns the first of the messages that the trainer does not offer, or "".
func (k *kit) missing(messages []string) string {
	for _, m := range messages {
		if k.session == nil && k.begin() != nil {
			return ""
		}
		if !k.session.Offers(m) {
			return m
		}
	}
	return ""
}
