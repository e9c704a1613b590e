//go:build !unix

package trainer

import (
	"os"
	"os/exec"
)

// apart does nothing here.
func apart(*exec.Cmd) {}

// kill ends the program, but nothing that it started.
func (p *Process) kill() { _ = p.cmd.Process.Kill() } // it may have ended

// peak is unknown here.
func peak(*os.ProcessState) int64 { return 0 }
