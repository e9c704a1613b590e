package process

import (
	"crypto/sha256"
	"fmt"

	"golang.org/x/sys/unix"
)

// machine hashes the boot of the kernel.
func machine() string {
	boot, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(boot))
	return fmt.Sprintf("%x", sum[:8])
}

// zombie is SZOMB of sys/proc.h.
const zombie = 5

// look returns when a process started, in microseconds since 1970 by the clock
// of that time, and whether it is dead.
func look(number int) (start uint64, dead bool) {
	if unix.Kill(number, 0) == unix.ESRCH {
		return 0, true
	}
	info, err := unix.SysctlKinfoProc("kern.proc.pid", number)
	if err != nil {
		return 0, unix.Kill(number, 0) == unix.ESRCH
	}
	t := info.Proc.P_starttime
	return uint64(t.Sec)*1e6 + uint64(t.Usec), info.Proc.P_stat == zombie
}
