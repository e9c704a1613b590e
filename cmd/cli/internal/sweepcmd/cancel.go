package sweepcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/sweep/cluster"
	"gfnbench/usage"
)

func (a *app) cancelCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "cancel DIR",
		Short:   "Cancel a submitted sweep; finished cells stay",
		Example: "  sweep cancel runs/my",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := place.Sweep(args[0])
			if err != nil {
				return err
			}
			engine, record, err := engineOf(dir)
			if err != nil {
				return err
			}
			if record == nil {
				return usage.Errorf("nothing was submitted from %s; stop a run with Ctrl-C", usage.QuotePath(dir))
			}
			n, err := cluster.Cancel(c.Context(), engine, record)
			if err != nil {
				return err
			}
			if a.asJSON {
				return command.JSON(a.stdout, map[string]int{"cancelled": n})
			}
			fmt.Fprintf(a.stdout, "%s cancelled; sweep retry %s submits what is missing\n", command.Plural(n, "task"), usage.QuotePath(dir))
			return nil
		},
	}
	command.JSONFlag(c, &a.asJSON)
	return c
}
