package trainer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Command tells how to run a program.
type Command struct {
	Args    []string      // the first is looked up as a shell does
	Dir     string        // working directory
	Timeout time.Duration // longest wait for an answer; 0: no limit
}

// A Process is a running program. Only one goroutine may use it.
type Process struct {
	command Command
	cmd     *exec.Cmd
	mark    string // value of the variable markName in its environment
	in, out *os.File
	words   *tail
	ended   chan struct{} // closed when the program has ended
	calls   int64
	err     error // of an earlier call; after it nothing more is asked
	close   sync.Once
}

// markName names the environment variable that identifies a program and everything it
// starts.
const markName = "GFNBENCH_TRAINER"

// Run starts a program.
func Run(c Command) (*Process, error) {
	if len(c.Args) == 0 {
		return nil, errors.New("the command is empty")
	}
	p := &Process{command: c, mark: rand.Text(), words: &tail{}, ended: make(chan struct{})}
	p.cmd = exec.Command(c.Args[0], c.Args[1:]...)
	p.cmd.Dir = c.Dir
	p.cmd.Env = append(os.Environ(), markName+"="+p.mark)
	apart(p.cmd)
	theirs, err := p.pipes()
	if err != nil {
		return nil, err
	}
	started := make(chan error)
	go p.watch(started)
	err = <-started
	for _, f := range theirs {
		_ = f.Close() // the program has its own copies by now
	}
	if err != nil {
		_, _, _ = p.in.Close(), p.out.Close(), p.words.from.Close() // nothing was written
		return nil, fmt.Errorf("it cannot be started: %w", err)
	}
	return p, nil
}

// pipes connects the program to new pipes and returns its ends of them.
func (p *Process) pipes() (theirs []*os.File, err error) {
	var ends [3][2]*os.File
	for i := range ends {
		if ends[i][0], ends[i][1], err = os.Pipe(); err != nil {
			return nil, err
		}
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = ends[0][0], ends[1][1], ends[2][1]
	p.in, p.out = ends[0][1], ends[1][0]
	p.words.from = ends[2][0]
	return []*os.File{ends[0][0], ends[1][1], ends[2][1]}, nil
}

// watch starts the program and waits for its end in one thread, because Linux kills a
// program when the thread that started it ends.
func (p *Process) watch(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	if err == nil {
		p.words.done = make(chan struct{})
		go p.words.read()
	}
	started <- err
	if err == nil {
		_ = p.cmd.Wait() // ProcessState tells the same
		close(p.ended)
	}
}

// Errors of a call that are not the program's fault.
var errTimeout = errors.New("no answer")

// Call sends a request and returns its reply, whose arrays have at most maxBody bytes in
// all. If the program is at fault, the error is an *Error; unless that wraps a *Refusal,
// every later call fails too. If ctx is done, the error is its cause.
func (p *Process) Call(ctx context.Context, message string, fields any, maxBody int64, arrays ...Array) (*Frame, error) {
	if p.err != nil {
		return nil, p.err
	}
	f, err := p.call(ctx, message, fields, maxBody, arrays)
	if err == nil {
		return f, nil
	}
	if _, refused := errors.AsType[*Refusal](err); refused {
		return nil, &Error{message, err, p.words.String()}
	}
	if ctx.Err() != nil {
		p.err = context.Cause(ctx)
		return nil, p.err
	}
	return nil, p.Blame(message, err)
}

func (p *Process) call(ctx context.Context, message string, fields any, maxBody int64, arrays []Array) (*Frame, error) {
	var silent, dead atomic.Bool
	stop := context.AfterFunc(ctx, p.cut)
	defer stop()
	answered := make(chan struct{})
	defer close(answered)
	go p.outlive(answered, &dead)
	if d := p.command.Timeout; d > 0 {
		timer := time.AfterFunc(d, func() { silent.Store(true); p.cut() })
		defer timer.Stop()
	}
	p.calls++
	writeErr := Write(p.in, message, p.calls, fields, arrays...)
	f, err := Read(p.out, MaxHeader/16, maxBody)
	switch {
	case err != nil && dead.Load():
		return nil, p.death()
	case silent.Load():
		return nil, fmt.Errorf("%w for %v", errTimeout, p.command.Timeout)
	case errors.Is(err, io.EOF):
		return nil, p.death()
	case err != nil:
		return nil, err
	case f.ID != p.calls:
		return nil, fmt.Errorf("it answers out of order: the reply has the id %d, the request %d", f.ID, p.calls)
	case f.Message == messageError:
		var r refusal
		if err := f.Decode(&r); err != nil {
			return nil, err
		}
		return nil, &Refusal{r.Text}
	case f.Message != message:
		return nil, fmt.Errorf("it answers %q", f.Message)
	}
	return f, writeErr
}

// outlive ends the wait for an answer if the program has ended without one, and something
// that it started holds its output open.
func (p *Process) outlive(answered <-chan struct{}, dead *atomic.Bool) {
	select {
	case <-answered:
		return
	case <-p.ended:
	}
	select {
	case <-answered: // what it wrote before it ended is read first
	case <-time.After(patience):
		dead.Store(true)
		p.cut()
	}
}

// A Refusal is a program's statement that it cannot do what was asked.
type Refusal struct {
	Text string // what it said
}

// Error returns what the program said.
func (r *Refusal) Error() string { return "it refuses: " + r.Text }

// death returns how the program ended, or an error if it closed its output without
// ending.
func (p *Process) death() error {
	select {
	case <-p.ended:
		return &Death{p.cmd.ProcessState}
	case <-time.After(patience):
		return errors.New("it closed its standard output")
	}
}

// A Death is the end of a program before it answered.
type Death struct {
	State *os.ProcessState // how it ended
}

// Error says how the program ended.
func (d *Death) Error() string { return "it died: " + d.State.String() }

// Killed reports whether a signal ended the program.
func (d *Death) Killed() bool { return d.State.ExitCode() < 0 }

// An Error is a fault of a program.
type Error struct {
	Message string // the request
	Err     error  // what was wrong
	Words   string // last lines of its standard error, "" if there are none
}

// Error returns the request, the fault and the last words.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %v", e.Message, e.Err)
	if e.Words != "" {
		text += "; its last words: " + e.Words
	}
	return text
}

