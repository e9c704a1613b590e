package command

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand(program string) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages into a directory",
		Long:    "Write the manual pages of all commands into a directory, for man.",
		Example: fmt.Sprintf("  %[1]s man ~/.local/share/man/man1\n  man -M ~/.local/share/man %[1]s", program),
		Args:    Exactly(1),

		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(c *cobra.Command, args []string) error { return writePages(args[0], c.Root()) },
	}
}

// writePages writes the manual pages of a program, which are the same on every
// machine.
func writePages(dir string, root *cobra.Command) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	date, err := time.Parse(time.DateOnly, Released)
	if err != nil {
		return err
	}
	root.DisableAutoGenTag = true
	for _, c := range root.Commands() {
		if jobs := c.Flags().Lookup("jobs"); jobs != nil {
			jobs.DefValue = "number of cores"
		}
	}
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "gfnbench " + Version, Manual: "gfnbench", Date: &date}, dir)
}
