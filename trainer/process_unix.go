//go:build unix

package trainer

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// apart gives the program a process group of its own.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	withParent(c.SysProcAttr)
}

// kill ends the program's process group and, where the system tells, what left it.
func (p *Process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // none is left: as intended
	for _, pid := range marked(p.mark) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // as above
	}
}

// peak returns the most memory that the program had.
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
