package sweep

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"gfnbench/results"
	"gfnbench/suites/plain"
)

// A Progress shows how far a run is: a bar with the time left on a terminal,
// else a plain line every few seconds.
type Progress struct {
	out   io.Writer
	style Style
	every time.Duration // between plain lines

	done  atomic.Int64 // work, as estimated
	total atomic.Int64
	start time.Time
	bar   *progressbar.ProgressBar
	stop  chan struct{}
	over  sync.WaitGroup

	mu     sync.Mutex // of what follows, and of out
	cells  int
	counts map[results.Status]int
	notice string
}

// A Style is how progress is shown.
type Style int

// The styles.
const (
	Quiet Style = iota // not at all
	Lines              // plain lines
	Bar                // a bar, redrawn in place
)

// barWidth is the resolution of the bar.
const barWidth = 10_000

// NewProgress shows progress on out.
func NewProgress(out io.Writer, style Style) *Progress {
	return &Progress{out: out, style: style, every: 5 * time.Second, counts: map[results.Status]int{}, stop: make(chan struct{})}
}

// Say prints a line above the progress, also where that is not shown, unless
// the style is Quiet.
func (p *Progress) Say(format string, args ...any) {
	if p.style == Quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear() // what cannot be shown is not worth an error
	}
	fmt.Fprintf(p.out, "sweep: %s\n", plain.Escape(fmt.Sprintf(format, args...)))
}

// begin starts to show progress over a number of cells and their work.
func (p *Progress) begin(cells int, total float64) {
	p.cells, p.start = cells, time.Now()
	p.total.Store(int64(total))
	var tick time.Duration
	switch p.style {
	case Quiet:
		return
	case Bar:
		tick = 100 * time.Millisecond
		p.bar = progressbar.NewOptions64(barWidth, progressbar.OptionSetWriter(p.out), progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetWidth(30), progressbar.OptionSetElapsedTime(false), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}))
	case Lines:
		tick = p.every
	}
	p.over.Go(func() {
		t := time.NewTicker(tick)
		defer t.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-t.C:
				p.show()
			}
		}
	})
}

// work notes that so much work was done.
func (p *Progress) work(x int64) { p.done.Add(x) }

// spare notes that so much work need not be done.
func (p *Progress) spare(x int64) { p.total.Add(-x) }

// cell notes that a cell ended.
func (p *Progress) cell(s results.Status) {
	p.mu.Lock()
	p.counts[s]++
	p.mu.Unlock()
}

// note adds a remark to what is shown, such as what the run waits for.
func (p *Progress) note(text string) {
	p.mu.Lock()
	p.notice = plain.Escape(text)
	p.mu.Unlock()
}

// end shows the last state and stops.
func (p *Progress) end() {
	close(p.stop)
	p.over.Wait()
	if p.bar != nil {
		_ = p.bar.Clear() // what cannot be shown is not worth an error
	}
	p.mu.Lock()
	ended := p.ended()
	p.mu.Unlock()
	if p.style != Quiet && p.cells > 0 {
		fmt.Fprintf(p.out, "sweep: %s in %s\n", ended, duration(time.Since(p.start)))
	}
}

func (p *Progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	total := max(1, p.total.Load())
	done := min(p.done.Load(), total)
	text := p.ended() + ", " + p.left(done, total)
	if p.notice != "" {
		text += ", " + p.notice
	}
	if p.style == Lines {
		fmt.Fprintf(p.out, "sweep: %s\n", text)
		return
	}
	p.bar.Describe(text)
	_ = p.bar.Set64(min(int64(barWidth*float64(done)/float64(total)), barWidth-1)) // what cannot be shown is not worth an error
}

// ended counts the cells that ended: "12/54 cells, 1 failed".
func (p *Progress) ended() string {
	n := 0
	var rest []string
	for _, s := range results.Statuses() {
		if c := p.counts[s]; c > 0 {
			if s.Complete() || s == results.Failed || s == results.Timeout {
				n += c
			}
			if s != results.Done {
				rest = append(rest, fmt.Sprintf("%d %s", c, s))
			}
		}
	}
	return strings.Join(append([]string{fmt.Sprintf("%d/%d cells", n, p.cells)}, rest...), ", ")
}

// left estimates the time left from the speed so far.
func (p *Progress) left(done, total int64) string {
	elapsed := time.Since(p.start)
	if elapsed < time.Second || done < total/1000 || done == 0 {
		return "estimating the time left"
	}
	return duration(time.Duration(float64(elapsed)*(float64(total)/float64(done)-1))) + " left"
}

// duration writes a time for people, in at most two units.
func duration(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d d %02d h", int(d.Hours())/24, int(d.Hours())%24)
}
