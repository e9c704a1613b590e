package sweep

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gfnbench/results"
	"gfnbench/suites"
)

// Without a terminal, progress is whole lines without control characters.
func TestPlainProgress(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Lines)
	p.every = 5 * time.Millisecond
	cells := cellsOf(t, 3)
	p.begin("", cells, work)
	p.work(p.total.Load() / 3)
	p.cell(cells[0].ID, results.Done)
	p.wait("other processes")
	p.Say("hello %d", 1)
	out.wait("sweep: 1/3 cells, waiting for other processes\n")
	p.cell(cells[1].ID, results.Failed)
	p.end()
	text := out.String()
	if regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f]`).MatchString(text) || !strings.HasSuffix(text, "\n") {
		t.Errorf("not plain lines: %q", text)
	}
	for _, want := range []string{"sweep: hello 1\n", "sweep: 1/3 cells, waiting for other processes\n", "sweep: 2/3 cells, 1 failed in "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

// cellsOf returns n cells.
func cellsOf(t *testing.T, n int) []*suites.Cell { return load(t, tinyCells(n), "", Selection{}).Cells }

// However often cells end, here and in other processes, no more end than there are, and
// their work counts once.
func TestProgressNeverPassesItsTotal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := NewProgress(nil, Quiet)
		cells := cellsOf(t, 4)
		p.begin("", cells[:3], work)
		each := int64(work(cells[0]))
		ended := map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(rt, "events") {
			c := rapid.SampledFrom(cells[:3]).Draw(rt, "cell")
			if rapid.Bool().Draw(rt, "here") {
				p.cell(c.ID, rapid.SampledFrom([]results.Status{results.Done, results.Failed, results.Pruned}).Draw(rt, "status"))
			} else {
				p.elsewhere([]*suites.Cell{c, cells[3]}) // the last was there before
			}
			ended[c.ID] = true
		}
		if want := fmt.Sprintf("%d/3 cells", len(ended)); !strings.HasPrefix(p.ended(), want) {
			rt.Errorf("%s, want %s", p.ended(), want)
		}
		if total := p.total.Load(); total < 0 || total > 3*each {
			rt.Errorf("%d of %d is left", total, 3*each)
		}
	})
}

func TestQuietProgress(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Quiet)
	p.begin("", cellsOf(t, 1), work)
	p.Say("hello")
	p.end()
	if out.String() != "" {
		t.Errorf("quiet, but %q", out.String())
	}
}

func TestBar(t *testing.T) {
	var out lockedBuffer
	p := NewProgress(&out, Bar)
	cells := cellsOf(t, 2)
	p.begin("", cells, work)
	p.work(p.total.Load() / 2)
	p.cell(cells[0].ID, results.Done)
	out.wait("50%")
	p.end()
	if text := out.String(); !strings.Contains(text, "1/2 cells") || !strings.Contains(text, "50%") || !strings.HasSuffix(text, "s\n") {
		t.Errorf("the bar is %q", text)
	}
}

func TestRate(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.01234: "0.0123", 9.996: "10", 1064: "1060", 71834.2: "71800", 2.5e7: "25000000"} {
		if got := Rate(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
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

// wait returns once the text has been written.
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
