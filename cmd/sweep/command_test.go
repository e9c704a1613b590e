package main

import (
	"io"
	"testing"

	"gfnbench/cmd/internal/command/commandtest"
)

func TestCommands(t *testing.T) {
	commandtest.Check(t, (&app{stdout: io.Discard, stderr: io.Discard}).command())
}
