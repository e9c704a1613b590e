package sweepcmd

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/suites"
	"gfnbench/usage"
)

func (a *app) showCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "show SUITE|DIR",
		Short:   "Print the text of a suite",
		Long:    "Print the text of a suite: a shipped one, a file, or the suite of a results directory.",
		Example: "  sweep show quickstart\n  sweep show neurips24 > paper.toml",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE: func(_ *cobra.Command, args []string) error {
			text, set, err := suites.ReadText(place.Suite(args[0]))
			if errors.Is(err, fs.ErrNotExist) {
				return place.NoSuchSuite(args[0])
			}
			if err != nil {
				return err
			}
			if len(set) > 0 {
				words := make([]string, len(set))
				for i, s := range set {
					words[i] = "--set " + usage.Quote(s)
				}
				a.note("run with %s", strings.Join(words, " "))
			}
			_, err = a.stdout.Write(text)
			return err
		},
	}
	command.QuietFlag(c, &a.quiet)
	return c
}
