//go:build unix

package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// faultVariable tells the test's own program how to misbehave at its second message.
const faultVariable = "GFNBENCH_TEST_FAULT"

func TestMain(m *testing.M) {
	if fault := os.Getenv(faultVariable); fault != "" {
		misbehave(fault)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func misbehave(fault string) {
	fmt.Fprintln(os.Stderr, "about to be "+fault)
	_ = Serve(os.Stdin, os.Stdout, func(f *Frame) (any, []Array, error) {
		if f.Message == MessageHello {
			return Hello{Protocol: Version, Name: "test", Version: "1"}, nil, nil
		}
		switch fault {
		case "good":
			return nil, []Array{Floats("log_p", []float64{math.Log(0.25), math.Log(0.75)}, 1, 2)}, nil
		case "hangs":
			time.Sleep(time.Hour)
		case "dies":
			os.Exit(3)
		case "killed":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "prints":
			fmt.Println("epoch 1")
		case "floods":
			for {
				if _, err := os.Stdout.WriteString(strings.Repeat("x", 1<<16)); err != nil {
					os.Exit(1)
				}
			}
		case "gigabytes":
			_, _ = os.Stdout.WriteString(frame(`{"message":"log_probabilities"}`, 31, 8<<30, ""))
			_, _ = io.Copy(os.Stdout, zeros{})
		case "floods stderr":
			for range 1 << 10 {
				fmt.Fprintln(os.Stderr, strings.Repeat("y", 1<<10))
			}
			os.Exit(3)
		case "nan":
			return nil, []Array{Floats("log_p", []float64{math.NaN(), 0}, 1, 2)}, nil
		case "sum":
			return nil, []Array{Floats("log_p", []float64{-1, -1}, 1, 2)}, nil
		case "shape":
			return nil, []Array{Floats("log_p", []float64{0}, 1, 1)}, nil
		case "type":
			return nil, []Array{Ints("log_p", []int64{0, 0}, 1, 2)}, nil
		case "twice":
			_ = Write(os.Stdout, f.Message, f.ID-1, nil)
		case "other":
			_ = Write(os.Stdout, MessageTrain, f.ID, nil)
		case "leaves a child":
			c := exec.Command("sleep", "1000")
			c.Stdout = os.Stdout
			_ = c.Start()
			os.Exit(4)
		case "nan in the header":
			header := `{"message":"log_probabilities","id":2,"loss":NaN}`
			_, _ = os.Stdout.WriteString(frame(header, len(header), 0, ""))
		case "refuses":
			return nil, nil, errors.New("not today")
		}
		return nil, nil, nil
	})
	switch fault {
	case "ignores its end":
		signal.Ignore()
		time.Sleep(time.Hour)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// open starts the test's own program.
func open(t *testing.T, fault string, timeout time.Duration) *Session {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(faultVariable, fault)
	s, err := Open(t.Context(), Command{Args: []string{self}, Dir: t.TempDir(), Timeout: timeout}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Every fault of a program is an error that names the request, the fault and the
// program's last words.
func TestFaults(t *testing.T) {
	for fault, want := range map[string]string{
		"hangs":         "no answer for 200ms",
		"dies":          "it died: exit status 3",
		"killed":        "it died: signal: killed",
		"prints":        `no message, but "epoch 1\n`,
		"floods":        `no message, but "xxxx`,
		"gigabytes":     "arrays of 8589934592 bytes: at most 16 were asked for",
		"floods stderr": "it died: exit status 3",
		"nan":           "row 0: the log-probability of action 0 is NaN",
		"sum":           "the probabilities sum to 0.735759, and not to 1",
		"shape":         `the array "log_p" is f8[1 1]: expected f8[1 2]`,
		"type":          `the array "log_p" is i8[1 2]: expected f8[1 2]`,
		"twice":         "out of order: the reply has the id 1, the request 2",
		"other":         `it answers "train"`,
		"refuses":       "it refuses: not today",

		"leaves a child":    "it died: exit status 4",
		"nan in the header": "JSON has no NaN",
	} {
		t.Run(fault, func(t *testing.T) {
			timeout := time.Minute // it must not matter
			if fault == "hangs" {
				timeout = 200 * time.Millisecond
			}
			s := open(t, fault, timeout)
			_, err := s.LogProbabilities(t.Context(), "forward", []byte{0}, nil, 1, 2)
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Message != MessagePolicy || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, expected %q", err, want)
			}
			words := "about to be " + fault
			if fault == "floods stderr" {
				words = "yyyy"
			}
			if ok && (!strings.Contains(e.Words, words) || len(e.Words) > 2*keptWords) {
				t.Errorf("its last words are %q", e.Words)
			}
			if d, ok := errors.AsType[*Death](err); ok && d.Killed() != (fault == "killed") {
				t.Errorf("killed: %v", d.Killed())
			}
		})
	}
}

func TestGood(t *testing.T) {
	s := open(t, "good", time.Minute)
	x, err := s.LogProbabilities(t.Context(), "forward", []byte{0}, nil, 1, 2)
	if err != nil || len(x) != 2 {
		t.Fatal(x, err)
	}
	if u := s.Close(); u.Bytes == 0 || u.Seconds < 0 {
		t.Errorf("it took %v", u)
	}
}

// A refusal is an answer: the program goes on.
func TestRefusalGoesOn(t *testing.T) {
	s := open(t, "refuses", time.Minute)
	for range 2 {
		_, err := s.Save(t.Context())
		if _, ok := errors.AsType[*Refusal](err); !ok {
			t.Fatal(err)
		}
	}
}

func TestIgnoresItsEnd(t *testing.T) {
	s := open(t, "ignores its end", time.Minute)
	pid := s.Caller.(*Process).cmd.Process.Pid
	s.Close()
	if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
		t.Errorf("it lives: %v", err)
	}
}

func TestContextEndsACall(t *testing.T) {
	s := open(t, "hangs", time.Hour)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	if _, err := s.Train(ctx, 1); err != why {
		t.Errorf("%v", err)
	}
}

func TestNoProgram(t *testing.T) {
	for _, args := range [][]string{nil, {"/no/such/program"}, {"no-such-program"}} {
		if _, err := Open(t.Context(), Command{Args: args}, "test"); err == nil {
			t.Errorf("%q was started", args)
		}
	}
}

// script starts a shell script as the program. The script writes its process number, and
// those of what it started, to files in its folder.
func script(t *testing.T, text string) (p *Process, dir string) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	dir = t.TempDir()
	p, err := Run(Command{Args: []string{"sh", "-c", text}, Dir: dir, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, dir
}

// number waits for a file with a process number and returns it.
func number(t *testing.T, path string) int {
	t.Helper()
	for {
		if text, err := os.ReadFile(path); err == nil {
			if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				return n
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Whatever a program started ends with it, even if it left the process group and holds
// the standard error open.
func TestChildrenEnd(t *testing.T) {
	for name, text := range map[string]string{
		"child":   `sh -c 'echo $$ > child; sleep 1000' & wait`,
		"session": `setsid sh -c 'echo $$ > child; sleep 1000' & wait`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath("setsid"); err != nil && name == "session" {
				t.Skip("there is no setsid")
			}
			p, dir := script(t, text)
			child := number(t, filepath.Join(dir, "child"))
			p.Close()
			for syscall.Kill(child, 0) == nil && !zombie(child) {
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
}

// zombie reports whether a process has ended and only waits to be reaped.
func zombie(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(text), ") Z ")
}
