package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gfnbench/sweep"
)

func (a *app) envCommand() *cobra.Command {
	var anonymous bool
	c := &cobra.Command{
		Use:   "env",
		Short: "Print what results record of the program and the machine",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			p := sweep.Environment(anonymous)
			if a.asJSON {
				m := map[string]string{}
				for _, kv := range p {
					m[kv.Key] = kv.Value
				}
				return writeJSON(a.stdout, m)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, kv := range p {
				fmt.Fprintf(w, "%s\t%s\n", kv.Key, kv.Value)
			}
			return w.Flush()
		},
	}
	a.jsonFlag(c)
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave out host and user")
	return c
}
