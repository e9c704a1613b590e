// Command sweep plans, runs and resumes sweeps of GFlowNet training runs.
//
// Standard output is data, standard error is progress. Exit codes: 0 all is
// well, 1 an error of the program or the machine, 2 wrong usage or an invalid
// suite, 3 some cells failed, 4 interrupted and resumable, 7 a filter matched
// nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/suites"
	"gfnbench/sweep"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitInternal    = 1
	exitUsage       = 2
	exitFailed      = 3
	exitInterrupted = 4
	exitNoMatch     = 7
)

// errFailed says that cells failed, which was reported already.
var errFailed = errors.New("cells failed")

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := &app{stdout: stdout, stderr: stderr, args: args}
	root := app.command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	if err != nil && code != exitFailed && code != exitInterrupted {
		fmt.Fprintln(stderr, "sweep:", message(err))
	}
	return code
}

// message is the error as it is printed.
func message(err error) string {
	if ps, ok := errors.AsType[suites.Problems](err); ok && err.Error() == ps.Error() {
		return fmt.Sprintf("the suite has %s\n%s", plural(len(ps), "problem"), ps.Error())
	}
	return err.Error()
}

func exitCode(err error) int {
	_, problems := errors.AsType[suites.Problems](err)
	_, usage := errors.AsType[*sweep.UsageError](err)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, sweep.ErrInterrupted):
		return exitInterrupted
	case errors.Is(err, sweep.ErrNoMatch):
		return exitNoMatch
	case problems || usage:
		return exitUsage
	}
	return exitInternal
}

// An app is what the subcommands share.
type app struct {
	stdout, stderr io.Writer
	args           []string

	output, shard string
	filter, set   []string
	asJSON, quiet bool
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "sweep",
		Short:         "Plan, run and resume sweeps of GFlowNet training runs",
		Long:          "Plan, run and resume sweeps of GFlowNet training runs.\n\nSUITE is the path of a suite file or the name of a shipped suite (sweep list suites).\nDIR is a directory of results, by default runs/NAME for the suite of that name.",
		Example:       "  sweep run quickstart\n  sweep plan neurips24\n  sweep run my.toml -j 8 -f environment=sets,grid --set steps=100",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       sweep.Environment(true).Get("revision"),
		Args:          unknownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(a.checkCommand(), a.planCommand(), a.runCommand(), a.statusCommand(), a.retryCommand(), a.verifyCommand(),
		a.mergeCommand(), a.submitCommand(), a.cancelCommand(), a.taskCommand(), a.logsCommand(), a.whyCommand(), a.digestCommand(), a.schemaCommand(), a.listCommand(), a.envCommand())
	return root
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
	return &sweep.UsageError{Err: fmt.Errorf(format, args...)}
}

// exactly wants a number of arguments, which are described in the command's use.
func exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s needs %s, not %d: usage: %s", c.CommandPath(), plural(n, "argument"), len(args), c.UseLine())
		}
		return nil
	}
}

// completeSuite completes the names of suites, files and directories.
func completeSuite(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return suites.Shipped(), cobra.ShellCompDirectiveDefault
}

// selectionFlags adds the flags that choose cells.
func (a *app) selectionFlags(c *cobra.Command) {
	c.Flags().StringArrayVarP(&a.filter, "filter", "f", nil, "only cells where `key=value,...`; may be repeated, and all must match")
	c.Flags().StringArrayVar(&a.set, "set", nil, "`key=value` in TOML, before everything in the suite; may be repeated")
	c.Flags().StringVar(&a.shard, "shard", "", "only part `i/n` of the cells")
}

func (a *app) outputFlag(c *cobra.Command) {
	c.Flags().StringVarP(&a.output, "output", "o", "", "`DIR` of the results (default runs/NAME)")
}

func (a *app) jsonFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.asJSON, "json", false, "print JSON")
}

// load reads the suite that the command is about.
func (a *app) load(arg string) (*sweep.Plan, error) {
	sel := sweep.Selection{Set: a.set, Filter: a.filter}
	if a.shard != "" {
		var err error
		if sel.Shard, err = sweep.ParseShard(a.shard); err != nil {
			return nil, err
		}
	}
	return sweep.Load(arg, a.output, sel)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
