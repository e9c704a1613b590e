// Package command holds what the command lines of sweep and report share: their
// responses to mistyped words, their help, version and manual pages, common
// flags, and completion.
package command

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Prepare gives the root of a command line, once all subcommands are added, the
// behaviour of both programs. suite is for completion.
func Prepare(root *cobra.Command, suite SuiteOf) {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.Version = version()
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	for _, c := range append(root.Commands(), root) {
		if c.HasSubCommands() {
			c.Args = unknownCommand
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
	root.SetFlagErrorFunc(flagError)
	setHelp(root)
	root.AddCommand(completionCommand(root), manCommand(root.Name()), versionCommand(root.Name()))
	completeFlags(root, suite)
}

// JSON prints a value as indented JSON.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Plural returns a number of things: "1 cell", "2 cells".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
