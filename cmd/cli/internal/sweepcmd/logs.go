package sweepcmd

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) logsCommand() *cobra.Command {
	return a.cellCommand("logs", "Print what happened to a cell: attempts, times, evaluations, error", printLogs)
}

func (a *app) whyCommand() *cobra.Command {
	return a.cellCommand("why", "Print what a cell is, and why it is in its state", printWhy)
}

// cellCommand returns a command about one cell.
func (a *app) cellCommand(name, short string, show func(io.Writer, *sweep.Plan, *sweep.Record) error) *cobra.Command {
	c := &cobra.Command{
		Use:               name + " CELL [DIR]",
		Short:             short,
		Long:              short + ".\nCELL is an id or the beginning of one. By default DIR is the newest one under runs/.",
		Example:           fmt.Sprintf("  sweep %[1]s 6e2cdee3\n  sweep %[1]s 6e2cdee3 quickstart --json", name),
		Args:              aCell,
		ValidArgsFunction: completeCell,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.planOf(args[1:], false)
			if err != nil {
				return err
			}
			r, err := sweep.Inspect(p, args[0])
			if err != nil {
				return place.NoSuchCell(err, "sweep "+name, args[0], p.Dir)
			}
			if a.asJSON {
				return command.JSON(a.stdout, describe(p, r))
			}
			return show(a.stdout, p, r)
		},
	}
	command.JSONFlag(c, &a.asJSON)
	command.QuietFlag(c, &a.quiet)
	return c
}

// A cellRecord is a cell for programs.
type cellRecord struct {
	Cell     string           `json:"cell"`
	State    string           `json:"state"`
	Why      string           `json:"why"`
	Axes     map[string]any   `json:"axes,omitempty"`
	Attempt  int64            `json:"attempt,omitempty"`
	Host     string           `json:"host,omitempty"`
	Start    *time.Time       `json:"start,omitempty"`
	End      *time.Time       `json:"end,omitempty"`
	Seconds  float64          `json:"seconds,omitempty"`
	Step     int64            `json:"step"`
	Message  string           `json:"message,omitempty"`
	Stack    string           `json:"stack,omitempty"`
	Curve    []map[string]any `json:"curve,omitempty"`
	Revision string           `json:"revision,omitempty"`
}

// describe returns what logs and why print, as one value. Numbers that are not
// finite become text, because JSON has none.
func describe(p *sweep.Plan, r *sweep.Record) cellRecord {
	d := cellRecord{Cell: r.ID, State: state(r), Why: r.Why(p.Dir)}
	if r.Cell != nil {
		d.Axes = map[string]any{}
		for _, axis := range r.Cell.Axes() {
			d.Axes[axis.Name] = axis.Value
		}
	}
	if r.Run == nil {
		d.Step, d.Curve = max(0, r.Resumes), curveOf(r.SoFar)
		return d
	}
	t := &r.Run.Timing
	d.Attempt, d.Host, d.Start, d.End, d.Seconds, d.Stack, d.Revision = t.Attempt, t.Host, &t.Start, &t.End, t.Wall, t.Stack, t.Revision
	d.Step, d.Message = r.Run.Step, r.Run.Message
	d.Curve = curveOf(r.Run.Curve)
	return d
}

// curveOf returns evaluations by the names of their metrics.
func curveOf(points []results.Point) (curve []map[string]any) {
	for i := range points {
		row := map[string]any{"step": points[i].Step}
		for _, m := range metric.Evaluated() {
			if x, ok := points[i].Get(m); ok {
				row[m.String()] = x
				if math.IsNaN(x) || math.IsInf(x, 0) {
					row[m.String()] = fmt.Sprint(x)
				}
			}
		}
		curve = append(curve, row)
	}
	return curve
}

func printWhy(out io.Writer, p *sweep.Plan, r *sweep.Record) error {
	w := command.NewTable(out)
	fmt.Fprintf(w, "cell\t%s\n", r.ID)
	fmt.Fprintf(w, "state\t%s\n", state(r))
	fmt.Fprintf(w, "why\t%s\n", r.Why(p.Dir))
	if r.Cell != nil {
		for _, axis := range r.Cell.Axes() {
			if !axis.Value.IsNull() {
				fmt.Fprintf(w, "%s\t%s\n", axis.Name, suites.Format(axis.Value))
			}
		}
		fmt.Fprintf(w, "hashed\t%s\n", r.Cell.Canonical())
	}
	return w.Flush()
}

func state(r *sweep.Record) string {
	switch {
	case r.Holder != nil && !r.Holder.Lost:
		return "running"
	case r.Holder != nil:
		return string(results.Lost)
	case r.Run == nil:
		return "not run"
	}
	return string(r.Run.Status)
}

