package sweepcmd

import (
	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/suites"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of suite files, for editors",
		Example: "  sweep schema > suite.schema.json",
		Args:    command.Exactly(0),
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(suites.Schema())
			return err
		},
	}
}
