package reportcmd

import (
	"io"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/report/methods"
)

func methodsCommand() *cobra.Command {
	var s source
	var f form
	c := &cobra.Command{
		Use:   "methods [DIR...]",
		Short: "Write the paragraphs and tables of settings that a paper needs",
		Long: `Write what a paper must say about its experiments, from the results themselves:
what was run with how many seeds, what the metrics, error bars and tests are, what
it cost and where it ran, versions, all hyperparameters, and BibTeX entries.`,
		Example: "  report methods\n  report methods neurips24 -o methods.tex\n  report methods --json",
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.choose(c, s.output); err != nil {
				return err
			}
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			release := methods.Release{Version: command.Version, Date: command.Released}
			return s.write(c, func(w io.Writer) error { return methods.Write(w, s.reportForm(c, f.format), sweep, release) })
		},
	}
	s.flags(c)
	f.flags(c, "markdown", withJSON(methods.Formats)...)
	return c
}