func printLogs(out io.Writer, p *sweep.Plan, r *sweep.Record) error {
	w := command.NewTable(out)
	fmt.Fprintf(w, "cell\t%s\nstate\t%s\nwhy\t%s\n", r.ID, state(r), r.Why(p.Dir))
	if r.Resumes >= 0 {
		fmt.Fprintf(w, "checkpoint\tat step %d\n", r.Resumes)
	}
	if r.Holder != nil && r.Cell != nil && !r.Holder.Lost {
		if step, ok := r.Holder.Training[r.ID]; ok {
			fmt.Fprintf(w, "step\t%d of %s, at %s\n", step, suites.Format(r.Cell.Value("steps")), r.Holder.Seen.Format(time.DateTime))
		}
	}
	path, tail, err := taskLog(p.Dir, r.ID)
	if err != nil {
		return err
	}
	if path != "" {
		fmt.Fprintf(w, "log\t%s\n", path)
	}
	// Without a run, print what the task printed and the checkpoint's curve.
	if r.Run == nil {
		if err := w.Flush(); err != nil {
			return err
		}
		if _, err := io.WriteString(out, tail); err != nil {
			return err
		}
		return printCurve(out, r.SoFar)
	}
	printAttempt(w, r.Run)
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Run.Timing.Stack != "" {
		fmt.Fprintf(out, "\n%s\n", r.Run.Timing.Stack)
	}
	if len(r.SoFar) > len(r.Run.Curve) { // it continues
		return printCurve(out, r.SoFar)
	}
	return printCurve(out, r.Run.Curve)
}

// printAttempt says where and how fast a cell was run.
func printAttempt(w io.Writer, r *results.Run) {
	t := &r.Timing
	fmt.Fprintf(w, "attempt\t%d on %s (%s, %s), revision %s\n", t.Attempt, orDash(t.Host), t.CPU, t.SIMD, t.Revision)
	fmt.Fprintf(w, "time\t%s to %s, %s in all\n", t.Start.Local().Format(time.DateTime), t.End.Local().Format(time.DateTime), sweep.Duration(t.Wall))
	fmt.Fprintf(w, "speed\t%s trajectories per second\n", sweep.Rate(t.Rate))
	fmt.Fprintf(w, "steps\t%d\n", r.Step)
	if r.Message != "" {
		fmt.Fprintf(w, "message\t%s\n", r.Message)
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printCurve prints the metrics that the evaluations have.
func printCurve(out io.Writer, curve []results.Point) error {
	var present []metric.Metric
	for _, m := range metric.Evaluated() {
		for i := range curve {
			if _, ok := curve[i].Get(m); ok {
				present = append(present, m)
				break
			}
		}
	}
	if len(curve) == 0 {
		return nil
	}
	for {
		n := fitting(curve, present, command.OutputWidth(out))
		if err := printMetrics(out, curve, present[:n]); err != nil {
			return err
		}
		if present = present[n:]; len(present) == 0 {
			return nil
		}
	}
}

// fitting returns how many metrics, at least one, fit side by side into the given
// columns; 0 means no limit.
func fitting(curve []results.Point, metrics []metric.Metric, columns int) int {
	const gap, step = 2, 10 // between columns, and the largest width of a step
	left := columns - step
	for i, m := range metrics {
		widest := len(m.String())
		for j := range curve {
			widest = max(widest, len(metricText(&curve[j], m)))
		}
		if left -= gap + widest; left < 0 && columns > 0 && i > 0 {
			return i
		}
	}
	return len(metrics)
}

func metricText(p *results.Point, m metric.Metric) string {
	if x, ok := p.Get(m); ok {
		return fmt.Sprintf("%.4g", x)
	}
	return "-"
}

func printMetrics(out io.Writer, curve []results.Point, metrics []metric.Metric) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\nstep\t")
	for _, m := range metrics {
		fmt.Fprintf(w, "%s\t", m)
	}
	for i := range curve {
		fmt.Fprintf(w, "\n%d\t", curve[i].Step)
		for _, m := range metrics {
			fmt.Fprintf(w, "%s\t", metricText(&curve[i], m))
		}
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// inShort identifies a cell by what distinguishes most cells.
func inShort(c *suites.Cell) string {
	var words []string
	for _, column := range []string{"environment", "objective", "alpha", "control_variate", "instance", "seed"} {
		switch v := c.Value(column); {
		case v.IsNull():
		case column == "alpha" || column == "instance" || column == "seed":
			words = append(words, column+" "+suites.Format(v))
		default:
			words = append(words, suites.Format(v))
		}
	}
	return strings.Join(words, " ")
}

// aCell accepts the arguments CELL [DIR].
func aCell(c *cobra.Command, args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return usage.Errorf("%s needs a cell: usage: %s", c.Name(), c.UseLine())
	}
	return nil
}

// completeCell completes a cell of the newest sweep, with a description, and
// then the directory.
func completeCell(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return command.Dirs(2)(c, args, word)
	}
	dir, err := place.Newest(false)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	p, err := sweep.Load(dir, "", sweep.Selection{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var cells []string
	for _, cell := range p.Cells {
		if strings.HasPrefix(cell.ID, word) {
			cells = append(cells, cell.ID+"\t"+inShort(cell))
		}
	}
	return cells, cobra.ShellCompDirectiveNoFileComp
}
