package reportcmd

import (
	"testing"

	"gfnbench/cmd/cli/internal/command/commandtest"
)

func TestCommands(t *testing.T) { commandtest.Check(t, newCommand()) }
