package process

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// machine hashes the scope of process numbers and start times: the boot of the
// kernel, the PID namespace and, for start times, the time namespace.
func machine() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	pids, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	clock, _ := os.Readlink("/proc/self/ns/time") // kernels before 5.6 have none
	sum := sha256.Sum256(fmt.Append(boot, pids, clock))
	return fmt.Sprintf("%x", sum[:8])
}

// ownProc reports whether /proc shows the numbers of this namespace. In a new
// namespace it shows the parent's until it is mounted again.
var ownProc = sync.OnceValue(func() bool {
	self, err := os.Readlink("/proc/self")
	return err == nil && self == strconv.Itoa(os.Getpid())
})

// look returns when a process started, in ticks since boot, and whether it is
// dead.
func look(number int) (start uint64, dead bool) {
	if syscall.Kill(number, 0) == syscall.ESRCH {
		return 0, true
	}
	if !ownProc() {
		return 0, false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", number))
	if err != nil { // it ended just now, or /proc hides the processes of others
		return 0, syscall.Kill(number, 0) == syscall.ESRCH
	}
	return parseStat(string(stat))
}

// parseStat parses a line of /proc/N/stat, proc(5). The state is the first word
// after the name, which is in parentheses and may contain anything; the start
// is the 20th.
func parseStat(stat string) (start uint64, dead bool) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return 0, false
	}
	start, _ = strconv.ParseUint(fields[19], 10, 64) // 0 means unknown
	return start, strings.Contains("ZXx", fields[0])
}