// Unwrap returns the fault.
func (e *Error) Unwrap() error { return e.Err }

// Blame ends the program because of a fault in its reply to a request, and returns the
// *Error that says so.
func (p *Process) Blame(message string, err error) error {
	if p.err == nil {
		p.cut()
		select {
		case <-p.words.done: // all of them
		case <-time.After(patience):
		}
		p.err = &Error{message, err, p.words.String()}
	}
	return p.err
}

// patience is how long a program may take to end after being told to.
const patience = 2 * time.Second

// cut ends the program and unblocks whoever reads from it or writes to it.
func (p *Process) cut() {
	p.kill()
	_, _ = p.in.Close(), p.out.Close() // closing unblocks readers and writers
}

// Usage is what a program consumed.
type Usage struct {
	Seconds float64 // processor time of the program and of the children that it waited for
	Bytes   int64   // peak memory; 0: unknown
}

// Close tells the program to end and kills it, with everything that it started, if it does
// not. It returns what the program consumed.
func (p *Process) Close() Usage {
	p.close.Do(func() {
		if p.err == nil {
			timer := time.AfterFunc(patience, p.cut)
			_ = Write(p.in, MessageStop, p.calls+1, nil) // it may be dead
			_ = p.in.Close()                             // tells the program the same
			select {
			case <-p.ended:
			case <-time.After(patience):
			}
			timer.Stop()
		}
		p.cut()
		<-p.ended
		_ = p.words.from.Close() // a process may still hold the other end
		<-p.words.done
	})
	s := p.cmd.ProcessState
	return Usage{(s.UserTime() + s.SystemTime()).Seconds(), peak(s)}
}

// Words returns the last lines of the program's standard error.
func (p *Process) Words() string { return p.words.String() }

// A tail keeps the last bytes of a stream.
type tail struct {
	from *os.File
	done chan struct{}
	mu   sync.Mutex
	text []byte
}

// keptWords is how many bytes of a program's standard error are kept.
const keptWords = 2 << 10

func (t *tail) read() {
	defer close(t.done)
	b := make([]byte, 4096)
	for {
		n, err := t.from.Read(b)
		t.mu.Lock()
		t.text = append(t.text, b[:n]...)
		if over := len(t.text) - keptWords; over > 0 {
			t.text = append(t.text[:0], t.text[over:]...)
		}
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// String returns the last lines, joined into one.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(string(t.text), "\uFFFD")) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}
