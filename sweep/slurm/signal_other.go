//go:build !unix

package slurm

import "os"

// Signal stands for one that does not exist here: Slurm runs on Unix.
var Signal os.Signal = os.Interrupt
