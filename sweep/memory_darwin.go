package sweep

import "golang.org/x/sys/unix"

// machineMemory is that of the machine, in bytes; 0: unknown.
func machineMemory() float64 {
	n, _ := unix.SysctlUint64("hw.memsize") // 0 where it fails
	return float64(n)
}
