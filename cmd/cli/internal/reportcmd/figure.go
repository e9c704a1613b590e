package reportcmd

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/suites"
	"gfnbench/usage"
)

// figureFlags are the flags of report figure that make or change a figure.
type figureFlags struct {
	source
	form
	metric        string
	panels, lines []string
	x             string
	kind          string
	unit          string // that a line is over
	tasks         []string
	normalise     string
	base          string
	log           bool
	noTitle       bool
	width, height string // size for the paper
	fontSize      string
	paper         figure.Paper
	seeds         string // which densities to draw
	asPaths       bool   // print the paths as JSON
}

func figureCommand() *cobra.Command {
	t := figureFlags{source: source{intoFolder: true}, form: form{format: "svg", known: figure.Formats}}
	c := &cobra.Command{
		Use:   "figure [DIR...] [FIGURE...]",
		Short: "Draw figures of the suite, or one of your own",
		Long: `Draw the figures that the suite declares, or only those named, and print their paths.
Each goes to a file with its name in the folder figures of the results. With -m,
--panels, --lines or --kind, draw a figure of your own, by default of learning curves;
the file name then includes what the flags change. A density trains its runs again, which gives the same policies.`,
		Example: "  report figure\n  report figure neurips24 --format pdf -o figures\n  report figure -m tv --panels environment --lines objective --log\n  report figure quickstart --kind profile --normalise base --base tb",
		RunE:    func(c *cobra.Command, args []string) error { return t.run(c, args) },
	}
	t.source.flags(c)
	t.form.flags(c, "svg", figure.Formats...)
	f := c.Flags()
	f.Lookup("output").Usage = "write to `FILE`, or into this folder; - for standard output"
	f.StringVarP(&t.metric, "metric", "m", "", "`METRIC` to draw (default the figure's, else l1)")
	f.StringSliceVar(&t.panels, "panels", nil, "`COLUMN,...` that make up the panels (default the figure's, else environment)")
	f.StringSliceVar(&t.lines, "lines", nil, "`COLUMN,...` that make up the lines (default the figure's, else all that varies)")
	f.StringVarP(&t.x, "x", "x", "", "`QUANTITY` on the horizontal axis: step, trajectories, seconds or a column of numbers")
	f.StringVar(&t.kind, "kind", "", "`KIND`: curves, profile, ranks, strip, cost, forest")
	f.StringVar(&t.unit, "over", "", "`UNIT` of lines and points: seeds or instances")
	f.StringSliceVar(&t.tasks, "tasks", nil, "`COLUMN,...` of tasks (default environment)")
	f.StringVar(&t.normalise, "normalise", "", "scores over tasks by `WAY`: range, base or none")
	f.StringVar(&t.base, "base", "", "`LINE` to which scores are ratios")
	f.BoolVar(&t.log, "log", false, "logarithmic axis (default as the figure says)")
	f.StringVar(&t.seeds, "seeds", "first", "`SEEDS` whose densities are drawn: first, worst or all")
	f.StringVar(&t.width, "width", figure.PaperNames[0], "`WIDTH`: neurips, two-column, or a length such as 5.5in")
	f.StringVar(&t.height, "height", "", "`HEIGHT` (default what the panels need)")
	f.StringVar(&t.fontSize, "font-size", "8pt", "font `SIZE`, at least 7pt")
	f.BoolVar(&t.noTitle, "no-title", false, "leave out the title")
	f.BoolVar(&t.asPaths, "json", false, "print the names and paths as JSON")
	return c
}

