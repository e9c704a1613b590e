package sweepcmd

import (
	"context"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/results"
)

func (a *app) retryCommand() *cobra.Command {
	o := &runFlags{}
	var failed, timeout, diverged, here bool
	c := &cobra.Command{
		Use:     "retry DIR",
		Short:   "Run failed, timed-out and missing cells again",
		Long:    "Run failed, timed-out and missing cells again.\nWithout a flag, both failed and timed-out cells are run. A cell that timed out continues where it stopped.\nWith --unkept, cells are trained again whose networks the suite keeps, see [keep], and that were not kept, or whose file is missing or altered; their results stay.\nIf the sweep was submitted to a cluster, cells without a task are submitted again; --here runs them here.\n\nExit codes: 0 every cell has a result, or was submitted, 1 an error of the program or the machine, 2 wrong usage or no results, 3 some cells failed or timed out again, 4 interrupted and resumable by the same command, 7 a filter matched nothing, 8 all is well except that results conflict.",
		Example: "  sweep retry quickstart\n  sweep retry runs/my --timeout --set timeout=2h",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(c *cobra.Command, args []string) error {
			again := asked(map[results.Status]bool{results.Failed: failed, results.Timeout: timeout, results.Diverged: diverged})
			if o.unkept && !failed && !timeout && !diverged {
				again = nil
			}
			return a.retry(c.Context(), args[0], o, again, here || o.unkept)
		},
	}
	c.Flags().BoolVar(&here, "here", false, "run the cells here, even if the sweep was submitted to a cluster")
	c.Flags().BoolVar(&failed, "failed", false, "run cells with an error")
	c.Flags().BoolVar(&timeout, "timeout", false, "run cells that took too long")
	c.Flags().BoolVar(&diverged, "diverged", false, "run cells whose loss or gradient was not finite, and replace their results")
	c.Flags().BoolVar(&o.unkept, "unkept", false, "train finished cells again for the networks that [keep] asks for, here")
	a.selectionFlags(c)
	command.JSONFlag(c, &a.asJSON)
	a.runFlags(c, o)
	return c
}

// asked returns the statuses that flags ask for, by default failed and timeout.
func asked(flags map[results.Status]bool) (list []results.Status) {
	for _, status := range results.Statuses() {
		if flags[status] {
			list = append(list, status)
		}
	}
	if len(list) == 0 {
		return []results.Status{results.Failed, results.Timeout}
	}
	return list
}

// retry runs cells with one of the statuses again, here or where they were submitted.
func (a *app) retry(ctx context.Context, dir string, o *runFlags, again []results.Status, here bool) error {
	dir, err := place.Sweep(dir)
	if err != nil {
		return err
	}
	_, record, err := engineOf(dir)
	if err != nil {
		return err
	}
	if record == nil || here {
		return a.train(ctx, dir, o, again)
	}
	if len(a.filter) == 0 {
		a.filter = record.Filter()
	}
	p, err := a.load(dir)
	if err != nil {
		return err
	}
	return a.submit(ctx, p, record.Slurm, again, false)
}
