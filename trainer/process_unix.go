//go:build unix

package trainer

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// apart puts the program in a new process group.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	withParent(c.SysProcAttr)
}

// kill ends the program's process group and, where the system can find them, the
// processes that left it.
func (p *Process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // an error means that none is left
	for _, pid := range marked(p.mark) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // as above
	}
}

// peak returns the peak memory of the program in bytes.
func peak(s *os.ProcessState) int64 {
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // in bytes there
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) << 10
}
