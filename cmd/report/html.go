package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"gfnbench/report"
	"gfnbench/report/page"
)

func htmlCommand() *cobra.Command {
	var s source
	var o report.PageOptions
	c := &cobra.Command{
		Use:   "html [DIR...]",
		Short: "Write the whole report as one web page",
		Long: `Write the whole report as one HTML file that needs nothing else and connects to
nothing: tables that sort and filter, figures that show their values and switch
lines on and off, claims with their evidence, failures, every cell, the settings
and the suite. By default it is report.html in the folder of the results, and
its path is printed; -o - writes to standard output.`,
		Example: "  report html\n  report html neurips24 -o report.html",
		RunE: func(c *cobra.Command, args []string) error {
			sweep, names, err := s.load(c, args)
			if err != nil {
				return err
			}
			if len(names) > 0 {
				return report.NoSuchDir(names[0])
			}
			if !s.quiet {
				o.Progress = func(text string) { fmt.Fprintln(c.ErrOrStderr(), "report:", text) }
			}
			p, err := sweep.Page(o)
			if err != nil {
				return err
			}
			toFile := s.output != "-"
			if s.output == "" {
				s.output = filepath.Join(resultsFolder(sweep.Dirs[0]), "report.html")
			}
			if err := s.write(c, func(w io.Writer) error { return page.Write(w, p) }); err != nil {
				return err
			}
			if toFile {
				fmt.Fprintln(c.OutOrStdout(), s.output)
			}
			return nil
		},
	}
	s.flags(c)
	c.Flags().Lookup("output").Usage = "write to `FILE`, - for standard output"
	c.Flags().BoolVar(&o.Densities, "densities", false, "draw the figures of densities too, for which runs are trained again")
	return c
}
