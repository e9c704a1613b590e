package command

import "github.com/spf13/cobra"

// FilterFlag adds -f, which chooses cells.
func FilterFlag(c *cobra.Command, filter *[]string) {
	c.Flags().StringArrayVarP(filter, "filter", "f", nil, "only cells that match `key=value,...`; may be repeated, and all must match")
}

// JSONFlag adds --json.
func JSONFlag(c *cobra.Command, asJSON *bool) {
	c.Flags().BoolVar(asJSON, "json", false, "print JSON")
}

// QuietFlag adds -q.
func QuietFlag(c *cobra.Command, quiet *bool) {
	c.Flags().BoolVarP(quiet, "quiet", "q", false, "print errors only")
}
