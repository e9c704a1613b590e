//go:build unix

package disk

import "syscall"

// ProcessDead reports whether no process of that number runs on this host.
func ProcessDead(pid int) bool { return syscall.Kill(pid, 0) == syscall.ESRCH }
