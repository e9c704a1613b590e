package sweepcmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) verifyCommand() *cobra.Command {
	o := &runFlags{}
	var sample int
	var all bool
	c := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Run finished cells again and compare their results bit for bit",
		Long: "Run finished cells again and compare their results bit for bit; writes nothing.\nBy default DIR is the one under runs/ whose results changed last.\n\n" +
			"Exit codes: 0 all the same, 1 an error of the program or the machine, 2 wrong usage or no results, 3 some are different, 4 interrupted, 7 a filter matched nothing, 8 all is well except that results conflict.",
		Example: "  sweep verify quickstart\n  sweep verify runs/my --sample 20\n  sweep verify runs/my --all -f objective=tb",
		Args:    command.AtMost(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case all:
				sample = 0
			case sample < 1:
				return usage.Errorf("--sample %d: expected at least 1", sample)
			}
			return a.verify(c.Context(), args, sample, o)
		},
	}
	c.Flags().IntVar(&sample, "sample", 5, "run `K` finished cells, chosen at random")
	c.Flags().BoolVar(&all, "all", false, "run all finished cells")
	a.selectionFlags(c)
	command.JSONFlag(c, &a.asJSON)
	a.runFlags(c, o)
	return c
}

// verify runs some finished cells again, or all if sample is 0.
func (a *app) verify(ctx context.Context, args []string, sample int, o *runFlags) error {
	p, err := a.planOf(args, true)
	if err != nil {
		return err
	}
	if _, err := a.allow(p); err != nil {
		return err
	}
	options, ctx, stop, err := a.options(ctx, o)
	if err != nil {
		return err
	}
	options.Trust = true
	defer stop()
	a.keepsNothing = true
	v, err := sweep.Verify(ctx, p, sample, options)
	if v == nil {
		return err
	}
	if v.Finished == 0 {
		return usage.Errorf("no cell of %s is finished: there is nothing to verify", usage.QuotePath(p.Dir))
	}
	return a.verified(v, err)
}

// verified prints what Verify found.
func (a *app) verified(v *sweep.Verification, err error) error {
	a.seen.Add(v.Conflicts)
	if a.asJSON {
		if err := command.JSON(a.stdout, v); err != nil {
			return err
		}
	} else {
		for _, m := range v.Mismatches {
			fmt.Fprintf(a.stdout, "%s: %s\n", m.Cell, m.What)
		}
		fmt.Fprintf(a.stdout, "%d of %s run again: %d the same, %d different\n",
			v.Cells, command.Plural(v.Finished, "finished cell"), v.Cells-len(v.Mismatches), len(v.Mismatches))
	}
	switch {
	case err != nil:
		a.sayHowToContinue()
	case len(v.Mismatches) > 0:
		return errFailed
	}
	return err
}
