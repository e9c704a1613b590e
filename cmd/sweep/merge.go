package main

import (
	"github.com/spf13/cobra"

	"gfnbench/sweep"
)

func (a *app) mergeCommand() *cobra.Command {
	var force, anonymous bool
	c := &cobra.Command{
		Use:   "merge DIR... -o DIR",
		Short: "Join the directories of one suite, such as its shards",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s needs directories: usage: %s", c.CommandPath(), c.UseLine())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if a.output == "" {
				return usagef("merge needs -o DIR, where the results go")
			}
			s, err := sweep.Merge(args, a.output, force, sweep.Options{Anonymous: anonymous, Command: a.commandLine()})
			return a.finish(s, err)
		},
	}
	a.outputFlag(c)
	a.jsonFlag(c)
	c.Flags().BoolVar(&force, "force", false, "merge different suites, revisions or results all the same; the first result of a cell stands")
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the results")
	return c
}
