package reportcmd

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

func reconstructCommand() *cobra.Command {
	var s source
	var f form
	c := &cobra.Command{
		Use:   "reconstruct [DIR...] [TABLE...]",
		Short: "Compare a printed table with ours, cell by cell",
		Long: `Compare every cell of the suite's tables that has a printed value, or of those
named, with the results: the paper's value, ours exactly, ours as the paper probably
measured it, how many of the paper's standard deviations lie between, and which choice
brought ours there. The suite declares these as [table.paper] and [table.reference].
CSV and JSON have a line for each cell.`,
		Example: "  report reconstruct as-printed\n  report reconstruct neurips24 table1 --format latex",
		RunE:    func(c *cobra.Command, args []string) error { return s.reconstruct(c, args, &f) },
	}
	s.flags(c)
	f.flags(c, "markdown", withJSON(sheet.Formats)...)
	return c
}

// reconstruct prints the tables that have printed values.
func (s *source) reconstruct(c *cobra.Command, args []string, f *form) error {
	if err := f.choose(c, s.output); err != nil {
		return err
	}
	sweep, names, err := s.load(c, args)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !slices.Contains(sweep.TableNames(), name) {
			return place.NoSuchName(name, "table", sweep.TableNames())
		}
	}
	tables, err := sweep.Tables(names...)
	if err != nil {
		return err
	}
	tables = slices.DeleteFunc(slices.Clone(tables), func(t *suites.Table) bool { return len(t.Paper) == 0 })
	if len(tables) == 0 {
		return usage.Errorf("no table of the suite has printed values: declare them as [table.paper]")
	}
	var reconstructed []sheet.Reconstructed
	for _, spec := range tables {
		list, err := sweep.Reconstruct(spec)
		if err != nil {
			return fmt.Errorf("table %s: %w", spec.Name, err)
		}
		reconstructed = append(reconstructed, sheet.Reconstructed{Spec: spec, Cells: list})
	}
	s.announce(c)
	return s.write(c, func(w io.Writer) error {
		return sheet.WriteReconstructions(w, s.reportForm(c, f.format), sweep, reconstructed)
	})
}
