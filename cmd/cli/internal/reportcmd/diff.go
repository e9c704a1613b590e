package reportcmd

import (
	"io"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/diff"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

// exitContradicted is also the code of a regression.
const exitContradicted = 5

func diffCommand() *cobra.Command {
	var s source
	var o diff.Options
	var form form
	var metric string
	var fail bool
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two sweeps: two revisions, two machines or two settings",
		Long: `Compare sweep B with sweep A, setting by setting: what is identical, what differs
significantly, what is missing on either side, and what cannot be compared
because the revision of an algorithm differs. A column that has one value
throughout A and another throughout B is taken to be what was changed.

CSV and JSON have all settings, each with its verdict: identical, better, worse,
different, chance, untested, or, not compared, revised, only-a, only-b.

Exit code 5 with --fail-on-regression where a setting is significantly worse in
B, or a run that was done in A is not in B.`,
		Example: "  report diff runs/before runs/after\n  report diff before after -m l1 --fail-on-regression\n  report diff before after --json",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage.Errorf("report diff needs two results directories, not %d: usage: %s", len(args), c.UseLine())
			}
			if err := form.choose(c, s.output); err != nil {
				return err
			}
			if metric != "" {
				if _, err := report.LookupMetric(metric); err != nil {
					return err
				}
				o.Metric = suites.Metric{Default: metric}
			}
			if err := diff.CheckStat(o.Stat); err != nil {
				return err
			}
			var dirs []string
			for _, arg := range args {
				dir, err := place.Results(arg)
				if err == nil && dir == "" {
					err = place.NoSuchDir(arg)
				}
				if err != nil {
					return err
				}
				dirs = append(dirs, dir)
			}
			if err := s.checkOutput(dirs); err != nil {
				return err
			}
			var sweeps []*report.Sweep
			for _, dir := range dirs {
				sweep, err := s.read(c, []string{dir})
				if err != nil {
					return err
				}
				sweeps = append(sweeps, sweep)
			}
			d, err := diff.Compare(sweeps[0], sweeps[1], o)
			if err != nil {
				return err
			}
			if err := s.write(c, func(w io.Writer) error { return d.Write(w, s.reportForm(c, form.format)) }); err != nil {
				return err
			}
			if fail && d.Regressed() {
				return outcome(exitContradicted)
			}
			return nil
		},
	}
	s.flags(c)
	form.flags(c, "markdown", withJSON(sheet.Formats)...)
	f := c.Flags()
	f.StringVarP(&metric, "metric", "m", "", "`METRIC` that is compared (default l1 or the closest metric that applies)")
	f.StringVar(&o.Stat, "stat", "final", "`STATISTIC` of the metric's curve: final, best or auc")
	f.BoolVar(&o.Revisions, "revisions", false, "compare settings whose algorithms have different revisions too")
	f.BoolVar(&fail, "fail-on-regression", false, "exit with code 5 where something got worse")
	return c
}
