package sweepcmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tight is a suite of four small cells and one with two hidden layers of the given width,
// which comes first because of its cost.
const tight = `schema = 1
name = "tight"
[run]
seeds = 1
steps = 3
batch = 8
[environment.s]
kind = "sets"
elements = 6
size = 3
instance_seed = 1
[[grid]]
objective = ["vargrad"]
"policy.hidden" = [[8], [16], [4, 4], [8, 8], [%[1]d, %[1]d]]
`

// underLimit runs sweep after shell commands that limit its memory. It returns how it
// ended and what it wrote.
func underLimit(t *testing.T, limit string, args ...string) (state *os.ProcessState, output string) {
	t.Helper()
	c := exec.Command("sh", append([]string{"-c", limit + ` && ulimit -c 0 && exec "$0" "$@"`, os.Args[0]}, args...)...)
	c.Env = append(os.Environ(), asSweep+"=1", "GOTRACEBACK=crash")
	text, _ := c.CombinedOutput() // the state tells how it ended
	return c.ProcessState, string(text)
}

// limited checks that a cell which cannot be trained within the limit does not keep
// others from being done, and fails with advice after a few losses.
func limited(t *testing.T, limit string, width int, crashes bool) {
	t.Helper()
	if state, text := underLimit(t, limit, "--version"); state == nil || !state.Success() {
		t.Skipf("the limit cannot be set, or the program does not start under it: %s", text)
	}
	suite, dir := filepath.Join(t.TempDir(), "tight.toml"), filepath.Join(t.TempDir(), "results")
	if err := os.WriteFile(suite, fmt.Appendf(nil, tight, width), 0o644); err != nil {
		t.Fatal(err)
	}
	died := 0
	for {
		state, text := underLimit(t, limit, "run", suite, "-o", dir, "-j", "2")
		if state.ExitCode() == exitFailed {
			if !strings.Contains(text, "5 cells: 4 done, 1 failed") {
				t.Errorf("%s", text)
			}
			break
		}
		if state.Exited() && state.ExitCode() <= exitInterrupted || died > 5 {
			t.Fatalf("after %d runs that died: %v\n%.2000s", died, state, text)
		}
		died++
	}
	if want := map[bool]int{true: 3}[crashes]; died != want {
		t.Errorf("%d runs died, want %d", died, want)
	}
	_, status := underLimit(t, "true", "status", dir)
	if !regexp.MustCompile(`(too little memory|ran out of memory 3 times).*policy\.hidden.*sweep retry`).MatchString(status) {
		t.Errorf("the advice is missing:\n%s", status)
	}
}

// atStart is the address space in bytes that this process had reserved before any test,
// which is about what sweep has at its start; 0 if it is not known.
var atStart = addressSpace()

func addressSpace() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmSize:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kB, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return 0
	}
	return kB << 10
}

// Under ulimit -v Go's allocator ends the process. The race detector reserves more
// address space as it goes, so a limit does not tell what a cell may take.
func TestAddressSpaceIsLimited(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes address space")
	}
	if atStart == 0 {
		t.Skip("the address space is not known here")
	}
	const room = 600 << 20
	limit := fmt.Sprintf("ulimit -v %d", (atStart+room)>>10)
	// A parameter takes at least 16 bytes, and about 26.
	t.Run("certainly too large", func(t *testing.T) { limited(t, limit, 8192, false) })
	t.Run("too large", func(t *testing.T) { limited(t, limit, 5300, true) })
}

// In a control group the kernel kills the process.
func TestControlGroupIsLimited(t *testing.T) {
	const room = 400 << 20
	for _, group := range []struct{ folder, file string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
		{"/sys/fs/cgroup", "memory.max"},
	} {
		path := filepath.Join(group.folder, fmt.Sprintf("gfnbench-test-%d", os.Getpid()))
		if os.Mkdir(path, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
		})
		if os.WriteFile(filepath.Join(path, group.file), []byte(strconv.Itoa(room)), 0o644) != nil {
			continue
		}
		limited(t, "echo $$ >"+filepath.Join(path, "cgroup.procs"), 4900, true)
		return
	}
	t.Skip("no control group with a limit of memory can be made here")
}
