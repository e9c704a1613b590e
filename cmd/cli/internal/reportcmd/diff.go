package reportcmd

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/diff"
	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

// exitContradicted is also the code of a regression.
const exitContradicted = 5

// diffFlags are the flags of report diff.
type diffFlags struct {
	source
	form
	options diff.Options
	metric  string
	fail    bool // exit with exitContradicted if something got worse
}

func diffCommand() *cobra.Command {
	var t diffFlags
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two sweeps: two revisions, two machines or two settings",
		Long: `Compare sweep B with sweep A, setting by setting: what is identical, what differs
significantly, what is missing on either side, and what cannot be compared
because the revision of an algorithm differs. A column with one value throughout
A and another throughout B counts as what was changed.

As svg, png or pdf, draw the changes with their intervals below each other.
CSV and JSON list all settings with their verdicts: identical, better, worse,
different, chance or untested if they were compared, else revised, only-a or only-b.

With --fail-on-regression the exit code is 5 if a setting is significantly worse in
B, or if a run that is done in A is not done in B.`,
		Example: "  report diff runs/before runs/after\n  report diff before after -m l1 --fail-on-regression\n  report diff before after --json",
		RunE:    func(c *cobra.Command, args []string) error { return t.run(c, args) },
	}
	t.source.flags(c)
	t.form.flags(c, "markdown", append(withJSON(sheet.Formats), figure.Formats...)...)
	f := c.Flags()
	f.StringVarP(&t.metric, "metric", "m", "", "`METRIC` to compare (default l1 or the closest metric that applies)")
	f.StringVar(&t.options.Stat, "stat", "final", "`STATISTIC` of the metric's curve: final, best or auc")
	f.BoolVar(&t.options.Revisions, "revisions", false, "also compare settings whose algorithms have different revisions")
	f.BoolVar(&t.fail, "fail-on-regression", false, "exit with code 5 if something got worse")
	return c
}

func (t *diffFlags) run(c *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usage.Errorf("report diff needs two results directories, not %d: usage: %s", len(args), c.UseLine())
	}
	if err := t.choose(c, t.output); err != nil {
		return err
	}
	if t.metric != "" {
		if _, err := report.LookupMetric(t.metric); err != nil {
			return err
		}
		t.options.Metric = suites.Metric{Default: t.metric}
	}
	if err := diff.CheckStat(t.options.Stat); err != nil {
		return err
	}
	sweeps, err := t.readBoth(c, args)
	if err != nil {
		return err
	}
	d, err := diff.Compare(sweeps[0], sweeps[1], t.options)
	if err != nil {
		return err
	}
	if err := t.write(c, func(w io.Writer) error { return t.writeDiff(w, c, d) }); err != nil {
		return err
	}
	if t.fail && d.Regressed() {
		return outcome(exitContradicted)
	}
	return nil
}

// writeDiff writes the comparison as a table, or draws it.
func (t *diffFlags) writeDiff(w io.Writer, c *cobra.Command, d *diff.Diff) error {
	if !slices.Contains(figure.Formats, t.format) {
		return d.Write(w, t.reportForm(c, t.format))
	}
	f, err := figure.OfDiff(d)
	if err != nil {
		return err
	}
	return figure.Write(w, f, t.format, figure.NeurIPS)
}

// readBoth reads the sweeps of two arguments, after checking that the output
// lies in neither.
func (t *diffFlags) readBoth(c *cobra.Command, args []string) (sweeps []*report.Sweep, err error) {
	var dirs []string
	for _, arg := range args {
		dir, err := place.Results(arg)
		if err == nil && dir == "" {
			err = place.NoSuchDir(arg)
		}
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	if err := t.checkOutput(dirs); err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		sweep, err := t.read(c, []string{dir})
		if err != nil {
			return nil, err
		}
		sweeps = append(sweeps, sweep)
	}
	return sweeps, nil
}
