package main

import (
	"github.com/spf13/cobra"

	"gfnbench/results"
)

func (a *app) retryCommand() *cobra.Command {
	o := &runFlags{}
	var failed, timeout, diverged bool
	c := &cobra.Command{
		Use:   "retry DIR",
		Short: "Run cells again that failed or timed out, and what is missing",
		Long:  "Run cells again that failed or timed out, and what is missing.\nWithout a flag both failed and timed-out cells are run again. A cell that timed out continues from where it stopped.",
		Args:  exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			var again []results.Status
			for _, s := range []struct {
				status results.Status
				asked  bool
			}{{results.Failed, failed}, {results.Timeout, timeout}, {results.Diverged, diverged}} {
				if s.asked {
					again = append(again, s.status)
				}
			}
			if len(again) == 0 {
				again = []results.Status{results.Failed, results.Timeout}
			}
			return a.train(c.Context(), args[0], o, again)
		},
	}
	c.Flags().BoolVar(&failed, "failed", false, "the cells with an error")
	c.Flags().BoolVar(&timeout, "timeout", false, "the cells that took too long")
	c.Flags().BoolVar(&diverged, "diverged", false, "the cells whose loss or gradient was not finite; their results are replaced")
	a.selectionFlags(c)
	a.jsonFlag(c)
	a.runFlags(c, o)
	return c
}
