// Package processtest runs the test binary again in other PID namespaces.
package processtest

import (
	"os"
	"os/exec"
	"testing"
)

// Command returns a command that runs one test of this binary again, with
// additions to the environment.
func Command(test string, environ ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^"+test+"$")
	c.Env = append(os.Environ(), environ...)
	c.Stderr = os.Stderr
	return c
}

// Must ends the test if a namespace could not be made: the test fails when CI
// runs as root, and is skipped elsewhere, where making one may not be allowed.
func Must(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") != "" && os.Getuid() == 0:
		t.Fatalf("no PID namespace can be made here: %v", err)
	default:
		t.Skipf("no PID namespace can be made here: %v", err)
	}
}
