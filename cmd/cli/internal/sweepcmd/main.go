// Package sweepcmd is the command line of sweep: one file per subcommand.
package sweepcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/sweep"
	"gfnbench/usage"
)

// Main runs the command line of the process and returns its exit code.
func Main() int { return run(context.Background(), os.Args[1:], os.Stdout, os.Stderr) }

// Exit codes.
const (
	exitInternal    = 1
	exitUsage       = 2
	exitFailed      = 3
	exitInterrupted = 4
	exitNoMatch     = 7
)

// errFailed says that cells failed, which was already reported.
var errFailed = errors.New("cells failed")

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := command.NewStdout(stdout)
	complaints := command.NewStderr(stderr)
	app := &app{stdout: out, stderr: complaints, drawn: complaints.Raw, args: args}
	root := app.command()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(complaints)
	err := command.CheckWords(args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if lost := out.Err(); lost != nil {
		err = lost // whatever else happened, the output is incomplete
	}
	code := exitCode(err)
	if app.seen.Tell(complaints, "sweep") && code == 0 {
		code = command.ExitConflict
	}
	if err != nil && !command.ReaderGone(err) && code != exitFailed && code != exitInterrupted {
		fmt.Fprintln(complaints, "sweep:", command.Message(err))
	}
	return code
}

func exitCode(err error) int {
	_, problems := errors.AsType[document.Problems](err)
	_, mistyped := errors.AsType[*usage.Error](err)
	_, conflict := errors.AsType[*results.ConflictError](err)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, sweep.ErrInterrupted):
		return exitInterrupted
	case errors.Is(err, usage.ErrNoMatch):
		return exitNoMatch
	case problems || mistyped:
		return exitUsage
	case conflict:
		return command.ExitConflict
	}
	return exitInternal
}

// An app holds what the subcommands share.
type app struct {
	stdout, stderr io.Writer
	drawn          io.Writer // standard error, for a progress bar
	args           []string

	seen          command.Seen // that the command reads
	output, shard string
	role          suites.Role // of the cells of a task; "" for all
	filter, set   []string
	asJSON, quiet bool
	trust         bool // run programs that the suite names
	replace       bool // replace another suite of the same name

	keepsNothing bool // an interrupted command keeps nothing
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "sweep",
		Short: "Plan, run and resume sweeps of GFlowNet training runs",
		Long: `Plan, run and resume sweeps of GFlowNet training runs.

SUITE is the path of a suite file or the name of a shipped suite (sweep list suites).
DIR is a results directory or its name under runs/.

Exit codes: 0 all is well, 1 an error of the program or the machine, 2 wrong usage or an
invalid suite, 3 some cells failed, 4 interrupted and resumable, 7 a filter matched nothing,
8 all is well except that results conflict.`,
		Example: "  sweep run quickstart\n  sweep plan neurips24\n  sweep run my.toml -j 8 -f environment=sets,grid --set steps=100",
	}
	root.AddCommand(a.checkCommand(), a.planCommand(), a.runCommand(), a.statusCommand(), a.retryCommand(), a.verifyCommand(), a.evaluateCommand(), a.sampleCommand(),
		a.mergeCommand(), a.mendCommand(), a.submitCommand(), a.cancelCommand(), a.taskCommand(), a.logsCommand(), a.whyCommand(), a.digestCommand(), a.schemaCommand(), a.listCommand(), a.showCommand(), a.initCommand(), a.envCommand(), a.trainerCommand())
	command.Prepare(root, command.ReadSuite)
	return root
}

// selectionFlags adds the flags that choose cells.
func (a *app) selectionFlags(c *cobra.Command) {
	command.FilterFlag(c, &a.filter)
	c.Flags().StringArrayVar(&a.set, "set", nil, "override the suite with `key=value`, in TOML; may be repeated")
	c.Flags().StringVar(&a.shard, "shard", "", "only part `i/n` of the cells")
}

func (a *app) outputFlag(c *cobra.Command) {
	c.Flags().StringVarP(&a.output, "output", "o", "", "write the results to `DIR` (default runs/NAME)")
	_ = c.MarkFlagDirname("output") // the flag is there
}

// replaceFlag adds --replace to the commands that may put a suite into a directory.
func (a *app) replaceFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.replace, "replace", false, "replace another suite of the same name")
}

// load reads the suite that the command is about.
func (a *app) load(arg string) (*sweep.Plan, error) {
	sel := sweep.Selection{Set: a.set, Filter: a.filter, Role: a.role}
	if a.shard != "" {
		var err error
		if sel.Shard, err = sweep.ParseShard(a.shard); err != nil {
			return nil, err
		}
	}
	p, err := sweep.Load(place.Suite(arg), a.output, sel)
	if errors.Is(err, fs.ErrNotExist) {
		if _, statErr := os.Stat(arg); errors.Is(statErr, fs.ErrNotExist) {
			return nil, place.NoSuchSuite(arg)
		}
	}
	if place.Shadows(arg) {
		a.note("%s is the sweep directory here; from another folder it is the shipped suite", arg)
	}
	if p != nil {
		p.Replace = a.replace
		a.seen.Add(nil, p.Dir)
	}
	return p, err
}

// dir returns the sweep directory of a command about one. Without an argument it is
// the newest, and dir says so. It holds results if withResults.
func (a *app) dir(args []string, withResults bool) (string, error) {
	if len(args) > 0 {
		dir, err := place.Sweep(args[0])
		if err == nil && withResults {
			err = place.Begun(dir)
		}
		return dir, err
	}
	dir, err := place.Newest(withResults)
	if err == nil {
		a.note("%s, the newest one", usage.QuotePath(dir))
	}
	return dir, err
}

// planOf returns the plan of the directory that dir names.
func (a *app) planOf(args []string, withResults bool) (*sweep.Plan, error) {
	dir, err := a.dir(args, withResults)
	if err != nil {
		return nil, err
	}
	return a.load(dir)
}

// note prints something that is not an error, unless -q is given.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stderr, "sweep: "+format+"\n", args...)
	}
}