func (t *figureFlags) run(c *cobra.Command, args []string) error {
	if err := t.chooseFormat(c); err != nil {
		return err
	}
	var err error
	if t.paper, err = figure.ParsePaper(t.width, t.height, t.fontSize); err != nil {
		return err
	}
	sweep, names, err := t.load(c, args)
	if err != nil {
		return err
	}
	if !slices.Contains(figure.SeedChoices, t.seeds) {
		return usage.Errorf("--seeds %s%s: expected %s", t.seeds, usage.DidYouMean(t.seeds, figure.SeedChoices), strings.Join(figure.SeedChoices, ", "))
	}
	specs, err := t.specs(c, sweep, names)
	if err != nil {
		return err
	}
	if one := t.output != "" && (t.toStdout() || !isFolder(t.output)); one && len(specs) > 1 {
		return usage.Errorf("-o %s is for one figure, and there are %d: name one of them, or a folder", t.output, len(specs))
	}
	t.announce(c)
	list, err := t.drawAll(c, sweep, specs)
	if err != nil {
		return err
	}
	if t.asPaths {
		if err := command.JSON(c.OutOrStdout(), list); err != nil {
			return err
		}
	}
	if len(t.refused) > 0 {
		return outcome(exitInternal)
	}
	return nil
}

// A drawn figure is in a file, or on standard output if it has no path.
type drawn struct {
	Figure string `json:"figure"`
	Path   string `json:"path"`
}

// drawAll draws the figures and prints their paths. One of several that has nothing
// to show is only reported.
func (t *figureFlags) drawAll(c *cobra.Command, sweep *report.Sweep, specs []*suites.Figure) ([]drawn, error) {
	list := []drawn{}
	progress := func(text string) {
		if !t.quiet {
			fmt.Fprintln(c.ErrOrStderr(), "report:", text)
		}
	}
	for _, spec := range specs {
		f, err := figure.Make(sweep, spec, figure.Options{Seeds: t.seeds, Progress: progress})
		if len(specs) > 1 && err != nil {
			// A filter may leave nothing of one of several figures, and an unfinished
			// sweep may have no runs for a density.
			fmt.Fprintf(c.ErrOrStderr(), "report: figure %s: %v\n", spec.Name, err)
			continue
		}
		var path string
		if err == nil {
			path, err = t.draw(c, sweep, f)
		}
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", spec.Name, err)
		}
		list = append(list, drawn{spec.Name, path})
		if path != "" && !t.asPaths {
			fmt.Fprintln(c.OutOrStdout(), path)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w in any figure", usage.ErrNoMatch)
	}
	return list, nil
}

// specs returns the requested figures.
func (t *figureFlags) specs(c *cobra.Command, sweep *report.Sweep, names []string) ([]*suites.Figure, error) {
	for _, name := range names {
		if !slices.Contains(figure.Names(sweep), name) {
			return nil, place.NoSuchName(name, "figure", figure.Names(sweep))
		}
	}
	// Start from the declared figures, or from the default one if flags describe a
	// figure.
	var specs []*suites.Figure
	if own := t.metric != "" || t.panels != nil || t.lines != nil || t.kind != ""; own && len(names) == 0 {
		specs = []*suites.Figure{figure.Default(sweep)}
	} else {
		declared, err := figure.Declared(sweep, names...)
		if err != nil {
			return nil, err
		}
		specs = declared
	}
	// Apply the flags to copies.
	for i, declared := range specs {
		spec, err := t.over(c, sweep, *declared)
		if err != nil {
			return nil, err
		}
		specs[i] = spec
	}
	return specs, nil
}

