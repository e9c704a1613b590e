//go:build unix

package results

import "syscall"

// processDead reports whether no process of that number runs on this host.
func processDead(pid int) bool { return syscall.Kill(pid, 0) == syscall.ESRCH }
