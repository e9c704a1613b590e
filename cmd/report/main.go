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
//	report export [DIR...]               tidy CSV, or one Parquet file
//
// DIR is a sweep directory, the name of one under runs/, or a merged Parquet
// file; without it, report takes the directory whose results changed last and
// says which. Data go to standard output, all else to standard error.
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
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/report"
	"gfnbench/suites"
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
	root := &cobra.Command{
		Use:           "report",
		Short:         "Turn the results of sweeps into tables, tested claims and figures",
		Long:          "Turn the results of sweeps into tables, tested claims and figures.\n\nDIR is a directory of results or the name of one under runs/; by default the one\nwhose results changed last.",
		Example:       "  report table\n  report table runs/neurips24 table1 --format text\n  report table -r objective -c environment -m tv",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(tableCommand(), claimsCommand(), figureCommand(), diffCommand(), methodsCommand(), exportCommand(), htmlCommand())
	err := root.Execute()
	if code, ok := errors.AsType[outcome](err); ok {
		return int(code)
	}
	if err != nil {
		fmt.Fprintln(stderr, "report:", message(err))
	}
	return exitCode(err)
}

// unknownCommand names the nearest command.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	return usagef("unknown command %q%s: see %s --help", args[0], suites.DidYouMean(args[0], names), c.CommandPath())
}

// flagError names the nearest flag.
func flagError(c *cobra.Command, err error) error {
	unknown, ok := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !ok {
		return usagef("%w: see %s --help", err, c.CommandPath())
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return usagef("unknown flag --%s%s: see %s --help", unknown, suites.DidYouMean(unknown, names), c.CommandPath())
}

func usagef(format string, args ...any) error {
	return &report.UsageError{Err: fmt.Errorf(format, args...)}
}

// message is the error as it is printed.
func message(err error) string {
	if ps, ok := errors.AsType[suites.Problems](err); ok && err.Error() == ps.Error() {
		return "the suite is invalid\n" + ps.Error()
	}
	return err.Error()
}

func exitCode(err error) int {
	_, isUsage := errors.AsType[*report.UsageError](err)
	_, isSuite := errors.AsType[suites.Problems](err)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, report.ErrNoMatch):
		return exitNoMatch
	case isUsage || isSuite:
		return exitUsage
	}
	return exitInternal
}
