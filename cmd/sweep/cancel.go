package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/sweep/cluster"
)

func (a *app) cancelCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "cancel DIR",
		Short: "Take back a submitted sweep; what is finished stays",
		Args:  exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			engine, record, err := engineOf(args[0])
			if err != nil {
				return err
			}
			if record == nil {
				return usagef("nothing was submitted from %s; a run is stopped by Ctrl-C", args[0])
			}
			n, err := cluster.Cancel(c.Context(), engine, record)
			if err != nil {
				return err
			}
			if a.asJSON {
				return writeJSON(a.stdout, map[string]int{"cancelled": n})
			}
			fmt.Fprintf(a.stdout, "%s cancelled; sweep retry %s submits what is missing\n", plural(n, "task"), args[0])
			return nil
		},
	}
	a.jsonFlag(c)
	return c
}