// over returns a figure changed by the flags.
func (t *figureFlags) over(c *cobra.Command, sweep *report.Sweep, spec suites.Figure) (*suites.Figure, error) {
	if t.metric != "" {
		if _, err := report.LookupMetric(t.metric); err != nil {
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
	if err := t.changeKind(&spec); err != nil {
		return nil, err
	}
	if axes := slices.Concat(suites.Courses, sweep.Columns()); t.x != "" && !slices.Contains(axes, t.x) {
		return nil, usage.Errorf("there is no horizontal axis %q%s: choose step, trajectories, seconds or a column of numbers", t.x, usage.DidYouMean(t.x, axes))
	} else if t.x != "" {
		spec.X = t.x
		spec.Lines = slices.DeleteFunc(slices.Clone(spec.Lines), func(column string) bool { return column == t.x })
	}
	if c.Flags().Changed("log") {
		spec.Log, spec.Auto = t.log, false
	}
	if t.noTitle {
		spec.Title, spec.Where = "", ""
	}
	return &spec, nil
}

// changeKind applies the flags of the kinds of figures.
func (t *figureFlags) changeKind(spec *suites.Figure) error {
	if t.kind != "" {
		spec.Kind = t.kind
	}
	if t.unit != "" {
		spec.Over = t.unit
	}
	if t.normalise != "" {
		spec.Normalise = t.normalise
	}
	if t.base != "" {
		spec.Base = t.base
	}
	if t.tasks != nil {
		spec.Tasks = t.tasks
	}
	return figure.Check(spec)
}

// chooseFormat takes the format from the name of the output if none is given.
func (t *figureFlags) chooseFormat(c *cobra.Command) error {
	if err := t.checkPaths(t.asPaths); err != nil {
		return err
	}
	if t.output != "" && !t.toStdout() && !isFolder(t.output) {
		if ext := filepath.Ext(t.output); ext != "" && !slices.Contains(t.known, formatOf(t.output)) {
			return usage.Errorf("-o %s: figures cannot be drawn as %s: the name of a file ends in .%s, the name of a folder in %c",
				t.output, ext, strings.Join(t.known, ", ."), filepath.Separator)
		}
		return t.choose(c, t.output)
	}
	return t.choose(c, "")
}

// draw writes a figure where it belongs and returns the path, or "" for standard
// output.
func (t *figureFlags) draw(c *cobra.Command, sweep *report.Sweep, f *figure.Figure) (path string, err error) {
	write := func(w io.Writer) error { return figure.Write(w, f, t.format, t.paper) }
	name := f.Spec.Name + t.suffix(c) + "." + t.format
	switch {
	case t.output == "":
		return writeInside(resultsFolder(sweep.Dirs[0]), filepath.Join("figures", name), write)
	case t.toStdout():
		return "", write(c.OutOrStdout())
	default:
		path, err = t.target(name)
	}
	if err != nil {
		return "", err
	}
	return path, writeFile(path, write)
}

// suffix distinguishes a figure from the one of the same name without these
// flags.
func (t *figureFlags) suffix(c *cobra.Command) string {
	var parts []string
	add := func(given bool, words ...string) {
		if given {
			parts = append(parts, words...)
		}
	}
	changed := c.Flags().Changed
	add(t.metric != "", t.metric)
	add(t.panels != nil, append([]string{"panels"}, t.panels...)...)
	add(t.lines != nil, append([]string{"lines"}, t.lines...)...)
	add(t.x != "", t.x)
	for _, word := range []string{t.kind, t.unit, t.normalise, t.base} {
		add(word != "", word)
	}
	add(t.tasks != nil, append([]string{"tasks"}, t.tasks...)...)
	add(changed("log"), map[bool]string{true: "log", false: "linear"}[t.log])
	for _, flag := range []string{"width", "height", "font-size", "seeds"} {
		add(changed(flag), c.Flags().Lookup(flag).Value.String())
	}
	add(t.noTitle, "no-title")
	add(true, t.filter...)
	add(t.hidden, "hidden")
	suffix := ""
	for _, part := range parts {
		suffix += "-" + strings.Map(inFileName, part)
	}
	if len(suffix) > maxSuffix {
		hash := sha256.Sum256([]byte(suffix))
		suffix = fmt.Sprintf("-%x", hash[:8])
	}
	return suffix
}

// maxSuffix is how many bytes of the flags a file name may include. File
// systems allow names of 255 bytes, which must hold the figure's name and the
// additions of a temporary file.
const maxSuffix = 100

// inFileName replaces what a file name should not have.
func inFileName(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.,=+", r) {
		return r
	}
	return '_'
}

// resultsFolder returns the sweep directory, or the folder of a merged file.
func resultsFolder(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}
