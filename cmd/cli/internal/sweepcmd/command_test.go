package sweepcmd

import (
	"io"
	"testing"

	"gfnbench/cmd/cli/internal/command/commandtest"
)

func TestCommands(t *testing.T) {
	commandtest.Check(t, (&app{stdout: io.Discard, stderr: io.Discard}).command())
}
