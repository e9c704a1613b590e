//go:build !linux

package processtest

import (
	"os/exec"
	"testing"
)

// Isolate makes the command fail to start: there are no PID namespaces here.
func Isolate(c *exec.Cmd, _ bool) { c.Path, c.Err = "", exec.ErrNotFound }

// Enter does nothing here.
func Enter(testing.TB) {}
