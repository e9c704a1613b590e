package main

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

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/results"
	"gfnbench/sweep"
)

func (a *app) runCommand() *cobra.Command {
	var jobs int
	var anonymous bool
	c := &cobra.Command{
		Use:   "run SUITE|DIR",
		Short: "Run what is missing of a suite; the same command resumes it",
		Args:  exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			if jobs < 1 {
				return usagef("-j %d: expected at least 1", jobs)
			}
			p, err := a.load(args[0])
			if err != nil {
				return err
			}
			progress := a.progress()
			ctx, stop := interruptible(c.Context(), progress)
			defer stop()
			s, err := sweep.Run(ctx, p, sweep.Options{
				Workers: jobs, Progress: progress, Anonymous: anonymous, Command: "sweep " + strings.Join(a.args, " "),
			})
			return a.finish(p, s, err)
		},
	}
	a.selectionFlags(c)
	a.outputFlag(c)
	a.jsonFlag(c)
	c.Flags().IntVarP(&jobs, "jobs", "j", runtime.NumCPU(), "cells to train at a time, `N`")
	c.Flags().BoolVarP(&a.quiet, "quiet", "q", false, "no progress")
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the results")
	return c
}

// progress is a bar on a terminal and plain lines elsewhere.
func (a *app) progress() *sweep.Progress {
	style := sweep.Lines
	if a.quiet {
		style = sweep.Quiet
	} else if isTerminal(a.stderr) {
		style = sweep.Bar
	}
	return sweep.NewProgress(a.stderr, style)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// interruptible ends the context at the first SIGINT or SIGTERM, and the
// program at the second.
func interruptible(ctx context.Context, progress *sweep.Progress) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s, ok := <-signals
		if !ok {
			return
		}
		progress.Say("%v: stopping; again to stop at once", s)
		cancel()
		if _, ok := <-signals; ok {
			os.Exit(exitInterrupted)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

// finish prints what a run left behind.
func (a *app) finish(p *sweep.Plan, s *sweep.Summary, err error) error {
	if err != nil && !errors.Is(err, sweep.ErrInterrupted) {
		return err
	}
	if a.asJSON {
		if err := writeJSON(a.stdout, s); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(a.stdout, statusLine(s))
		if s.Digest != "" {
			fmt.Fprintf(a.stdout, "digest %s  %s\n", s.Digest, filepath.Join(s.Dir, "runs.parquet"))
		}
	}
	switch {
	case err != nil:
		fmt.Fprintf(a.stderr, "sweep: interrupted: nothing is lost, continue with: sweep %s\n", strings.Join(a.args, " "))
		return err
	case s.Failed() > 0:
		fmt.Fprintf(a.stderr, "sweep: %s failed\n", plural(s.Failed(), "cell"))
		return errFailed
	}
	return nil
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
	text := fmt.Sprintf("%s: %s", plural(s.Cells, "cell"), strings.Join(parts, ", "))
	if s.Cached > 0 {
		text += fmt.Sprintf(" (%d of them before)", s.Cached)
	}
	if s.Hidden > 0 {
		text += fmt.Sprintf("; %s of %s not in the suite, kept and hidden", plural(s.Hidden, "cell"), s.Dir)
	}
	return text
}
