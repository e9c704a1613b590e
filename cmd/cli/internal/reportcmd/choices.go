package reportcmd

import (
	"io"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

func choicesCommand() *cobra.Command {
	var s source
	var f form
	var metric string
	c := &cobra.Command{
		Use:   "choices [DIR...]",
		Short: "Say which setting explains how much of the variance of a metric",
		Long: `Divide the variance of a metric at the end of training between the settings that the
suite varies, for each environment and objective: an analysis of variance of a factorial
design. It shows which of many choices matters, and which value of it is best.

For claims with readings, list the combinations in which the means agree with each, in
as few words as say exactly these. CSV and JSON have a line for each share of variance;
report claims writes every test of every combination.`,
		Example: "  report choices silent-choices\n  report choices my -m jsd -f environment=gmm",
		RunE:    func(c *cobra.Command, args []string) error { return s.choices(c, args, &f, metric) },
	}
	s.flags(c)
	f.flags(c, "markdown", withJSON(sheet.Formats)...)
	c.Flags().StringVarP(&metric, "metric", "m", "", "`METRIC` that is analysed (default l1 or the closest metric that applies)")
	return c
}

// choices prints the analysis of variance of a metric, by default the primary one.
func (s *source) choices(c *cobra.Command, args []string, f *form, metric string) error {
	if err := f.choose(c, s.output); err != nil {
		return err
	}
	sweep, names, err := s.load(c, args)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return place.NoSuchDir(names[0])
	}
	of := sweep.Primary()
	if metric != "" {
		if _, err := report.LookupMetric(metric); err != nil {
			return err
		}
		of = suites.Metric{Default: metric}
	}
	list, err := sweep.Choices(of)
	if err != nil {
		return err
	}
	var more []*sheet.Sheet
	if held, err := claims.Choices(sweep); err != nil {
		return err
	} else if held != nil {
		more = append(more, held)
	}
	s.announce(c)
	return s.write(c, func(w io.Writer) error {
		return sheet.WriteChoices(w, s.reportForm(c, f.format), sweep, of, list, more...)
	})
}
