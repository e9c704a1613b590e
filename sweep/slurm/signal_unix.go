//go:build unix

package slurm

import (
	"os"
	"syscall"
)

// Signal is what Slurm sends a task some time before its end.
var Signal os.Signal = syscall.SIGUSR2
