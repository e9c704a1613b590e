package processtest

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// mountEnv asks the process in a namespace to mount its own /proc.
const mountEnv = "PROCESSTEST_MOUNT"

// Isolate makes a command of [Command] run in its own PID namespace, as a
// container does, with its own /proc or its parent's. The host name stays the
// same.
func Isolate(c *exec.Cmd, ownProc bool) {
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS}
	if ownProc {
		c.Env = append(c.Env, mountEnv+"=1")
	}
}

// Enter completes what [Isolate] began; the test that the command runs must
// call it first.
func Enter(t testing.TB) {
	if os.Getenv(mountEnv) == "" {
		return
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		t.Fatal(err)
	}
}
