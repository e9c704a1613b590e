// Package usage holds what is said of something that was typed: errors that the
// user can mend, the nearest of the names that there are, and words as a shell
// reads them.
package usage

import (
	"errors"
	"fmt"
)

// An Error is a mistake in what was asked for: a name that is not known, a
// directory that is not there or belongs to something else. Nothing was done.
type Error struct {
	Err error // what is wrong, and what to do
}

// Error returns the message.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an *Error with the formatted message.
func Errorf(format string, args ...any) error { return &Error{fmt.Errorf(format, args...)} }

// ErrNoMatch says that a filter or a selector matches no cell.
var ErrNoMatch = errors.New("no cell matches")
