package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gfnbench/suites"
)

func (a *app) checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "check SUITE",
		Short: "Check a suite and report every problem at once",
		Args:  exactly(1),

		ValidArgsFunction: completeSuite,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.load(args[0])
			if a.asJSON {
				return a.checkJSON(err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s: ok, %s in %s\n", args[0], plural(len(p.Suite.Cells), "cell"), plural(len(p.Suite.Environments), "environment"))
			return nil
		},
	}
	c.Flags().StringArrayVar(&a.set, "set", nil, "`key=value` in TOML, before everything in the suite; may be repeated")
	a.jsonFlag(c)
	return c
}

// checkJSON prints the list of problems, which is empty for a valid suite.
func (a *app) checkJSON(err error) error {
	problems, ok := errors.AsType[suites.Problems](err)
	if err != nil && !ok {
		return err
	}
	if problems == nil {
		problems = suites.Problems{}
	}
	if jsonErr := writeJSON(a.stdout, problems); jsonErr != nil {
		return jsonErr
	}
	return err
}

// writeJSON prints a value as indented JSON.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
