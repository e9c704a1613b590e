package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/report"
)

func methodsCommand() *cobra.Command {
	var s source
	var format string
	c := &cobra.Command{
		Use:   "methods [DIR...]",
		Short: "Write the paragraphs and tables of settings that a paper needs",
		Long: `Write what a paper must say of its experiments, from the results themselves:
what was run with how many seeds, what error bars and tests are, what it cost
and where, versions, all hyperparameters, and BibTeX entries.`,
		Example: "  report methods\n  report methods neurips24 --format latex -o methods.tex",
		RunE: func(c *cobra.Command, args []string) error {
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			return s.write(c, func(w io.Writer) error { return sweep.WriteMethods(w, format) })
		},
	}
	s.flags(c)
	c.Flags().StringVar(&format, "format", "markdown", "`FORMAT`: one of "+strings.Join(report.MethodsFormats, ", "))
	return c
}
