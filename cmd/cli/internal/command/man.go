package command

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writePages(args[0], c.Root())
		},
	}
}

// writePages writes the page of a command and those of its subcommands.
func writePages(dir string, c *cobra.Command) error {
	path := filepath.Join(dir, pageName(c)+".1")
	if err := os.WriteFile(path, []byte(page(c)), 0o644); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			if err := writePages(dir, sub); err != nil {
				return err
			}
		}
	}
	return nil
}

// pageName is "sweep-run" for sweep run.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is the manual page of a command, in the macros of man(7).
func page(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 %s \"gfnbench %s\" \"gfnbench\"\n", strings.ToUpper(roff(pageName(c))), Released, Version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(strings.ToLower(c.Short[:1])+c.Short[1:]))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.nf\n%s\n.fi\n", roff(synopsis(c)))
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	b.WriteString(".SH DESCRIPTION\n")
	for i, paragraph := range strings.Split(text, "\n\n") {
		if strings.HasPrefix(paragraph, exitCodes) {
			continue // it has a section
		}
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, "    ") {
			paragraph = strings.ReplaceAll(strings.TrimPrefix(paragraph, "    "), "\n    ", "\n")
			fmt.Fprintf(&b, ".nf\n.RS\n%s\n.RE\n.fi\n", roff(paragraph))
			continue
		}
		b.WriteString(roff(paragraph) + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString(".SH COMMANDS\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(sub.Name()), roff(sub.Short))
			}
		}
	}
	options(&b, c)
	exitStatus(&b, c)
	b.WriteString(surroundings)
	if c.HasExample() {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(unindent(c.Example)))
	}
	seeAlso(&b, c)
	return b.String()
}

// exitCodes begins the paragraph of a command's help that says them.
const exitCodes = "Exit codes: "

// exitStatus lists the exit codes that the help of the command, or of the
// program, says.
func exitStatus(b *strings.Builder, c *cobra.Command) {
	for ; c != nil; c = c.Parent() {
		for paragraph := range strings.SplitSeq(c.Long, "\n\n") {
			list, ok := strings.CutPrefix(strings.Join(strings.Fields(paragraph), " "), exitCodes)
			if !ok {
				continue
			}
			b.WriteString(".SH \"EXIT STATUS\"\n")
			for _, m := range exitCode.FindAllStringSubmatch(list, -1) {
				fmt.Fprintf(b, ".TP\n.B %s\n%s\n", m[1], roff(m[2]))
			}
			return
		}
	}
}

// exitCode is one of a list, up to the next one.
var exitCode = regexp.MustCompile(`(\d) (\D*[^\d\s,.])`)

// surroundings are what both programs read.
const surroundings = `.SH ENVIRONMENT
.TP
.B COLUMNS
the width of help, and of tables on a terminal
.TP
.B TERM
.B dumb
is a terminal without a progress bar
.TP
.B NO_COLOR
nothing changes: there are no colours
.SH FILES
.TP
.I runs/NAME/
the results of the suite NAME: suite.toml, runs.parquet, curves.parquet, timing.parquet, instances.parquet and what a run needs to resume
.TP
.I NAME.toml
a suite
`

func synopsis(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " COMMAND [flags]"
	}
	return c.UseLine()
}

func options(b *strings.Builder, c *cobra.Command) {
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	b.WriteString(".SH OPTIONS\n")
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		value := ValueName(f)
		given := byDefault(f)
		if f.Name == "jobs" && f.DefValue == strconv.Itoa(runtime.NumCPU()) {
			given = " (default: the number of cores)" // of any machine
		}
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR", roff(name))
		if value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(value))
		}
		fmt.Fprintf(b, "\n%s%s\n", roff(f.Usage), roff(given))
	})
}

func seeAlso(b *strings.Builder, c *cobra.Command) {
	var pages []string
	if c.HasParent() {
		pages = append(pages, pageName(c.Parent()))
	}
	for _, sub := range subcommands(c) {
		pages = append(pages, pageName(c)+"-"+sub)
	}
	b.WriteString(".SH \"SEE ALSO\"\n")
	for i, name := range pages {
		comma := ","
		if i == len(pages)-1 {
			comma = ""
		}
		fmt.Fprintf(b, ".BR %s (1)%s\n", roff(name), comma)
	}
}

func unindent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

// roff escapes what is not plain text in a manual page: backslashes, hyphens
// that are minus signs, and a dot or quote that begins a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
