package command

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Help is never wider than that, and as wide where no terminal says otherwise.
const widest, narrowest = 100, 40

// width is that of the terminal, or of COLUMNS.
func width(w io.Writer) int {
	columns, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if f, ok := w.(interface{ Fd() uintptr }); ok && err != nil {
		columns, _, err = term.GetSize(int(f.Fd()))
	}
	if err != nil {
		return widest
	}
	return min(max(columns, narrowest), widest)
}

// printHelp prints what a command does and how it is used.
func printHelp(w io.Writer, c *cobra.Command) {
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if !strings.HasPrefix(paragraph, "    ") { // else lines as they are
			paragraph = wrap(paragraph, width(w), "")
		}
		fmt.Fprintf(w, "%s\n\n", paragraph)
	}
	_ = printUsage(w, c) // there is nobody to tell
}

// printUsage prints how a command is used.
func printUsage(w io.Writer, c *cobra.Command) error {
	var b strings.Builder
	columns := width(w)
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "Usage: %s COMMAND [flags]\n", c.CommandPath())
	} else {
		fmt.Fprintf(&b, "Usage: %s\n", c.UseLine())
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", c.Example)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprint(&b, "\nCommands:\n")
		listCommands(&b, c, columns)
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprint(&b, "\nFlags:\n")
		listFlags(&b, c.LocalFlags(), columns)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s COMMAND --help says more of a command.\n", c.CommandPath())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func listCommands(b *strings.Builder, c *cobra.Command, columns int) {
	widest := 0
	for _, name := range subcommands(c) {
		widest = max(widest, len(name))
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			indent := strings.Repeat(" ", widest+4)
			text := wrap(sub.Short, columns, indent)
			fmt.Fprintf(b, "  %-*s  %s\n", widest, sub.Name(), strings.TrimPrefix(text, indent))
		}
	}
}

// wrap fills lines of at most that many columns with the words of a text.
func wrap(text string, columns int, indent string) string {
	var b strings.Builder
	at := columns // the first word starts a line
	for i, word := range strings.Fields(text) {
		switch n := len([]rune(word)); {
		case i > 0 && at+1+n <= columns:
			b.WriteString(" " + word)
			at += 1 + n
		default:
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(indent + word)
			at = len(indent) + n
		}
	}
	return b.String()
}

// helpCommand is cobra's, which says what it does not know.
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
