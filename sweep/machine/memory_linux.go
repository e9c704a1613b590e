package machine

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// limits lists what bounds the memory of this program.
func limits() []Limit {
	var list []Limit
	memory := table("/proc/meminfo")
	if total, ok := memory["MemTotal:"]; ok {
		list = append(list, Limit{"the machine's memory", total * 1024, memory["MemAvailable:"] * 1024})
	}
	self := table("/proc/self/status")
	for _, r := range []struct {
		name     string
		resource int
		used     string
	}{{"the address space (ulimit -v)", unix.RLIMIT_AS, "VmSize:"}, {"the data segment (ulimit -d)", unix.RLIMIT_DATA, "VmData:"}} {
		var limit unix.Rlimit
		if unix.Getrlimit(r.resource, &limit) == nil && limit.Cur < math.MaxInt64 {
			list = append(list, Limit{r.name, float64(limit.Cur), float64(limit.Cur) - self[r.used]*1024})
		}
	}
	list = append(list, cgroups("/")...)
	return appendSlurm(list, self["VmRSS:"]*1024)
}

// table reads the lines "NAME NUMBER ..." of a file; a missing file has none.
func table(path string) map[string]float64 {
	numbers := map[string]float64{}
	data, _ := os.ReadFile(path) // an unknown limit bounds nothing
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) >= 2 {
			if x, err := strconv.ParseFloat(words[1], 64); err == nil {
				numbers[words[0]] = x
			}
		}
	}
	return numbers
}

// number reads a file with one number. It returns false for "max" and for a
// missing file.
func number(path string) (float64, bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(string(data)), 64)
	return x, err == nil
}

// cgroups lists the limits of this process's control group and the groups around
// it, of either version (cgroups(7); mount points by proc(5)). root is the root
// of the file system.
func cgroups(root string) []Limit {
	var list []Limit
	group := map[string]string{} // this process's, by version
	data, _ := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	for line := range strings.Lines(string(data)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) == 3 && (fields[1] == "" || hasWord(fields[1], "memory")) {
			group[kindOf(fields[1])] = fields[2]
		}
	}
	mounts, err := os.Open(filepath.Join(root, "proc/self/mountinfo"))
	if err != nil {
		return nil
	}
	defer mounts.Close()
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		kind, from, point, ok := cgroupMount(lines.Text())
		if own, known := group[kind]; ok && known {
			list = append(list, upwards(filepath.Join(root, point), within(own, from), kind)...)
		}
	}
	return list
}

const (
	version1 = "memory"
	version2 = "unified"
)

// kindOf returns the version of a hierarchy with the given controllers.
func kindOf(controllers string) string {
	if controllers == "" {
		return version2
	}
	return version1
}

func hasWord(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

// cgroupMount reads a line of mountinfo: the version, the group that is mounted,
// and where.
func cgroupMount(line string) (kind, from, point string, ok bool) {
	before, after, _ := strings.Cut(line, " - ")
	fields, system := strings.Fields(before), strings.Fields(after)
	if len(fields) < 5 || len(system) < 3 {
		return "", "", "", false
	}
	switch {
	case system[0] == "cgroup2":
		return version2, fields[3], fields[4], true
	case system[0] == "cgroup" && hasWord(system[2], "memory"):
		return version1, fields[3], fields[4], true
	}
	return "", "", "", false
}

// within returns the path of a group below the mounted one. A container may see
// its group's path as the host's path, and the mount as the root.
func within(group, mounted string) string {
	if rest, ok := strings.CutPrefix(group, strings.TrimSuffix(mounted, "/")); ok {
		return rest
	}
	return "/"
}

// upwards lists the limits of a group and of all above it.
func upwards(mount, group, kind string) (list []Limit) {
	files := [...]string{"memory.max", "memory.current", "inactive_file"}
	if kind == version1 {
		files = [...]string{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}
	}
	for dir := filepath.Join(mount, group); ; dir = filepath.Dir(dir) {
		total, ok := number(filepath.Join(dir, files[0]))
		if ok && total < 1<<60 { // version 1 has no word for "none"
			used, _ := number(filepath.Join(dir, files[1]))
			used -= table(filepath.Join(dir, "memory.stat"))[files[2]] // the kernel can take that back
			list = append(list, Limit{"the control group's memory", total, total - used})
		}
		if len(dir) <= len(mount) {
			return list
		}
	}
}

// OOMKills returns how many processes the kernel has killed since boot because
// memory ran out.
func OOMKills() float64 { return table("/proc/vmstat")["oom_kill"] }
