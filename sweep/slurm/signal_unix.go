//go:build unix

package slurm

import (
	"os"
	"syscall"
)

// Signal is the signal that Slurm sends a task some time before its end.
var Signal os.Signal = syscall.SIGUSR2
