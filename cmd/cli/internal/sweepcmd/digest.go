package sweepcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) digestCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "digest [DIR]",
		Short:   "Print the SHA-256 of a sweep's reproducible rows",
		Long:    "Print the SHA-256 of a sweep's reproducible rows: the cells, parameters, status and metrics of runs that are done or diverged.\nTwo runs of a suite have the same digest, whatever the machine, the number of workers or the interruptions.\nBy default DIR is the one under runs/ whose results changed last.",
		Example: "  sweep digest quickstart\n  sweep digest runs/my --json",
		Args:    command.AtMost(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.planOf(args, true)
			if err != nil {
				return err
			}
			s, err := sweep.Summarize(p)
			if err != nil {
				return err
			}
			a.seen.Add(s.Conflicts)
			if s.Statuses[results.Done]+s.Statuses[results.Diverged] == 0 {
				return usage.Errorf("no cell of %s is finished: there is nothing to digest", usage.QuotePath(p.Dir))
			}
			if a.asJSON {
				return command.JSON(a.stdout, s)
			}
			fmt.Fprintln(a.stdout, s.Digest)
			return nil
		},
	}
	command.JSONFlag(c, &a.asJSON)
	command.QuietFlag(c, &a.quiet)
	return c
}
