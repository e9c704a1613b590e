package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/internal/command"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/suites"
)

// figureFlags are the flags of report figure that make or change a figure.
type figureFlags struct {
	source
	format        string
	metric        string
	panels, lines []string
	x             string
	log           bool
}

func figureCommand() *cobra.Command {
	var t figureFlags
	c := &cobra.Command{
		Use:   "figure [DIR...] [FIGURE...]",
		Short: "Draw figures of the suite, or one of your own",
		Long: `Draw the figures that the suite declares, or those named, each into a file of
its name in the folder figures of the results, and print the paths. With -m,
--panels or --lines, draw learning curves of one's own. A density trains its
runs again, which gives the same policies.`,
		Example: "  report figure\n  report figure neurips24 --format pdf -o figures\n  report figure -m tv --panels environment --lines objective --log",
		RunE:    func(c *cobra.Command, args []string) error { return t.run(c, args) },
	}
	t.flags(c)
	f := c.Flags()
	f.Lookup("output").Usage = "write to `FILE`, or into this folder where there are several figures"
	f.StringVar(&t.format, "format", "", "`FORMAT`: one of svg, png, pdf (default svg, or by the extension of -o)")
	f.StringVarP(&t.metric, "metric", "m", "", "`METRIC` that is drawn")
	f.StringSliceVar(&t.panels, "panels", nil, "`COLUMN,...` of the results that make up the panels")
	f.StringSliceVar(&t.lines, "lines", nil, "`COLUMN,...` of the results that make up the lines of a panel")
	f.StringVarP(&t.x, "x", "x", "", "`QUANTITY` of the horizontal axis: step, trajectories or seconds")
	f.BoolVar(&t.log, "log", false, "logarithmic vertical axis")
	return c
}

func (t *figureFlags) run(c *cobra.Command, args []string) error {
	sweep, names, err := t.load(c, args)
	if err != nil {
		return err
	}
	specs, err := t.specs(c, sweep, names)
	if err != nil {
		return err
	}
	if err := t.chooseFormat(len(specs)); err != nil {
		return err
	}
	drawn := 0
	for _, spec := range specs {
		f, err := sweep.Figure(spec, func(text string) {
			if !t.quiet {
				fmt.Fprintln(c.ErrOrStderr(), "report:", text)
			}
		})
		if len(specs) > 1 && err != nil {
			// A filter may leave nothing of one of several, and a sweep that is
			// not finished has no runs for a density.
			fmt.Fprintf(c.ErrOrStderr(), "report: figure %s: %v\n", spec.Name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("figure %s: %w", spec.Name, err)
		}
		if err := t.draw(c, sweep, f, len(specs)); err != nil {
			return fmt.Errorf("figure %s: %w", spec.Name, err)
		}
		drawn++
	}
	if drawn == 0 {
		return fmt.Errorf("%w in any figure", report.ErrNoMatch)
	}
	if t.refused {
		return outcome(exitInternal)
	}
	return nil
}

// specs are the figures asked for.
func (t *figureFlags) specs(c *cobra.Command, sweep *report.Sweep, names []string) ([]*suites.Figure, error) {
	for _, name := range names {
		if !slices.Contains(sweep.FigureNames(), name) {
			return nil, report.NoSuchDir(name, sweep.FigureNames()...)
		}
	}
	var specs []*suites.Figure
	if own := t.metric != "" || t.panels != nil || t.lines != nil; own && len(names) == 0 {
		specs = []*suites.Figure{sweep.DefaultFigure()}
	} else {
		declared, err := sweep.Figures(names...)
		if err != nil {
			return nil, err
		}
		specs = declared
	}
	for i, declared := range specs {
		spec := *declared
		specs[i] = &spec
		if t.metric != "" {
			if _, err := report.MeasureOf(t.metric); err != nil {
				return nil, err
			}
			spec.Metric = suites.Metric{Default: t.metric}
		}
		if t.panels != nil {
			spec.Panels = t.panels
		}
		if t.lines != nil {
			spec.Lines = t.lines
		}
		if axes := []string{"step", "trajectories", "seconds"}; t.x != "" && !slices.Contains(axes, t.x) {
			return nil, command.Usagef("there is no horizontal axis %q%s: step, trajectories or seconds", t.x, suites.DidYouMean(t.x, axes))
		} else if t.x != "" {
			spec.X = t.x
		}
		if c.Flags().Changed("log") {
			spec.Log = t.log
		}
	}
	return specs, nil
}

// chooseFormat takes the format from the name of the output where none is given.
func (t *figureFlags) chooseFormat(figures int) error {
	extension := strings.TrimPrefix(filepath.Ext(t.output), ".")
	if t.format == "" && figures == 1 && slices.Contains(figure.Formats, extension) {
		t.format = extension
	}
	if t.format == "" {
		t.format = "svg"
	}
	if !slices.Contains(figure.Formats, t.format) {
		return command.Usagef("there is no format %q%s: %s", t.format, suites.DidYouMean(t.format, figure.Formats), strings.Join(figure.Formats, ", "))
	}
	return nil
}

// draw writes a figure to where it belongs and prints the path.
func (t *figureFlags) draw(c *cobra.Command, sweep *report.Sweep, f *report.Figure, figures int) error {
	write := func(w io.Writer) error { return figure.Write(w, f, t.format) }
	if t.output == "-" {
		return write(c.OutOrStdout())
	}
	path := t.output
	if folder, err := os.Stat(path); path == "" || figures > 1 || err == nil && folder.IsDir() {
		if path == "" {
			path = filepath.Join(resultsFolder(sweep.Dirs[0]), "figures")
		}
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		path = filepath.Join(path, f.Spec.Name+"."+t.format)
	}
	if err := t.writeFile(path, write); err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), path)
	return nil
}

// resultsFolder is the sweep directory, or that of a merged file.
func resultsFolder(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}
