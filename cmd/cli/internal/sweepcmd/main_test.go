package sweepcmd

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gfnbench/trainer/trainertest"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// asSweep makes the test binary act as sweep, to be killed.
const asSweep = "GFNBENCH_TEST_AS_SWEEP"

func TestMain(m *testing.M) {
	trainertest.Main()
	if os.Getenv(asSweep) != "" {
		os.Exit(Main())
	}
	testscript.Main(m, map[string]func(){"sweep": func() { os.Exit(Main()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "NO_COLOR=1", "TERM=dumb", "HOME="+e.WorkDir)
			return os.Mkdir(e.WorkDir+"/empty", 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = exitCodeOf(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s (%v)", code, args[0], err)
	}
}

// exitCodeOf returns the code in an error of package exec.
func exitCodeOf(err error) string {
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return strconv.Itoa(e.ExitCode())
	}
	return err.Error()
}

// TestFullDisk: failing to write is an error, for help and scripts too.
func TestFullDisk(t *testing.T) {
	for _, line := range []string{"--help", "run --help", "--version", "version", "help run", "schema", "list objectives", "env --json", "completion zsh", "plan quickstart"} {
		var stderr strings.Builder
		if code := run(t.Context(), strings.Fields(line), full{}, &stderr); code != exitInternal || stderr.String() != "sweep: writing standard output: no space left on device\n" {
			t.Errorf("sweep %s to a full disk: exit code %d, %q", line, code, stderr.String())
		}
	}
}

// full is a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }
