package machine

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// tree writes files below a folder that serves as the root.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// The files are from cgroups(7), from the kernel's documentation of cgroup-v1/memory and
// cgroup-v2, and from a step under Slurm's task/cgroup.
func TestControlGroups(t *testing.T) {
	const (
		mount1 = "36 32 0:31 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory\n37 32 0:32 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
		mount2 = "35 23 0:30 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
	)
	for name, tt := range map[string]struct {
		files map[string]string
		total float64
		left  float64
	}{
		"version 2, limit of a group around": {map[string]string{
			"proc/self/cgroup": "0::/job/step\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/job/step/memory.max": "max\n", "sys/fs/cgroup/job/memory.max": "4000\n",
			"sys/fs/cgroup/job/memory.current": "1500\n", "sys/fs/cgroup/job/memory.stat": "anon 900\ninactive_file 500\n",
		}, 4000, 3000},
		"version 2, own limit": {map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/memory.max": "4000\n", "sys/fs/cgroup/memory.current": "1000\n",
		}, 4000, 3000},
		"version 1, a step of Slurm": {map[string]string{
			"proc/self/cgroup":      "9:cpu,cpuacct:/\n8:memory:/slurm/uid_7/job_1/step_0\n0::/x\n",
			"proc/self/mountinfo":   mount1,
			"sys/fs/cgroup/x/ignor": "",
			"sys/fs/cgroup/memory/slurm/uid_7/job_1/step_0/memory.limit_in_bytes": "9223372036854771712\n",
			"sys/fs/cgroup/memory/slurm/uid_7/job_1/memory.limit_in_bytes":        "8000\n",
			"sys/fs/cgroup/memory/slurm/uid_7/job_1/memory.usage_in_bytes":        "7000\n",
			"sys/fs/cgroup/memory/slurm/uid_7/job_1/memory.stat":                  "inactive_file 1\ntotal_inactive_file 2000\n",
		}, 8000, 3000},
		"version 1 in a container, which sees the host's path": {map[string]string{
			"proc/self/cgroup": "8:memory:/docker/abc\n", "proc/self/mountinfo": "36 32 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "8000\n", "sys/fs/cgroup/memory/memory.usage_in_bytes": "1000\n",
		}, 8000, 7000},
		"no limit": {map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2, "sys/fs/cgroup/memory.max": "max\n",
		}, 0, 0},
		"no control groups": {nil, 0, 0},
	} {
		least := Limit{Left: math.Inf(1)}
		for _, l := range cgroups(tree(t, tt.files)) {
			if l.Left < least.Left {
				least = l
			}
		}
		if tt.total == 0 && least.Name == "" {
			continue
		}
		if least.Total != tt.total || least.Left != tt.left {
			t.Errorf("%s: %+v, want %v of %v", name, least, tt.left, tt.total)
		}
	}
}

func TestSlurm(t *testing.T) {
	for name, tt := range map[string]struct {
		env   map[string]string
		total float64
	}{
		"none":        {nil, 0},
		"of the node": {map[string]string{"SLURM_MEM_PER_NODE": "4096"}, 4096 << 20},
		"of the CPUs": {map[string]string{"SLURM_MEM_PER_CPU": "1000", "SLURM_CPUS_ON_NODE": "4"}, 4000 << 20},
	} {
		l, ok := slurm(func(name string) string { return tt.env[name] }, 1<<20)
		if ok != (tt.total > 0) || ok && (l.Total != tt.total || l.Left != tt.total-1<<20) {
			t.Errorf("%s: %+v, %v", name, l, ok)
		}
	}
}

// Memory agrees with the kernel on a machine that has some.
func TestMemory(t *testing.T) {
	l, ok := Memory()
	if !ok || l.Name == "" || l.Left <= 0 || l.Left > l.Total {
		t.Errorf("%+v, %v", l, ok)
	}
	t.Logf("%.0f MB left of %.0f MB: %s", l.Left/1e6, l.Total/1e6, l.Name)
}
