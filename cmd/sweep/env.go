package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gfnbench/cmd/internal/command"
	"gfnbench/sweep"
)

func (a *app) envCommand() *cobra.Command {
	var anonymous bool
	c := &cobra.Command{
		Use:     "env",
		Short:   "Print what results record of the program and the machine",
		Example: "  sweep env\n  sweep env --anonymous --json",
		Args:    command.Exactly(0),
		RunE: func(*cobra.Command, []string) error {
			p := sweep.Environment(anonymous)
			if a.asJSON {
				m := map[string]string{}
				for _, kv := range p {
					m[kv.Key] = kv.Value
				}
				return command.JSON(a.stdout, m)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, kv := range p {
				fmt.Fprintf(w, "%s\t%s\n", kv.Key, kv.Value)
			}
			return w.Flush()
		},
	}
	command.JSONFlag(c, &a.asJSON)
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave out host and user")
	return c
}
