package reportcmd

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/report/tune"
)

func tuneCommand() *cobra.Command {
	var s source
	var f form
	c := &cobra.Command{
		Use:   "tune [DIR...]",
		Short: "Show how settings were chosen, and what tuning changed",
		Long: `Show, for a suite with [tune], the chosen setting of each arm with its scores on the
tuning seeds and on those of the test, tuned against default, the expected best after
k settings, and which hyperparameters matter. CSV and JSON have a line for each setting;
SVG, PNG and PDF draw the score against each hyperparameter.`,
		Example: "  report tune tuned\n  report tune my -f environment=sets --format csv -o settings.csv",
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.choose(c, s.output); err != nil {
				return err
			}
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			arms, err := tune.Make(sweep)
			if err != nil {
				return err
			}
			if slices.Contains(figure.Formats, f.format) {
				fig := figure.Sensitivity(sweep, arms)
				return s.write(c, func(w io.Writer) error { return figure.Write(w, fig, f.format, figure.NeurIPS) })
			}
			return s.write(c, func(w io.Writer) error { return tune.Write(w, s.reportForm(c, f.format), sweep, arms) })
		},
	}
	s.flags(c)
	f.flags(c, "markdown", append(withJSON(sheet.Formats), figure.Formats...)...)
	return c
}
