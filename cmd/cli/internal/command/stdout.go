package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
)

// A Stdout is a program's standard output that remembers whether something could
// not be written, even where the error was ignored. It is safe for concurrent
// use.
type Stdout struct {
	w   io.Writer
	mu  sync.Mutex
	err error
}

// NewStdout is the standard output w.
func NewStdout(w io.Writer) *Stdout { return &Stdout{w: w} }

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

// Err is the first error; nil: all was written.
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

// Fd is the descriptor of the standard output, an invalid one where it is no
// file: by it a terminal is known.
func (s *Stdout) Fd() uintptr {
	if f, ok := s.w.(*os.File); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// ReaderGone reports whether an error is that of a pipe whose reader has ended,
// such as head: nobody is left to be told of it.
func ReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
