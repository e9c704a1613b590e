//go:build unix

package sweepcmd

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gfnbench/trainer/trainertest"
)

// external is a suite whose cells another program trains. It notes its number first.
const external = `schema = 1
name = "external"
[run]
seeds = 2
steps = 400
batch = 16
eval_every = 100
checkpoint_every = "5ms"
optimizer.lr = 0.05
[environment.grid]
kind = "hypergrid"
dim = 2
height = 5
[trainer.tabular]
command = ["sh", "-c", %s]
version = "1"
[[grid]]
objective = ["tb", "db"]
trainer = ["tabular"]
`

// externalSuite writes the suite, and returns its path and that of the file with the
// numbers of the programs.
func externalSuite(t *testing.T) (suite, numbers string) {
	t.Helper()
	dir := t.TempDir()
	suite, numbers = filepath.Join(dir, "external.toml"), filepath.Join(dir, "numbers")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(fmt.Sprintf("echo $$ >> '%s'; exec env -u %s %s=none '%s'", numbers, asSweep, trainertest.Variable, self))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(suite, fmt.Appendf(nil, external, line), 0o644); err != nil {
		t.Fatal(err)
	}
	return suite, numbers
}

// programs lists the numbers of the programs that were started.
func programs(t *testing.T, numbers string) (list []int) {
	t.Helper()
	text, err := os.ReadFile(numbers)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(string(text)) {
		n, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

// gone reports whether a process has ended.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

// The sweep is killed while programs train its cells. They end with it, and the run
// goes on to the digest of one that was not killed.
func TestKillsWithTrainers(t *testing.T) {
	suite, numbers := externalSuite(t)
	whole, dir := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "killed")
	start := time.Now()
	sweepOutput(t, "run", suite, "-o", whole, "-j2", "-q", "--trust")
	took := time.Since(start)
	for left := kills() / 2; left > 0; left-- {
		before := len(programs(t, numbers))
		c := sweepCommand(t, "run", suite, "-o", dir, "-j2", "-q", "--trust")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		for len(programs(t, numbers)) == before && len(ended) == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(took / 2))))
		_ = c.Process.Kill() // it may have ended
		<-ended
		for _, pid := range programs(t, numbers) {
			for !gone(pid) {
				time.Sleep(time.Millisecond)
			}
		}
	}
	sweepOutput(t, "run", suite, "-o", dir, "-j2", "-q", "--trust")
	if got, want := sweepOutput(t, "digest", dir), sweepOutput(t, "digest", whole); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}
