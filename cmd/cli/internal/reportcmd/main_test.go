package reportcmd

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	if what := os.Getenv(asTraining); what != "" {
		os.Exit(trains(what))
	}
	testscript.Main(m, map[string]func(){"report": func() { os.Exit(Main()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "NO_COLOR=1", "TERM=dumb", "HOME="+e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "results": makeResults},
	})
}

// makeResults writes a results directory: results SUITE DIR [SEEDS], with only
// that many seeds finished.
func makeResults(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: results SUITE DIR [SEEDS]")
	}
	seeds := 1 << 30
	if len(args) > 2 {
		seeds, _ = strconv.Atoi(args[2])
	}
	ts.Check(os.MkdirAll(ts.MkAbs(args[1]), 0o755))
	ts.Check(reporttest.Write(ts.MkAbs(args[1]), ts.ReadFile(args[0]), func(c *suites.Cell, r *results.Run) {
		if c.Seed >= seeds {
			r.Status = ""
		}
	}))
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	code := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		e, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = strconv.Itoa(e.ExitCode())
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}
