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

// A Stdout is a program's standard output. It remembers whether anything could
// not be written, even if the error was ignored. It is safe for concurrent use.
type Stdout struct {
	w    io.Writer
	file *os.File // nil if it is not a file
	mu   sync.Mutex
	err  error
}

// NewStdout returns the standard output w. If w is a terminal, control
// characters are escaped.
func NewStdout(w io.Writer) *Stdout {
	s := &Stdout{w: w}
	s.file, _ = w.(*os.File)
	if isTerminal(w) {
		s.w = plain.NewWriter(w)
	}
	return s
}

// A Stderr is a program's standard error. If it is a terminal, control
// characters are escaped.
type Stderr struct {
	io.Writer
	// Raw is where a progress bar is drawn. Whoever writes text to it must escape
	// it.
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

// Err returns the first error, or nil if everything was written.
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

// Fd returns the descriptor of the standard output, or an invalid one if it is
// not a file. Callers use it to recognise a terminal.
func (s *Stdout) Fd() uintptr {
	if s.file != nil {
		return s.file.Fd()
	}
	return ^uintptr(0)
}

// ReaderGone reports whether an error says that the reader of a pipe, such as
// head, has ended: nobody is left to be told.
func ReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
