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

// A Command says how a program is run.
type Command struct {
	Args    []string      // its words; the first is looked up as a shell does
	Dir     string        // in which it runs
	Timeout time.Duration // without an answer; 0: no limit
}

// A Process is a program that runs. It is used by one goroutine.
type Process struct {
	command Command
	cmd     *exec.Cmd
	mark    string // its own value of the variable markName
	in, out *os.File
	words   *tail
	ended   chan struct{} // closed when the program has ended
	calls   int64
	err     error // of an earlier call: nothing more is asked
	close   sync.Once
}

// markName names the environment variable by which a program and everything that
// it starts is found.
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
		_ = f.Close() // the program has its own by now
	}
	if err != nil {
		_, _, _ = p.in.Close(), p.out.Close(), p.words.from.Close() // nothing was written
		return nil, fmt.Errorf("it cannot be started: %w", err)
	}
	return p, nil
}

// pipes connects the program, and returns its ends.
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

// watch starts the program and waits for its end, in one thread: Linux ends a
// program with the thread that started it.
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
		_ = p.cmd.Wait() // its state tells the same
		close(p.ended)
	}
}

// Errors of a call that are no fault of the program.
var errTimeout = errors.New("no answer")

// Call sends a request and returns its reply, whose arrays have at most maxBody
// bytes. The error is an *Error where the program is at fault. Nothing more can be
// asked of it then, unless it is a *Refusal. It is that of ctx where that is over.
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
	var silent atomic.Bool
	stop := context.AfterFunc(ctx, p.cut)
	defer stop()
	if d := p.command.Timeout; d > 0 {
		timer := time.AfterFunc(d, func() { silent.Store(true); p.cut() })
		defer timer.Stop()
	}
	p.calls++
	writeErr := Write(p.in, message, p.calls, fields, arrays...)
	f, err := Read(p.out, MaxHeader/16, maxBody)
	switch {
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

// A Refusal is what a program says that it cannot do.
type Refusal struct {
	Text string // what it said
}

// Error returns what the program said.
func (r *Refusal) Error() string { return "it refuses: " + r.Text }

// death says how the program ended, which it has, or has closed its output.
func (p *Process) death() error {
	select {
	case <-p.ended:
		return &Death{p.cmd.ProcessState}
	case <-time.After(patience):
		return errors.New("it closed its standard output")
	}
}

// A Death is the end of a program that was asked something.
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
	Words   string // the last lines of its standard error; "" if there are none
}

// Error names the request, the fault and the last words.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %v", e.Message, e.Err)
	if e.Words != "" {
		text += "; its last words: " + e.Words
	}
	return text
}

// Unwrap returns the fault.
func (e *Error) Unwrap() error { return e.Err }

// Blame ends the program for a fault in its reply to a request, and returns the
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

// patience is how long a program may take to end when it is told so.
const patience = 2 * time.Second

// cut ends the program and unblocks whoever reads from it or writes to it.
func (p *Process) cut() {
	p.kill()
	_, _ = p.in.Close(), p.out.Close() // that is the purpose
}

// Usage is what a program took.
type Usage struct {
	Seconds float64 // of processor time, of it and of those children that it waited for
	Bytes   int64   // the most memory that it had at a time; 0: unknown
}

// Close tells the program to end, kills it where it does not, with everything
// that it started, and returns what it took.
func (p *Process) Close() Usage {
	p.close.Do(func() {
		if p.err == nil {
			timer := time.AfterFunc(patience, p.cut)
			_ = Write(p.in, MessageStop, p.calls+1, nil) // it may be dead
			_ = p.in.Close()                             // that says so, too
			select {
			case <-p.ended:
			case <-time.After(patience):
			}
			timer.Stop()
		}
		p.cut()
		<-p.ended
		_ = p.words.from.Close() // or who holds the other end would keep us
		<-p.words.done
	})
	s := p.cmd.ProcessState
	return Usage{(s.UserTime() + s.SystemTime()).Seconds(), peak(s)}
}

// Words returns the last lines of the program's standard error.
func (p *Process) Words() string { return p.words.String() }

// A tail keeps the end of a stream.
type tail struct {
	from *os.File
	done chan struct{}
	mu   sync.Mutex
	text []byte
}

// keptWords is how much of a program's standard error is kept.
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

// String returns the last lines as one.
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
