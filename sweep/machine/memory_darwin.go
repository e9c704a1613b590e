package machine

import "golang.org/x/sys/unix"

// limits lists the machine's memory.
func limits() []Limit {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return nil
	}
	return appendSlurm([]Limit{{"the machine's memory", float64(n), float64(n)}}, 0)
}

// OOMKills returns 0: the system does not count.
func OOMKills() float64 { return 0 }
