package sweepcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) runCommand() *cobra.Command {
	o := &runFlags{}
	c := &cobra.Command{
		Use:   "run SUITE|DIR",
		Short: "Run the missing cells of a suite; the same command resumes it",
		Long: "Run the missing cells of a suite; the same command resumes it.\n\n" +
			"Exit codes: 0 every cell has a result, 1 an error of the program or the machine, 2 wrong usage or an invalid suite, 3 some cells failed or timed out, 4 interrupted and resumable by the same command, 7 a filter matched nothing, 8 all is well except that results conflict.",
		Example: "  sweep run quickstart\n  sweep run my.toml -j 8 -f environment=sets,grid --set steps=100\n  sweep run my.toml --shard 1/4 -o runs/part1",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE:              func(c *cobra.Command, args []string) error { return a.train(c.Context(), args[0], o, nil) },
	}
	a.selectionFlags(c)
	a.outputFlag(c)
	a.replaceFlag(c)
	command.JSONFlag(c, &a.asJSON)
	a.runFlags(c, o)
	c.Flags().BoolVar(&o.noWait, "no-wait", false, "do not wait for cells that other processes hold; leave the Parquet files to a later run")
	return c
}

// runFlags are the flags of the commands that train cells.
type runFlags struct {
	jobs      int
	anonymous bool
	noWait    bool
	unkept    bool
}

func (a *app) runFlags(c *cobra.Command, o *runFlags) {
	c.Flags().IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "train `N` cells at a time")
	command.QuietFlag(c, &a.quiet)
	a.trustFlag(c)
	c.Flags().BoolVar(&o.anonymous, "anonymous", false, "leave host and user out of the results")
}

// options returns the options of package sweep, and a function that ends the handling
// of signals.
func (a *app) options(ctx context.Context, o *runFlags) (sweep.Options, context.Context, func(), error) {
	if o.jobs < 1 {
		return sweep.Options{}, nil, nil, usage.Errorf("-j %d: expected at least 1", o.jobs)
	}
	progress := a.progress()
	ctx, stop := a.interruptible(ctx, progress)
	return sweep.Options{
		Workers: o.jobs, Progress: progress, Anonymous: o.anonymous, Command: a.commandLine(),
	}, ctx, stop, nil
}

// train runs the missing cells of a suite, and again those with one of the
// statuses.
func (a *app) train(ctx context.Context, arg string, flags *runFlags, again []results.Status) error {
	p, err := a.load(arg)
	if err != nil {
		return err
	}
	if _, err := a.allow(p); err != nil {
		return err
	}
	for _, w := range p.Suite.Warnings {
		a.note("%v", w)
	}
	o, ctx, stop, err := a.options(ctx, flags)
	if err != nil {
		return err
	}
	defer stop()
	o.Trust = true
	o.Retry, o.NoWait, o.Unkept = again, flags.noWait, flags.unkept
	s, err := sweep.Run(ctx, p, o)
	return a.finish(s, err)
}

// progress returns a bar on a terminal and plain lines elsewhere.
func (a *app) progress() *sweep.Progress {
	style := sweep.Lines
	if a.quiet {
		style = sweep.Quiet
	} else if isTerminal(a.drawn) {
		style = sweep.Bar
	}
	return sweep.NewProgress(a.drawn, style)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// grace is how long cells have to write a checkpoint after a signal.
const grace = 4500 * time.Millisecond

// interruptible ends the context at the first SIGINT, SIGTERM or SIGHUP. It ends
// the program at the second, or if cells do not stop in time.
func (a *app) interruptible(ctx context.Context, progress *sweep.Progress) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // with nohup the run must continue
		signal.Notify(signals, syscall.SIGHUP)
	}
	over := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			progress.Say("%v: stopping; press again to stop at once", s)
			cancel()
		case <-over:
			return
		}
		select {
		case <-signals:
		case <-time.After(grace):
		case <-over:
			return
		}
		a.sayHowToContinue()
		os.Exit(exitInterrupted)
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}

func (a *app) sayHowToContinue() {
	what := "nothing finished is lost, continue with"
	if a.keepsNothing {
		what = "nothing was kept, begin again with"
	}
	fmt.Fprintf(a.stderr, "sweep: interrupted: %s: %s\n", what, a.commandLine())
}

// commandLine returns what was typed, quoted for a shell if necessary.
func (a *app) commandLine() string {
	words := []string{"sweep"}
	for _, arg := range a.args {
		words = append(words, usage.Quote(arg))
	}
	return strings.Join(words, " ")
}

// finish prints what a run left behind.
func (a *app) finish(s *sweep.Summary, err error) error {
	if err != nil && !errors.Is(err, sweep.ErrInterrupted) {
		return err
	}
	a.seen.Add(s.Conflicts)
	if a.asJSON {
		if err := command.JSON(a.stdout, s); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(a.stdout, statusLine(s))
		for _, line := range hiddenLines(s.Hidden) {
			fmt.Fprintln(a.stdout, "hidden:", line)
		}
		if s.Digest != "" {
			fmt.Fprintf(a.stdout, "digest %s  %s\n", s.Digest, usage.Quote(filepath.Join(s.Dir, "runs.parquet")))
		}
	}
	if s.Unkept > 0 {
		fmt.Fprintf(a.stderr, "sweep: the networks of %s were not kept when they were trained; sweep retry %s --unkept trains them again\n", command.Plural(s.Unkept, "finished cell"), usage.QuotePath(s.Dir))
	}
	switch {
	case err != nil:
		a.sayHowToContinue()
		return err
	case s.Failed() > 0:
		a.noteWaiting(s)
		fmt.Fprintf(a.stderr, "sweep: %s failed; sweep status %s says why, sweep retry %s runs them again\n", command.Plural(s.Failed(), "cell"), usage.QuotePath(s.Dir), usage.QuotePath(s.Dir))
		return errFailed
	case s.Waiting > 0:
		a.noteWaiting(s)
		return errFailed
	}
	return nil
}

// noteWaiting says why test cells of [tune] were not run.
func (a *app) noteWaiting(s *sweep.Summary) {
	if s.Waiting > 0 {
		fmt.Fprintf(a.stderr, "sweep: %s wait for the choice of a setting, since cells that tune are missing here: run them, then the same command again\n", command.Plural(s.Waiting, "test cell"))
	}
}

// statusLine counts the planned cells by status.
func statusLine(s *sweep.Summary) string {
	var parts []string
	left := s.Cells
	for _, status := range results.Statuses() {
		if n := s.Statuses[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
			left -= n
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", left))
	}
	text := command.Plural(s.Cells, "cell")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if s.Cached > 0 {
		text += fmt.Sprintf(" (%d of them before)", s.Cached)
	}
	return text
}

// hiddenLines says why cells of a directory that the suite does not list are hidden
// and what shows them again, one line per reason.
func hiddenLines(h sweep.Hidden) (lines []string) {
	if h.BySet > 0 {
		words := make([]string, len(h.Set))
		for i, s := range h.Set {
			words[i] = "--set " + usage.Quote(s)
		}
		lines = append(lines, fmt.Sprintf("%s with results, by %s; a run without it shows them", command.Plural(h.BySet, "cell"), strings.Join(words, " ")))
	}
	if n := h.Outside - h.BySet; n > 0 {
		lines = append(lines, fmt.Sprintf("%s with results, which the suite does not list", command.Plural(n, "cell")))
	}
	return lines
}
