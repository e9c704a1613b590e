package reportcmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/report/export"
	"gfnbench/report/number"
	"gfnbench/results"
	"gfnbench/usage"
)

func exportCommand() *cobra.Command {
	s := source{finals: true}
	var f form
	var final bool
	var tensorboard string
	c := &cobra.Command{
		Use:   "export [DIR...]",
		Short: "Write tidy CSV or JSON, or one Parquet file",
		Long: `Write one line for each evaluation of each cell, with all its axes, hyperparameters
and metrics. In CSV a value that does not apply is empty. In a list of JSON objects
it is null, and so is a value that is not finite. All commands can read one Parquet
file like a sweep directory. With --tensorboard, write a folder for TensorBoard, with
one run per cell.`,
		Example: "  report export -o curves.csv\n  report export neurips24 --final > final.csv\n  report export neurips24 -o neurips24.parquet\n  report export --tensorboard logs && tensorboard --logdir logs",
		RunE: func(c *cobra.Command, args []string) error {
			if tensorboard != "" {
				return writeTensorBoard(c, &s, args, tensorboard)
			}
			return s.export(c, args, &f, final)
		},
	}
	s.flags(c)
	f.flags(c, "csv", "csv", "json", "parquet")
	c.Flags().BoolVar(&final, "final", false, "only the last evaluation of each cell")
	c.Flags().StringVar(&tensorboard, "tensorboard", "", "write TensorBoard event files into the folder `LOGDIR`")
	return c
}

// export writes curves in the format asked for.
func (s *source) export(c *cobra.Command, args []string, f *form, final bool) error {
	if err := f.choose(c, s.output); err != nil {
		return err
	}
	switch {
	case f.format == "parquet" && final:
		return usage.Errorf("--final is for csv and json: a Parquet file holds whole runs")
	case f.format == "parquet" && s.toTerminal(c):
		return usage.Errorf("a Parquet file cannot go to the terminal: name a file with -o")
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
}

// writeTensorBoard writes event files into a folder, which it makes, and prints how
// many there are.
func writeTensorBoard(c *cobra.Command, s *source, args []string, folder string) error {
	for _, other := range []string{"output", "format", "json", "final"} {
		if c.Flags().Changed(other) {
			return usage.Errorf("--tensorboard writes whole curves into a folder of its own: leave out --%s", other)
		}
	}
	if results.HasResults(folder) {
		return usage.Errorf("--tensorboard %s has results: name a folder of its own", folder)
	}
	sweep, err := s.loadDirs(c, args)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	n := 0
	err = export.TensorBoard(func(name string, write func(io.Writer) error) error {
		n++
		_, err := writeInside(folder, filepath.FromSlash(name), write)
		return err
	}, sweep)
	if err == nil && !s.quiet {
		fmt.Fprintf(c.ErrOrStderr(), "report: %s in %s\n", number.Count(n, "run"), folder)
	}
	return err
}

// toTerminal reports whether the output goes to a terminal.
func (s *source) toTerminal(c *cobra.Command) bool {
	f, ok := c.OutOrStdout().(interface{ Fd() uintptr })
	return s.toStdout() && ok && term.IsTerminal(int(f.Fd()))
}
