package cli

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs both programs as their users do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "NO_COLOR=1", "TERM=dumb", "HOME="+e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"agree": agree, "follow": follow, "dispute": dispute, "exits": exits},
	})
}

// agree checks that files state the same: agree PATTERN FILE... compares the first match
// of the pattern's group in each.
func agree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: agree PATTERN FILE FILE...")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	want := ""
	for i, name := range args[1:] {
		text, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		m := pattern.FindSubmatch(text)
		switch {
		case m == nil:
			ts.Fatalf("%s has nothing like %s", name, args[0])
		case i == 0:
			want = string(m[1])
		case string(m[1]) != want:
			ts.Fatalf("%s says %s, %s says %s", args[1], want, name, m[1])
		}
	}
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = strconv.Itoa(e.ExitCode())
	} else if err != nil {
		code = err.Error()
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}
