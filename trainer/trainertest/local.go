//go:build unix

package trainertest

import (
	"bytes"
	"cmp"
	"context"
	"strings"

	"gfnbench/trainer"
)

// Local returns a trainer with bugs, separated by commas, that runs in this process.
// Requests and replies pass through frames, as with a program.
func Local(bugs string) trainer.Caller {
	return &local{of: &tabular{faults: strings.Split(bugs, ",")}}
}

// local is a trainer without a process.
type local struct {
	of    *tabular
	calls int64
	err   error
}

// Call answers a request.
func (l *local) Call(ctx context.Context, message string, fields any, maxBody int64, arrays ...trainer.Array) (*trainer.Frame, error) {
	if l.err != nil || ctx.Err() != nil {
		return nil, cmp.Or(l.err, context.Cause(ctx))
	}
	l.calls++
	var b bytes.Buffer
	if err := trainer.Write(&b, message, l.calls, fields, arrays...); err != nil {
		return nil, err
	}
	f, err := trainer.Read(&b, trainer.MaxHeader, 1<<30)
	if err != nil {
		return nil, err
	}
	reply, out, err := l.of.answer(f)
	if err != nil {
		return nil, &trainer.Error{Message: message, Err: &trainer.Refusal{Text: err.Error()}}
	}
	b.Reset()
	if err := trainer.Write(&b, message, l.calls, reply, out...); err != nil {
		return nil, err
	}
	if f, err = trainer.Read(&b, trainer.MaxHeader, maxBody); err != nil {
		return nil, l.Blame(message, err)
	}
	return f, nil
}

// Blame ends the trainer.
func (l *local) Blame(message string, err error) error {
	if l.err == nil {
		l.err = &trainer.Error{Message: message, Err: err}
	}
	return l.err
}

// Close does nothing: there is no process.
func (l *local) Close() trainer.Usage { return trainer.Usage{} }
