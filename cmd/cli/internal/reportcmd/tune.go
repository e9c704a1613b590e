package reportcmd

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/report/tune"
	"gfnbench/usage"
)

// pictureNames are the names of the pictures of a tuned sweep; the first is the default.
var pictureNames = []string{"sensitivity", "planes", "trials"}

var pictures = map[string]func(*report.Sweep, []*tune.Arm) (*figure.Figure, error){
	"sensitivity": func(s *report.Sweep, arms []*tune.Arm) (*figure.Figure, error) {
		return figure.Sensitivity(s, arms), nil
	},
	"planes": figure.Planes,
	"trials": func(s *report.Sweep, arms []*tune.Arm) (*figure.Figure, error) { return figure.Trials(s, arms), nil },
}

func tuneCommand() *cobra.Command {
	var s source
	var f form
	var picture string
	c := &cobra.Command{
		Use:   "tune [DIR...]",
		Short: "Show how settings were chosen, and what tuning changed",
		Long: `Show, for a suite with [tune], the chosen setting of each arm with its scores on the
tuning seeds and on those of the test, tuned against default, the expected best after
k settings, and which hyperparameters matter. CSV and JSON have a line for each setting.
SVG, PNG and PDF draw one of: the score against each hyperparameter (sensitivity, the
default), over two of them (planes), or the expected best against k (trials).`,
		Example: "  report tune tuned\n  report tune my -f environment=sets --format csv -o settings.csv\n  report tune my --figure planes -o planes.pdf",
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.choose(c, s.output); err != nil {
				return err
			}
			sweep, err := s.loadDirs(c, args)
			if err != nil {
				return err
			}
			if pictures[picture] == nil {
				return usage.Errorf("--figure %s: expected one of %s%s", picture, strings.Join(pictureNames, ", "), usage.DidYouMean(picture, pictureNames))
			}
			arms, err := tune.Make(sweep)
			if err != nil {
				return err
			}
			if slices.Contains(figure.Formats, f.format) {
				fig, err := pictures[picture](sweep, arms)
				if err != nil {
					return err
				}
				return s.write(c, func(w io.Writer) error { return figure.Write(w, fig, f.format, figure.NeurIPS) })
			}
			return s.write(c, func(w io.Writer) error { return tune.Write(w, s.reportForm(c, f.format), sweep, arms) })
		},
	}
	c.Flags().StringVar(&picture, "figure", pictureNames[0], "draw `NAME`: sensitivity, planes or trials")
	_ = c.RegisterFlagCompletionFunc("figure", command.Words(pictureNames...)) // the flag exists
	s.flags(c)
	f.flags(c, "markdown", append(withJSON(sheet.Formats), figure.Formats...)...)
	return c
}
