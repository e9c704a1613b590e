// Package cli is the whole command line of the programs sweep and report.
//
// A program outside this module that brings environments and objectives of its
// own registers them and calls one of the functions here, and has every
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

// Sweep runs the command line of sweep on the arguments and the streams of the
// process, and exits with its code.
func Sweep() { exit(sweepcmd.Main) }

// Report runs the command line of report on the arguments and the streams of the
// process, and exits with its code.
func Report() { exit(reportcmd.Main) }

// exit ends the process with the code of a program. A crash aborts it instead:
// Go's exit code of one, 2, means wrong usage here.
func exit(program func() int) {
	debug.SetTraceback("crash")
	os.Exit(program())
}
