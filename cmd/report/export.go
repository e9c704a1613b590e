package main

import (
	"io"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/cmd/internal/command"
	"gfnbench/suites"
)

func exportCommand() *cobra.Command {
	var s source
	var format string
	var final bool
	c := &cobra.Command{
		Use:   "export [DIR...]",
		Short: "Write tidy CSV, or one Parquet file",
		Long: `Write one line for each evaluation of each cell, with all its axes,
hyperparameters and metrics, as CSV; or the same as one Parquet file, which all
commands read like a sweep directory.`,
		Example: "  report export -o curves.csv\n  report export neurips24 --final > final.csv\n  report export neurips24 --format parquet -o neurips24.parquet",
		RunE: func(c *cobra.Command, args []string) error {
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			switch {
			case format == "csv":
				return s.write(c, func(w io.Writer) error { return sweep.ExportCSV(w, final) })
			case format != "parquet":
				return command.Usagef("there is no format %q%s: csv or parquet", format, suites.DidYouMean(format, []string{"csv", "parquet"}))
			case final:
				return command.Usagef("--final is for csv: a Parquet file holds whole runs")
			case s.toTerminal(c):
				return command.Usagef("a Parquet file is not for the terminal: name a file with -o")
			}
			return s.write(c, sweep.ExportParquet)
		},
	}
	s.flags(c)
	c.Flags().StringVar(&format, "format", "csv", "`FORMAT`: csv or parquet")
	c.Flags().BoolVar(&final, "final", false, "only the last evaluation of each cell")
	return c
}

// toTerminal reports whether the output goes to a terminal.
func (s *source) toTerminal(c *cobra.Command) bool {
	f, ok := c.OutOrStdout().(interface{ Fd() uintptr })
	return s.output == "" && ok && term.IsTerminal(int(f.Fd()))
}
