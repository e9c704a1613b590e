package cli

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// crashes is set in the environment of a process that is to crash.
const crashes = "GFNBENCH_TEST_CRASHES"

// asProgram makes the test binary act as one of the programs.
const asProgram = "GFNBENCH_TEST_AS_PROGRAM"

// helped runs the help of a command.
func helped(t *testing.T, program, command string) (string, error) {
	c := exec.Command(os.Args[0], "help", command)
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), asProgram+"="+program)
	out, err := c.Output()
	return string(out), err
}

func TestMain(m *testing.M) {
	if os.Getenv(crashes) != "" {
		exit(func() int {
			go panic("on purpose") // in a goroutine, where nothing recovers it
			select {}
		})
	}
	if program := os.Getenv(asProgram); program != "" {
		map[string]func(){"sweep": Sweep, "report": Report}[program]()
	}
	testscript.Main(m, map[string]func(){"sweep": Sweep, "report": Report})
}

// TestCrash: the exit code of a crash differs from that of wrong usage.
func TestCrash(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), crashes+"=1") // a core dump would go there
	out, err := c.CombinedOutput()
	failed, ok := errors.AsType[*exec.ExitError](err)
	if !ok || !strings.Contains(string(out), "panic: on purpose") {
		t.Fatalf("it did not crash: %v\n%s", err, out)
	}
	if failed.ExitCode() == 2 {
		t.Error("a crash ends with exit code 2")
	}
}
