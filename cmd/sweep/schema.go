package main

import (
	"github.com/spf13/cobra"

	"gfnbench/suites"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of suite files, for editors",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(suites.Schema())
			return err
		},
	}
}
