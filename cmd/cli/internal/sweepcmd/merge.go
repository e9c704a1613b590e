package sweepcmd

import (
	"math"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) mergeCommand() *cobra.Command {
	var force, anonymous bool
	c := &cobra.Command{
		Use:     "merge DIR... -o DIR",
		Short:   "Join the directories of one suite, such as its shards",
		Example: "  sweep merge runs/part1 runs/part2 -o runs/my",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage.Errorf("%s needs directories: usage: %s", c.Name(), c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: command.Dirs(math.MaxInt),
		RunE: func(_ *cobra.Command, args []string) error {
			if a.output == "" {
				return usage.Errorf("merge needs -o DIR, where the results go")
			}
			dirs := make([]string, len(args))
			for i, arg := range args {
				dir, err := place.Sweep(arg)
				if err != nil {
					return err
				}
				dirs[i] = dir
				a.seen.Add(nil, dir)
			}
			a.seen.Add(nil, a.output)
			s, err := sweep.Merge(dirs, a.output, force, sweep.Options{Anonymous: anonymous, Command: a.commandLine()})
			return a.finish(s, err)
		},
	}
	c.Flags().StringVarP(&a.output, "output", "o", "", "write the joined results to `DIR` (required)")
	_ = c.MarkFlagDirname("output") // the flag is there
	command.QuietFlag(c, &a.quiet)
	command.JSONFlag(c, &a.asJSON)
	c.Flags().BoolVar(&force, "force", false, "merge even if suites, revisions or results differ; the first result of a cell stands")
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the results")
	return c
}
