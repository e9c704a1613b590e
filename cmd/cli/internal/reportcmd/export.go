package reportcmd

import (
	"io"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/report/export"
	"gfnbench/usage"
)

func exportCommand() *cobra.Command {
	var s source
	var f form
	var final bool
	c := &cobra.Command{
		Use:   "export [DIR...]",
		Short: "Write tidy CSV or JSON, or one Parquet file",
		Long: `Write one line for each evaluation of each cell, with all its axes,
hyperparameters and metrics, as CSV, where a value that does not apply is empty;
as a list of JSON objects, where it is null, and so is what is not finite; or as
one Parquet file, which all commands read like a sweep directory.`,
		Example: "  report export -o curves.csv\n  report export neurips24 --final > final.csv\n  report export neurips24 -o neurips24.parquet",
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.choose(c, s.output); err != nil {
				return err
			}
			switch {
			case f.format == "parquet" && final:
				return usage.Errorf("--final is for csv and json: a Parquet file holds whole runs")
			case f.format == "parquet" && s.toTerminal(c):
				return usage.Errorf("a Parquet file is not for the terminal: name a file with -o")
			}
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			return s.write(c, func(w io.Writer) error {
				switch f.format {
				case "parquet":
					return export.Parquet(w, sweep)
				case "json":
					return export.JSON(w, sweep, final)
				}
				return export.CSV(w, sweep, final)
			})
		},
	}
	s.flags(c)
	f.flags(c, "csv", "csv", "json", "parquet")
	c.Flags().BoolVar(&final, "final", false, "only the last evaluation of each cell")
	return c
}

// toTerminal reports whether the output goes to a terminal.
func (s *source) toTerminal(c *cobra.Command) bool {
	f, ok := c.OutOrStdout().(interface{ Fd() uintptr })
	return s.toStdout() && ok && term.IsTerminal(int(f.Fd()))
}
