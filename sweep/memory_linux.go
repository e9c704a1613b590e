package sweep

import (
	"os"
	"strconv"
	"strings"
)

// machineMemory is what there is for this program, in bytes: the machine's or
// that of its control group; 0: unknown.
func machineMemory() float64 {
	total := 0.0
	data, _ := os.ReadFile("/proc/meminfo") // without it, it is unknown
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "MemTotal:" {
			n, _ := strconv.ParseFloat(words[1], 64)
			total = n * 1024
		}
	}
	data, _ = os.ReadFile("/sys/fs/cgroup/memory.max")
	if limit, err := strconv.ParseFloat(strings.TrimSpace(string(data)), 64); err == nil && limit < total { // else "max"
		return limit
	}
	return total
}
