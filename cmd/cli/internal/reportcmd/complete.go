package reportcmd

import (
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/suites"
)

// complete adds completion for the arguments of the subcommands and for the
// flags that only report has, except --format.
func complete(root *cobra.Command) {
	named := map[string]func(*suites.Suite) []string{"table": tableNames, "figure": figureNames, "claims": claimNames}
	flags := map[string][]string{
		"stat":    {"final", "best", "auc", "steps-to", "trajectories-to", "seconds-to"},
		"summary": {"mean", "iqm", "median"}, "x": suites.Courses,
	}
	for _, c := range root.Commands() {
		c.ValidArgsFunction = arguments(named[c.Name()])
		for name, words := range flags {
			if c.Flags().Lookup(name) != nil {
				_ = c.RegisterFlagCompletionFunc(name, command.Words(words...)) // the flag is there
			}
		}
	}
}

// arguments completes results directories and what their suite names.
func arguments(named func(*suites.Suite) []string) command.Completion {
	return func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		words := place.Names()
		if s := suiteOf(args); s != nil && named != nil {
			words = append(words, named(s)...)
		}
		words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(args, w) })
		words, _ = command.Words(words...)(c, args, word)
		return words, cobra.ShellCompDirectiveDefault
	}
}

// suiteOf returns the suite of the first directory among the arguments, or else of
// the newest directory, or nil if there is none.
func suiteOf(args []string) *suites.Suite {
	for _, arg := range args {
		if dir, err := place.Results(arg); err == nil && dir != "" {
			return command.ReadSuite([]string{dir})
		}
	}
	newest, err := place.Newest(true)
	if err != nil {
		return nil
	}
	return command.ReadSuite([]string{newest})
}

func tableNames(s *suites.Suite) (names []string) {
	for _, t := range s.Tables {
		names = append(names, t.Name)
	}
	return names
}

func figureNames(s *suites.Suite) (names []string) {
	for _, f := range s.Figures {
		names = append(names, f.Name)
	}
	return names
}

func claimNames(s *suites.Suite) (names []string) {
	for _, c := range s.Claims {
		names = append(names, c.ID)
	}
	return names
}
