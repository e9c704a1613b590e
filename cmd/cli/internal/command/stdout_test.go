package command

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// failing fails from its second write on.
type failing struct {
	writes int
	err    error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.writes++; f.writes == 1 {
		return len(p), nil
	}
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: f.err}
}

// TestStdout: the first error stays, and nothing is written after it.
func TestStdout(t *testing.T) {
	under := &failing{err: syscall.ENOSPC}
	s := NewStdout(under)
	for range 4 {
		_, _ = io.WriteString(s, "x")
	}
	err := s.Err()
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "writing standard output: no space") {
		t.Errorf("the error is %v", err)
	}
	if under.writes != 2 {
		t.Errorf("%d writes, want 2", under.writes)
	}
	if ReaderGone(err) {
		t.Error("a full disk is taken for a reader that has gone")
	}
	if OutputWidth(s) != 0 {
		t.Error("it has the width of a terminal")
	}
	s = NewStdout(&strings.Builder{})
	_, _ = io.WriteString(s, "x")
	if s.Err() != nil {
		t.Errorf("an error without a cause: %v", s.Err())
	}
	s = NewStdout(&failing{1, syscall.EPIPE})
	_, _ = io.WriteString(s, "x")
	if !ReaderGone(s.Err()) {
		t.Errorf("%v is not that of a reader that has gone", s.Err())
	}
}
