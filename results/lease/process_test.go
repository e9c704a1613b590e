package lease

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"gfnbench/results/disk"
	"gfnbench/results/process"
	"gfnbench/results/process/processtest"
)

// TestProcess is the process that other tests start. It takes a lock, with the period and
// the patience given by the environment, reports the outcome, and waits for the end of
// its input.
func TestProcess(t *testing.T) {
	dir := os.Getenv("LEASE_DIR")
	if dir == "" {
		t.Skip("run by other tests")
	}
	processtest.Enter(t)
	period, err := time.ParseDuration(os.Getenv("LEASE_PERIOD"))
	must(t, err)
	wait, err := time.ParseDuration(os.Getenv("LEASE_WAIT"))
	must(t, err)
	l, err := Watch(disk.OS, dir, period).Lock("lock", wait)
	fmt.Printf("lock: %v\n", err)
	if err == nil {
		defer l.Release()
	}
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // until the test ends or writes
}

// A child is a process of TestProcess.
type child struct {
	*exec.Cmd
	out *bufio.Reader
	end func() // ends the input
}

// locking starts a process that takes the lock, and returns what it says.
func locking(t *testing.T, dir, period, wait string, isolate func(*exec.Cmd)) (c child, said string) {
	t.Helper()
	c.Cmd = processtest.Command("TestProcess", "LEASE_DIR="+dir, "LEASE_PERIOD="+period, "LEASE_WAIT="+wait)
	isolate(c.Cmd)
	in, err := c.StdinPipe()
	must(t, err)
	out, err := c.StdoutPipe()
	must(t, err)
	processtest.Must(t, c.Start())
	c.out, c.end = bufio.NewReader(out), func() { _ = in.Close() }
	said, err = c.out.ReadString('\n')
	must(t, err)
	return c, said
}

const got, busy = "lock: <nil>\n", "lock: another process is at work\n"

// The lock of a killed process is free at once, even though its parent has not asked for
// its status yet.
func TestZombie(t *testing.T) {
	if process.Self().Machine == "" {
		t.Skip("the system does not tell which processes are dead")
	}
	dir := t.TempDir()
	c, said := locking(t, dir, "1h", "0s", func(*exec.Cmd) {})
	if said != got {
		t.Fatalf("the first process: %s", said)
	}
	w := Watch(disk.OS, dir, time.Hour)
	if _, err := w.Lock("lock", 0); err == nil {
		t.Fatal("a living process lost its lock")
	}
	must(t, c.Process.Kill())
	defer c.Wait()
	l, err := w.Lock("lock", time.Minute) // the kill takes its time
	must(t, err)
	l.Release()
}

// Processes in two containers have the same host name and number, and may or may not see
// each other's /proc. Neither takes the other's lock while the other lives, or before it
// has been silent for the period.
func TestTwoNamespaces(t *testing.T) {
	for name, ownProc := range map[string]bool{"with /proc": true, "with the parent's /proc": false} {
		t.Run(name, func(t *testing.T) {
			isolate := func(c *exec.Cmd) { processtest.Isolate(c, ownProc) }
			dir := t.TempDir()
			a, said := locking(t, dir, "1h", "0s", isolate)
			if said != got {
				t.Fatalf("the first process: %s", said)
			}
			for where, isolate := range map[string]func(*exec.Cmd){"its own": isolate, "the first": func(*exec.Cmd) {}} {
				b, said := locking(t, dir, "1h", "300ms", isolate)
				if said != busy {
					t.Errorf("beside a living one, in %s namespace: %s", where, said)
				}
				b.end()
				must(t, b.Wait())
			}
			must(t, a.Process.Kill())
			_ = a.Wait() // killed
			b, said := locking(t, dir, "1h", "300ms", isolate)
			if said != busy {
				t.Errorf("a dead one is known to be dead in another namespace: %s", said)
			}
			b.end()
			must(t, b.Wait())
			b, said = locking(t, dir, "300ms", "1m", isolate)
			if said != got {
				t.Errorf("after the period: %s", said)
			}
			b.end()
			must(t, b.Wait())
		})
	}
}
