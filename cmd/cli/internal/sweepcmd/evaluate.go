package sweepcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/gfn/metric"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) evaluateCommand() *cobra.Command {
	o := &runFlags{}
	var m sweep.Measurement
	var names []string
	c := &cobra.Command{
		Use:   "evaluate [DIR]",
		Short: "Add metrics to finished cells from their kept networks",
		Long: "Add metrics to finished cells from their kept networks, without training them again.\n--set changes how networks are measured, with keys such as fcs.count; nothing else can be set.\nEach network is first measured as its cell was, and must give the recorded values to the bit.\nThe values go to added.parquet; reports show them, and say so. No digest covers them.\nBy default DIR is the one under runs/ whose results changed last.\n\n" +
			"Exit codes: 0 all networks were measured, 1 an error of the program or the machine, or a network that is not the recorded one, 2 wrong usage or no results, 3 networks of some cells were not kept, 4 interrupted and resumable by the same command, 7 a filter matched nothing, 8 all is well except that results conflict.",
		Example: "  sweep evaluate quickstart --metric fcs --set fcs.count=32 --set fcs.size=64\n  sweep evaluate quickstart --metric l1_hist --set eval.histogram_samples=100000 -f environment=sets",
		Args:    command.AtMost(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range names {
				x, ok := metric.Lookup(name)
				if !ok || x >= metric.NumEvaluated {
					return usage.Errorf("--metric %s: there is no such metric of an evaluation%s", usage.Quote(name), usage.DidYouMean(name, metric.Names()[:metric.NumEvaluated]))
				}
				m.Metrics = append(m.Metrics, x)
			}
			if len(names) == 0 {
				return usage.Errorf("name a metric with --metric, such as fcs")
			}
			p, err := a.planOf(args, true)
			if err != nil {
				return err
			}
			options, ctx, stop, err := a.options(c.Context(), o)
			if err != nil {
				return err
			}
			defer stop()
			e, err := sweep.Evaluate(ctx, p, m, options)
			if e == nil {
				return err
			}
			return a.evaluated(p.Dir, e, err)
		},
	}
	c.Flags().StringSliceVar(&names, "metric", nil, "add the metrics of these `NAMES`")
	c.Flags().StringVar(&m.Policy, "policy", "", "measure only the network of that `NAME`: final, best or a number of steps (default all that are kept)")
	c.Flags().StringArrayVar(&m.Set, "set", nil, "measure with `KEY=VALUE`, such as fcs.count=32")
	command.FilterFlag(c, &a.filter)
	command.JSONFlag(c, &a.asJSON)
	a.runFlags(c, o)
	return c
}

// evaluated prints what was measured.
func (a *app) evaluated(dir string, e *sweep.Evaluated, err error) error {
	if a.asJSON {
		if err := command.JSON(a.stdout, e); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.stdout, "measured %s of %s\n", command.Plural(e.Networks, "network"), command.Plural(e.Cells, "cell"))
		for _, x := range []struct {
			n    int
			what string
		}{{e.Present, "with these metrics already"}, {e.Without, "in environments without them"}, {e.Diverged, "that diverged"}} {
			if x.n > 0 {
				fmt.Fprintf(a.stdout, "left out %s %s\n", command.Plural(x.n, "cell"), x.what)
			}
		}
	}
	if err != nil {
		return err
	}
	if n := len(e.Unkept); n > 0 {
		fmt.Fprintf(a.stderr, "sweep: the networks of %s, such as %s, were not kept: with [keep] in the suite, sweep retry %s --unkept trains them again\n", command.Plural(n, "cell"), e.Unkept[0], usage.QuotePath(dir))
		return errFailed
	}
	return nil
}
