// Package usage holds what is needed to respond to a user's input: errors that
// the user can fix, the nearest of the known names, and words quoted for a
// shell.
package usage

import (
	"errors"
	"fmt"
)

// An Error is a mistake in what was asked for: an unknown name, or a directory
// that does not exist or belongs to something else. Nothing was done.
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
