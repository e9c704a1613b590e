// Report turns the results of sweeps into what goes into a paper.
//
// Usage:
//
//	report table [DIR...] [TABLE...]     tables, as Markdown, text, LaTeX, CSV or HTML
//	report claims [DIR...] [CLAIM...]    the suite's claims, tested
//	report figure [DIR...] [FIGURE...]   figures, as SVG, PNG or PDF
//	report html [DIR...]                 all of it as one page
//	report diff A B                      two sweeps compared
//	report methods [DIR...]              paragraphs and tables of settings
//	report export [DIR...]               tidy CSV or JSON, or one Parquet file
//
// DIR is a sweep directory, the name of one under runs/, the suite file that it
// is of, or a merged Parquet file; without it, report takes the directory whose
// results changed last and says which. Data go to standard output, all else to standard error.
//
// Exit codes: 0 ok, 1 something is wrong with the results or the machine, 2
// usage, 5 a claim contradicted or a regression, 6 claims inconclusive or not
// run, 7 a filter matched nothing.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"gfnbench/cmd/internal/command"
	"gfnbench/report"
	"gfnbench/suites/document"
)

// Exit codes, the same for all commands of the project.
const (
	exitOK       = 0
	exitInternal = 1
	exitUsage    = 2
	exitNoMatch  = 7
)

// softLimit is the memory above which garbage is collected harder: a million
// evaluations take half of it.
const softLimit = 900 << 20

func main() {
	debug.SetMemoryLimit(softLimit)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes the command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	root, out := newCommand(), command.NewStdout(stdout)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.Execute()
	if lost := out.Err(); lost != nil {
		err = lost // whatever came of it
	}
	if code, ok := errors.AsType[outcome](err); ok {
		return int(code)
	}
	if err != nil && !command.ReaderGone(err) {
		fmt.Fprintln(stderr, "report:", command.Message(err))
	}
	return exitCode(err)
}

// newCommand is the command line.
func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "report",
		Short: "Turn the results of sweeps into tables, tested claims and figures",
		Long: `Turn the results of sweeps into tables, tested claims and figures.

DIR is a directory of results or the name of one under runs/, the suite file that it is
of, or a merged Parquet file; by default the directory whose results changed last. Several
are read as one. The name of -o FILE says its format, and no FILE is left half-written.

Exit codes: 0 all is well, 1 an error of the results or the machine, 2 wrong usage or an
invalid suite, 5 a claim contradicted or a regression, 6 claims inconclusive or not run, 7 a
filter matched nothing.`,
		Example: "  report table\n  report table neurips24 table1 --format text\n  report table quickstart -r objective -c environment -m tv\n  report html neurips24",
	}
	root.AddCommand(tableCommand(), claimsCommand(), figureCommand(), diffCommand(), methodsCommand(), exportCommand(), htmlCommand())
	for _, c := range root.Commands() {
		c.PreRunE = refuseEmpty
	}
	complete(root)
	command.Prepare(root, suiteOf)
	return root
}

func exitCode(err error) int {
	_, isUsage := errors.AsType[*report.UsageError](err)
	_, mistyped := errors.AsType[*command.UsageError](err)
	_, isSuite := errors.AsType[document.Problems](err)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, report.ErrNoMatch):
		return exitNoMatch
	case isUsage || mistyped || isSuite:
		return exitUsage
	}
	return exitInternal
}
