//go:build !unix

package slurm

import "os"

// Signal is a placeholder: Slurm runs on Unix.
var Signal os.Signal = os.Interrupt
