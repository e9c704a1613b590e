package sweep

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gfnbench/results"
)

// Where there is no terminal, progress is whole lines without control
// characters.
func TestPlainProgress(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Lines)
	p.every = 5 * time.Millisecond
	p.begin(3, 300)
	p.work(100)
	p.cell(results.Done)
	p.note("waiting for other processes")
	p.Say("hello %d", 1)
	out.wait("sweep: 1/3 cells, estimating the time left, waiting for other processes\n")
	p.cell(results.Failed)
	p.end()
	text := out.String()
	if regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f]`).MatchString(text) || !strings.HasSuffix(text, "\n") {
		t.Errorf("not plain lines: %q", text)
	}
	for _, want := range []string{"sweep: hello 1\n", "sweep: 1/3 cells, estimating the time left, waiting for other processes\n", "sweep: 2/3 cells, 1 failed in "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

func TestQuietProgress(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Quiet)
	p.begin(1, 1)
	p.Say("hello")
	p.end()
	if out.String() != "" {
		t.Errorf("quiet, but %q", out.String())
	}
}

func TestBar(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Bar)
	p.begin(2, 100)
	p.work(50)
	p.cell(results.Done)
	out.wait("50%")
	p.end()
	if text := out.String(); !strings.Contains(text, "1/2 cells") || !strings.Contains(text, "50%") || !strings.HasSuffix(text, "s\n") {
		t.Errorf("the bar is %q", text)
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{
		0.04: "0.0 s", 9.94: "9.9 s", 61: "61 s", 150: "2 min 30 s", 7300: "2 h 01 min", 200_000: "2 d 07 h",
	} {
		if got := Duration(seconds); got != want {
			t.Errorf("%v s is %q, want %q", seconds, got, want)
		}
	}
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// wait returns once the text was written.
func (l *lockedBuffer) wait(text string) {
	for !strings.Contains(l.String(), text) {
		time.Sleep(time.Millisecond)
	}
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
