package sweepcmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

func (a *app) checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "check SUITE",
		Short:   "Check a suite and report every problem at once",
		Example: "  sweep check my.toml\n  sweep check neurips24 --set steps=100 --json",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.load(args[0])
			if a.asJSON {
				return a.checkJSON(err)
			}
			if err != nil {
				return err
			}
			for _, w := range p.Suite.Warnings {
				a.note("%v", w)
			}
			fmt.Fprintf(a.stdout, "%s: ok, %s in %s\n", usage.Quote(args[0]), command.Plural(len(p.Suite.Cells), "cell"), command.Plural(len(p.Suite.Environments), "environment"))
			return nil
		},
	}
	c.Flags().StringArrayVar(&a.set, "set", nil, "override the suite with `key=value`, in TOML; may be repeated")
	command.JSONFlag(c, &a.asJSON)
	return c
}

// checkJSON prints the list of problems, which is empty for a valid suite.
func (a *app) checkJSON(err error) error {
	problems, ok := errors.AsType[document.Problems](err)
	if err != nil && !ok {
		return err
	}
	if problems == nil {
		problems = document.Problems{}
	}
	if jsonErr := command.JSON(a.stdout, problems); jsonErr != nil {
		return jsonErr
	}
	return err
}
