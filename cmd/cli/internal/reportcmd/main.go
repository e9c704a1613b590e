// Package reportcmd is the command line of report: one file per subcommand.
package reportcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// Exit codes, the same for all commands of the project.
const (
	exitOK       = 0
	exitInternal = 1
	exitUsage    = 2
	exitNoMatch  = 7
)

// garbage is how much memory garbage may take, in percent of what is in use: half of Go's
// default, because a report keeps nearly all that it reads.
const garbage = 50

// Main runs the command line of the process and returns its exit code.
func Main() int {
	debug.SetGCPercent(garbage)
	return run(os.Args[1:], os.Stdout, os.Stderr)
}

// run executes the command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	root, out := newCommand(), command.NewStdout(stdout)
	root.SetArgs(args)
	root.SetOut(out)
	complaints := command.NewStderr(stderr)
	root.SetErr(complaints)
	var seen command.Seen
	err := command.CheckWords(args)
	if err == nil {
		err = root.ExecuteContext(command.WithSeen(context.Background(), &seen))
	}
	if lost := out.Err(); lost != nil {
		err = lost // even if the command succeeded
	}
	conflict := seen.Tell(complaints, "report")
	if code, ok := errors.AsType[outcome](err); ok {
		return int(code)
	}
	if err == nil && conflict {
		return command.ExitConflict
	}
	if err != nil && !command.ReaderGone(err) {
		fmt.Fprintln(complaints, "report:", command.Message(err))
	}
	return exitCode(err)
}

// newCommand returns the command line.
func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "report",
		Short: "Turn the results of sweeps into tables, tested claims and figures",
		Long: `Turn the results of sweeps into tables, tested claims and figures.

DIR is a results directory, its name under runs/, its suite file, or a merged Parquet
file; the default is the directory whose results changed last. Several are read as one.
The name of -o FILE chooses the format, and no FILE is left half-written.

Exit codes: 0 all is well, 1 an error in the results or the machine, 2 wrong usage or an
invalid suite, 5 a claim contradicted or a regression, 6 claims inconclusive or not run, 7 a
filter matched nothing, 8 all is well except that results conflict.`,
		Example: "  report table\n  report table neurips24 table1 --format text\n  report table quickstart -r objective -c environment -m tv\n  report html neurips24",
	}
	root.AddCommand(tableCommand(), claimsCommand(), figureCommand(), tuneCommand(), diffCommand(), reconstructCommand(), choicesCommand(), methodsCommand(), exportCommand(), htmlCommand(), serveCommand())
	for _, c := range root.Commands() {
		c.PreRunE = refuseEmpty
	}
	complete(root)
	command.Prepare(root, suiteOf)
	return root
}

func exitCode(err error) int {
	_, mistyped := errors.AsType[*usage.Error](err)
	_, isSuite := errors.AsType[document.Problems](err)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, usage.ErrNoMatch):
		return exitNoMatch
	case mistyped || isSuite:
		return exitUsage
	}
	return exitInternal
}
