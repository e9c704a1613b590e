// Package command is what the command lines of sweep and report have in common:
// what they say to a mistyped word, their help, version and manual pages, the
// flags that both have, and the completion of words.
package command

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/sweep"
)

// Version is the release that the code belongs to, as in CITATION.cff.
const Version = "0.1.0"

// revisionLength is how much of a commit's name identifies it.
const revisionLength = 12

// Prepare gives the root of a command line, whose subcommands are all there, the
// manners of both programs. The suite of a command line is for completion.
func Prepare(root *cobra.Command, suite SuiteOf) {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.Version = fmt.Sprintf("%s, revision %s, %s %s/%s", Version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Args = unknownCommand
	root.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(func(c *cobra.Command) error { return printUsage(c.OutOrStderr(), c) })
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { printHelp(c.OutOrStdout(), c) })
	root.SetHelpCommand(helpCommand())
	root.AddCommand(manCommand(root.Name()))
	root.InitDefaultCompletionCmd("") // any argument: the command is added at once
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			shorten(c)
		}
	}
	completeFlags(root, suite)
}

// revision is that of results, a commit's name cut short.
func revision() string {
	commit, _, dirty := strings.Cut(sweep.Environment(true).Get("revision"), "-dirty")
	if len(commit) == 40 { // a hash of git; else a version of a module
		commit = commit[:revisionLength]
	}
	if dirty {
		return commit + "-dirty"
	}
	return commit
}

// JSON prints a value as indented JSON.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Plural is a number of things: "1 cell", "2 cells".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
