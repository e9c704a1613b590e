package main

import (
	"testing"

	"gfnbench/cmd/internal/command/commandtest"
)

func TestCommands(t *testing.T) { commandtest.Check(t, newCommand()) }
