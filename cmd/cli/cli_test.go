package cli

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// crashes is set in the environment of a process that shall crash.
const crashes = "GFNBENCH_TEST_CRASHES"

func TestMain(m *testing.M) {
	if os.Getenv(crashes) != "" {
		exit(func() int {
			go panic("on purpose") // in a goroutine nothing recovers it
			select {}
		})
	}
	testscript.Main(m, map[string]func(){"sweep": Sweep, "report": Report})
}

// TestCrash: the exit code of a crash is not the one of wrong usage.
func TestCrash(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), crashes+"=1") // a core would go there
	out, err := c.CombinedOutput()
	failed, ok := errors.AsType[*exec.ExitError](err)
	if !ok || !strings.Contains(string(out), "panic: on purpose") {
		t.Fatalf("it did not crash: %v\n%s", err, out)
	}
	if failed.ExitCode() == 2 {
		t.Error("a crash ends with exit code 2")
	}
}
