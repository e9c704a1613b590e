package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/sweep"
)

func (a *app) digestCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "digest DIR",
		Short: "Print the SHA-256 of a sweep's reproducible rows",
		Long:  "Print the SHA-256 of a sweep's reproducible rows: cells, parameters, status and metrics of what is done or diverged.\nTwo runs of a suite agree in it, whatever the machine, the number of workers, or the interruptions between.",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := sweep.Load(args[0], "", sweep.Selection{})
			if err != nil {
				return err
			}
			s, err := sweep.Summarize(p)
			if err != nil {
				return err
			}
			if a.asJSON {
				return writeJSON(a.stdout, s)
			}
			fmt.Fprintln(a.stdout, s.Digest)
			return nil
		},
	}
	a.jsonFlag(c)
	return c
}
