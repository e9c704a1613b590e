package reportcmd

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

// tableFlags are the flags of report table that make or change a table.
type tableFlags struct {
	source
	form
	rows, columns []string
	metric        string
	stat          string
	threshold     float64
	summary       string
	over          string
	base          string
	kind          string
	tasks         []string
	normalise     string
	intervals     bool
}

func tableCommand() *cobra.Command {
	var t tableFlags
	c := &cobra.Command{
		Use:   "table [DIR...] [TABLE...]",
		Short: "Print tables of the suite, or one of your own",
		Long: `Print the tables that the suite declares, or only those named. With -r, -c or -m,
print one table with these rows, columns and metric instead. With --kind aggregate, ranks or
improvement, compare the rows over several tasks. DIR is a sweep directory
or its name under runs/; the default is the one whose results changed last.`,
		Example: "  report table\n  report table neurips24 table1 --format latex\n  report table quickstart -r objective -c environment -m tv --base \"\"\n  report table quickstart --kind ranks --normalise base --base tb/none",
		RunE:    func(c *cobra.Command, args []string) error { return t.run(c, args) },
	}
	t.source.flags(c)
	t.form.flags(c, "markdown", withJSON(sheet.Formats)...)
	f := c.Flags()
	f.StringSliceVarP(&t.rows, "rows", "r", nil, "`COLUMN,...` that make up the rows (default the table's, else environment)")
	f.StringSliceVarP(&t.columns, "columns", "c", nil, "`COLUMN,...` that make up the columns (default the table's, else all that varies)")
	f.StringVarP(&t.metric, "metric", "m", "", "`METRIC` to show (default the table's, else l1 or the closest metric that applies)")
	f.StringVar(&t.stat, "stat", "", "`STATISTIC` of its curve: final, best, auc, steps-to, trajectories-to or seconds-to")
	f.Float64Var(&t.threshold, "threshold", 0, "`VALUE` to reach, for steps-to and the like")
	f.StringVar(&t.summary, "summary", "", "`SUMMARY` over seeds: mean, iqm or median")
	f.StringVar(&t.over, "over", "", "count each `UNIT` once: seeds, or instances of the task (default the table's, else instances if they vary)")
	f.StringVar(&t.base, "base", "", "compare with this `COLUMN`, or row; empty for none")
	f.StringVar(&t.kind, "kind", "", "`KIND`: values, aggregate, ranks, improvement")
	f.StringSliceVar(&t.tasks, "tasks", nil, "`COLUMN,...` of tasks (default environment)")
	f.StringVar(&t.normalise, "normalise", "", "scores over tasks by `WAY`: range, base or none")
	f.BoolVar(&t.intervals, "intervals", false, "show 95% intervals over seeds instead of standard deviations")
	return c
}

func (t *tableFlags) run(c *cobra.Command, args []string) error {
	if err := t.choose(c, t.output); err != nil {
		return err
	}
	sweep, names, err := t.load(c, args)
	if err != nil {
		return err
	}
	specs, err := t.specs(c, sweep, names)
	if err != nil {
		return err
	}
	t.announce(c)
	var tables []*report.Table
	for _, spec := range specs {
		table, err := sweep.Table(spec)
		if errors.Is(err, usage.ErrNoMatch) && len(specs) > 1 {
			continue // a filter may leave nothing of one of several tables
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", spec.Name, err)
		}
		table.Intervals = t.intervals
		tables = append(tables, table)
	}
	if len(tables) == 0 {
		return fmt.Errorf("%w in any table", usage.ErrNoMatch)
	}
	return t.write(c, func(w io.Writer) error { return sheet.WriteTables(w, t.reportForm(c, t.format), sweep, tables) })
}

// specs returns the requested tables.
func (t *tableFlags) specs(c *cobra.Command, sweep *report.Sweep, names []string) ([]*suites.Table, error) {
	for _, name := range names {
		if !slices.Contains(sweep.TableNames(), name) {
			return nil, place.NoSuchName(name, "table", sweep.TableNames())
		}
	}
	own := t.rows != nil || t.columns != nil || t.metric != "" || t.kind != "" || t.tasks != nil
	var specs []*suites.Table
	if own && len(names) == 0 {
		spec := sweep.DefaultTable(t.rows, t.columns)
		specs = []*suites.Table{spec}
	} else {
		declared, err := sweep.Tables(names...)
		if err != nil {
			return nil, err
		}
		specs = declared
	}
	for i, declared := range specs {
		spec := *declared
		specs[i] = &spec
		if err := t.change(c, &spec); err != nil {
			return nil, err
		}
	}
	return specs, nil
}

// change applies the flags to a table.
func (t *tableFlags) change(c *cobra.Command, spec *suites.Table) error {
	if err := t.changeKind(spec); err != nil {
		return err
	}
	if t.rows != nil {
		spec.Rows = t.rows
	}
	if t.columns != nil {
		if spec.Condensed() {
			return usage.Errorf("a table of kind %s has no columns of its own: its rows are compared over --tasks", spec.Kind)
		}
		spec.Columns = t.columns
	}
	if t.metric != "" {
		if _, err := report.LookupMetric(t.metric); err != nil {
			return err
		}
		spec.Metric = suites.Metric{Default: t.metric}
	}
	if t.stat != "" {
		spec.Stat, spec.Threshold = t.stat, nil
	}
	if c.Flags().Changed("threshold") {
		spec.Threshold = &t.threshold
	}
	if c.Flags().Changed("base") {
		spec.Base = t.base
	} else if t.rows != nil || t.columns != nil {
		spec.Base = "" // the columns may be different
	}
	if t.over != "" {
		spec.Over = t.over
	}
	if t.summary != "" {
		spec.Summary = t.summary
	}
	return report.CheckTable(spec)
}

// changeKind applies the flags of tables over tasks.
func (t *tableFlags) changeKind(spec *suites.Table) error {
	if t.tasks != nil {
		spec.Tasks = t.tasks
	}
	if t.normalise != "" {
		spec.Normalise = t.normalise
	}
	switch {
	case t.kind != "" && t.kind != spec.Kind:
		report.Condense(spec, t.kind)
	case !spec.Condensed() && (t.tasks != nil || t.normalise != ""):
		return usage.Errorf("--tasks and --normalise are for tables over tasks: give --kind aggregate, ranks or improvement")
	}
	if t.rows != nil && spec.Condensed() {
		spec.Rows = t.rows
	}
	return nil
}
