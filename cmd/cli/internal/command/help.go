package command

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/report/sheet"
)

// setHelp makes cobra's help as wide as the terminal.
func setHelp(root *cobra.Command) {
	width := 0
	cobra.AddTemplateFunc("columns", func() int { return width })
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "FlagUsages ", "FlagUsagesWrapped columns "))
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		width = helpWidth(c.OutOrStdout())
		fmt.Fprintf(c.OutOrStdout(), "%s\n\n%s", fill(cmp.Or(c.Long, c.Short), width), c.UsageString())
	})
	root.SetHelpCommand(helpCommand())
	root.PersistentPreRun = func(c *cobra.Command, _ []string) {
		if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
			unquote(root)
		}
	}
}

// helpWidth returns the width in columns of help that is written to w.
func helpWidth(w io.Writer) int {
	if width := OutputWidth(w); width > 0 {
		return min(max(width, 40), 100)
	}
	return 80
}

// fill fills the paragraphs of a text; indented ones stay as they are.
func fill(text string, columns int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		if !strings.HasPrefix(p, "    ") {
			paragraphs[i] = sheet.Fill(strings.Join(strings.Fields(p), " "), columns, "")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// unquote removes the backquotes from the usages of flags. They mark a flag's
// value in the help, and completion would show them.
func unquote(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") })
	for _, sub := range c.Commands() {
		unquote(sub)
	}
}

// helpCommand replaces cobra's, and names the nearest command for an unknown
// one.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print the help of a command",
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return subcommands(c.Root()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return unknownCommand(found, rest)
			}
			return found.Help()
		},
	}
}
