package sweepcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/sweep"
	"gfnbench/sweep/slurm"
	"gfnbench/usage"
)

// taskCommand returns what the batch scripts of a submitted sweep run.
func (a *app) taskCommand() *cobra.Command {
	var shards, offset, jobs, notice int
	var again, trusted string
	var merge bool
	c := &cobra.Command{
		Use:   "task DIR",
		Short: "Run one task of a submitted sweep; batch scripts call it",
		Long: "Run one task of a submitted sweep; batch scripts call it.\n\n" +
			"Exit codes: 0 every cell has a result, or the task is requeued, 1 an error of the program or the machine, 2 wrong usage, 3 cells failed or are missing, 4 interrupted, 7 a filter matched nothing, 8 all is well except that results conflict.",
		Hidden: true,
		Args:   command.Exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			self, index, err := slurm.Self()
			if err != nil {
				return &usage.Error{Err: err}
			}
			if merge {
				return a.mergeTasks(args[0])
			}
			if index < 0 {
				return usage.Errorf("task without --merge runs only in a job array")
			}
			a.shard = fmt.Sprintf("%d/%d", offset+index+1, shards)
			o := sweep.Options{Workers: jobs, Task: self, NoWait: true, Command: a.commandLine()}
			if o.Retry, err = statuses(again); err != nil {
				return err
			}
			return a.runTask(c.Context(), args[0], trusted, o, time.Duration(notice)*time.Second)
		},
	}
	c.Flags().IntVar(&shards, "shards", 1, "`N` parts of the sweep")
	c.Flags().IntVar(&offset, "offset", 0, "`N` shards before the one of index 0")
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "train `N` cells at a time")
	c.Flags().IntVar(&notice, "notice", 120, "`SECONDS` from the signal to the end")
	c.Flags().StringVar(&again, "again", "", "`STATUSES` of cells to run again")
	c.Flags().StringVar(&trusted, "trusted", "", "`HASHES` of programs that may be run")
	c.Flags().BoolVar(&merge, "merge", false, "write the Parquet files instead")
	c.Flags().StringVar((*string)(&a.role), "role", "", "`ROLE` of the cells, with [tune]")
	command.FilterFlag(c, &a.filter)
	return c
}

func statuses(text string) (list []results.Status, err error) {
	for word := range strings.SplitSeq(text, ",") {
		if word == "" {
			continue
		}
		if !slices.Contains(results.Statuses(), results.Status(word)) {
			return nil, usage.Errorf("--again %q: not a status", word)
		}
		list = append(list, results.Status(word))
	}
	return list, nil
}

// runTask trains a shard. When Slurm says that the end is near, it writes
// checkpoints and requeues itself. Once half of the remaining time is gone it
// requeues even without the last checkpoints, or the time limit would end it.
func (a *app) runTask(ctx context.Context, dir, trusted string, o sweep.Options, notice time.Duration) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, slurm.Signal) // first, because the signal would end a program that does not handle it
	defer signal.Stop(signals)
	p, err := a.load(dir)
	if err != nil {
		return err
	}
	if err := onlyTrusted(p, strings.Split(trusted, ",")); err != nil {
		return err
	}
	o.Trust = true
	o.Progress = a.progress()
	ctx, stop := a.interruptible(ctx, o.Progress)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	warned := atomic.Bool{}
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-signals:
			o.Progress.Say("%v: writing checkpoints, then requeueing", slurm.Signal)
			warned.Store(true)
			cancel()
		case <-over:
			return
		}
		select {
		case <-time.After(notice / 2):
			_ = slurm.Requeue(context.WithoutCancel(ctx), o.Task) // all that can still be done
		case <-over:
		}
	}()
	o.Progress.Say("task %s, start %d: shard %s, %s", o.Task.Name, o.Task.Restarts+1, a.shard, command.Plural(len(p.Cells), "cell"))
	s, err := sweep.Run(ctx, p, o)
	if errors.Is(err, sweep.ErrInterrupted) && warned.Load() {
		// The context is done, but Slurm must still be told.
		if err := slurm.Requeue(context.WithoutCancel(ctx), o.Task); err != nil {
			return fmt.Errorf("the task could not be requeued; sweep retry %s submits it again: %w", usage.QuotePath(dir), err)
		}
		return nil
	}
	return a.finish(s, err)
}

// onlyTrusted refuses programs other than those that were trusted at submission.
func onlyTrusted(p *sweep.Plan, hashes []string) error {
	for _, program := range p.Suite.Programs(p.Cells) {
		if !slices.Contains(hashes, program.Hash()) {
			return usage.Errorf("%s, which is not what was submitted: submit again", runs(program))
		}
	}
	return nil
}

// mergeTasks writes what the tasks have left to the Parquet files.
func (a *app) mergeTasks(dir string) error {
	p, err := a.load(dir)
	if err != nil {
		return err
	}
	s, err := sweep.Compact(p, sweep.Options{Command: a.commandLine()})
	if err != nil {
		return err
	}
	if err := a.finish(s, nil); err != nil {
		return err
	}
	ran := 0
	for _, n := range s.Statuses {
		ran += n
	}
	if left := s.Cells - ran + s.Statuses[results.Interrupted]; left > 0 {
		fmt.Fprintf(a.stderr, "sweep: %s missing; sweep retry %s submits them again\n", command.Plural(left, "cell"), usage.QuotePath(dir))
		return errFailed
	}
	return nil
}
