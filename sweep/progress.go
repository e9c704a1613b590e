package sweep

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"gfnbench/results"
	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/suites/plain"
)

// A Progress shows how far a run is: on a terminal a bar with the time left,
// else a plain line every few seconds.
type Progress struct {
	out   io.Writer
	style Style
	every time.Duration // between plain lines

	done  atomic.Int64 // estimated work
	total atomic.Int64
	start time.Time
	bar   *progressbar.ProgressBar
	stop  chan struct{}
	over  sync.WaitGroup

	mu      sync.Mutex // guards the following fields, and out
	phase   string     // what the cells are for; "" if not told
	cells   map[string]cellProgress
	trained map[*attempt]bool // at the moment
	waiting string            // what the run waits for; "" if nothing
}

// cellProgress is the state of a cell that was missing when the run began.
type cellProgress struct {
	work   int64
	status results.Status // "" while it is still missing
	others bool           // another process has it
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
	return &Progress{out: out, style: style, every: 5 * time.Second, cells: map[string]cellProgress{}, trained: map[*attempt]bool{}, stop: make(chan struct{})}
}

// Say prints a line above the progress, even if no progress is shown, unless
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

// begin starts the progress anew for the missing cells, with the given work for each.
// phase says what they are for and may be "".
func (p *Progress) begin(phase string, missing []*suites.Cell, work func(*suites.Cell) float64) {
	p.mu.Lock()
	first := p.start.IsZero()
	p.start, p.phase, p.waiting = time.Now(), phase, ""
	clear(p.cells)
	total := int64(0)
	for _, c := range missing {
		w := int64(work(c))
		p.cells[c.ID] = cellProgress{work: w}
		total += w
	}
	p.done.Store(0)
	p.total.Store(total)
	p.mu.Unlock()
	if !first {
		return
	}
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
	p.over.Go(func() { lease.Repeat(tick, p.stop, p.show) })
}

// work notes that this much work was done.
func (p *Progress) work(x int64) { p.done.Add(x) }

// drop notes that this much work need not be done.
func (p *Progress) drop(x int64) { p.total.Add(-x) }

// cell notes that a cell ended here. It may end several times, and counts once.
func (p *Progress) cell(id string, s results.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.cells[id]
	c.status, c.others = s, false
	p.cells[id] = c
}

// elsewhere notes that other processes have done the missing ones of the cells, so
// their work need not be done here.
func (p *Progress) elsewhere(cells []*suites.Cell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, of := range cells {
		if c, ok := p.cells[of.ID]; ok && c.status == "" && !c.others {
			c.others = true
			p.cells[of.ID] = c
			p.total.Add(-c.work)
		}
	}
}

// wait notes what the run waits for once it trains nothing.
func (p *Progress) wait(what string) {
	p.mu.Lock()
	p.waiting = what
	p.mu.Unlock()
}

// training notes that a cell is being trained, until the returned function is
// called.
func (p *Progress) training(a *attempt) (over func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trained[a] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.trained, a)
	}
}

// describe tells at which steps the cells being trained are.
func (p *Progress) describe() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := map[string]int64{}
	for a := range p.trained {
		at[a.cell.ID] = a.step.Load()
	}
	text, _ := json.Marshal(at) // a map of numbers always encodes
	return string(text)
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
	if p.style != Quiet && len(p.cells) > 0 {
		fmt.Fprintf(p.out, "sweep: %s in %s\n", ended, duration(time.Since(p.start)))
	}
}

func (p *Progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	total := max(1, p.total.Load())
	done := min(p.done.Load(), total)
	text := p.ended() + ", "
	if p.waiting != "" && len(p.trained) == 0 {
		text += "waiting for " + p.waiting // how long they take is not known
	} else {
		text += p.left(done, total)
	}
	if p.style == Lines {
		fmt.Fprintf(p.out, "sweep: %s\n", text)
		return
	}
	p.bar.Describe(text)
	_ = p.bar.Set64(min(int64(barWidth*float64(done)/float64(total)), barWidth-1)) // what cannot be shown is not worth an error
}

// ended counts the cells that ended: "12/54 cells, 1 failed, 3 by other
// processes". The first number includes those of other processes.
func (p *Progress) ended() string {
	n, others := 0, 0
	counts := map[results.Status]int{}
	for _, c := range p.cells {
		counts[c.status]++
		if c.others {
			others++
		}
		if c.others || c.status.Complete() || c.status == results.Pruned || c.status == results.Failed || c.status == results.Timeout {
			n++
		}
	}
	parts := []string{fmt.Sprintf("%d/%d cells", n, len(p.cells))}
	if p.phase != "" {
		parts[0] = p.phase + ": " + parts[0]
	}
	for _, s := range results.Statuses() {
		if counts[s] > 0 && s != results.Done && s != results.Pruned {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf("%d by other processes", others))
	}
	return strings.Join(parts, ", ")
}

// left estimates the time left from the speed so far.
func (p *Progress) left(done, total int64) string {
	elapsed := time.Since(p.start)
	if elapsed < time.Second || done < total/1000 || done == 0 {
		return "estimating the time left"
	}
	return duration(time.Duration(float64(elapsed)*(float64(total)/float64(done)-1))) + " left"
}

// duration writes a time for readers, in at most two units.
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

// Bytes writes a number of bytes for readers.
func Bytes(n float64) string {
	switch {
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", n/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.0f MB", n/1e6)
	}
	return fmt.Sprintf("%.1f GB", n/1e9)
}
