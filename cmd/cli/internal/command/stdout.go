package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"

	"golang.org/x/term"

	"gfnbench/suites/plain"
)

// A Stdout is a program's standard output that remembers whether something could
// not be written, even where the error was ignored. It is safe for concurrent
// use.
type Stdout struct {
	w    io.Writer
	file *os.File // nil: it is none
	mu   sync.Mutex
	err  error
}

// NewStdout returns the standard output w. Where that is a terminal, control
// characters are escaped.
func NewStdout(w io.Writer) *Stdout {
	s := &Stdout{w: w}
	s.file, _ = w.(*os.File)
	if isTerminal(w) {
		s.w = plain.NewWriter(w)
	}
	return s
}

// A Stderr is a program's standard error. Where that is a terminal, control
// characters are escaped.
type Stderr struct {
	io.Writer
	// Raw is what a bar of progress is drawn on. Text that goes there is escaped
	// by who writes it.
	Raw io.Writer
}

// NewStderr returns the standard error w.
func NewStderr(w io.Writer) *Stderr {
	if isTerminal(w) {
		return &Stderr{plain.NewWriter(w), w}
	}
	return &Stderr{w, w}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Write writes to the standard output. After an error it writes no more.
func (s *Stdout) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}

// Err returns the first error; nil: all was written.
func (s *Stdout) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.err
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // without its path, /dev/stdout
	}
	return fmt.Errorf("writing standard output: %w", err)
}

// Fd returns the descriptor of the standard output, an invalid one where it is no
// file: by it a terminal is known.
func (s *Stdout) Fd() uintptr {
	if s.file != nil {
		return s.file.Fd()
	}
	return ^uintptr(0)
}

// ReaderGone reports whether an error is that of a pipe whose reader has ended,
// such as head: nobody is left to be told of it.
func ReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
