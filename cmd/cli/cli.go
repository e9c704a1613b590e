// Package cli is the whole command line of the programs sweep and report.
//
// A program outside this module that has its own environments and objectives
// registers them and calls one of the functions here. It then has every
// subcommand, for suites that name its kinds and for the directories that they
// make:
//
//	func main() {
//		objective.Kinds = append(objective.Kinds, huber.Kind)
//		cli.Sweep()
//	}
package cli

import (
	"os"
	"runtime/debug"

	"gfnbench/cmd/cli/internal/reportcmd"
	"gfnbench/cmd/cli/internal/sweepcmd"
)

// Sweep runs the command line of sweep with the process's arguments and
// streams, and exits with its code.
func Sweep() { exit(sweepcmd.Main) }

// Report runs the command line of report with the process's arguments and
// streams, and exits with its code.
func Report() { exit(reportcmd.Main) }

// exit ends the process with the exit code of a program. If the program
// crashes, exit aborts the process instead, because Go's own exit code for a
// crash, 2, means wrong usage here.
func exit(program func() int) {
	debug.SetTraceback("crash")
	os.Exit(program())
}
