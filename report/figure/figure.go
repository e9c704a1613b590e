package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Figure is the data of a figure; [Write] draws it.
type Figure struct {
	Spec    *suites.Figure    // what was asked for
	Panels  []*Panel          // in order of the cells
	Labels  []string          // of all series, in order
	Names   map[string]string // by label, as readers see them; a label without a name is its own
	Columns []string          // columns of the results that distinguish the lines; nil: only their labels do
	Notes   []string          // what the lines and bands are, and what a reader must know

	names *report.Names // of values; nil: the figure has no lines of cells
}

// A Panel is one plot.
type Panel struct {
	Label          string           // values of the panel's columns, joined by "/"
	Names          []string         // of these values, as readers see them; nil: Label
	XLabel, YLabel string           // with units
	Better         metric.Direction // which of the values are better
	LogX, LogY     bool             // logarithmic axes
	Series         []*Series        // one per line, in the order of Figure.Labels
	Densities      []*Density       // for a density figure, the target's first
	Plane          *Plane           // of two hyperparameters; nil: the panel shows lines
	Tuned          bool             // the horizontal axis is a hyperparameter

	Rows   []string            // of a panel whose series stand below each other: their labels, from above; else nil
	Titles func(string) string // what readers see of these
	Null   float64             // where a line stands across the rows; NaN: nowhere
	Groups [][2]int            // of rows that cannot be told apart: first and last
	Front  [][2]float64        // of costs: the points of the Pareto front, by their cost
}

// A Series is one line: the mean over seeds at each point, with its band.
type Series struct {
	Label     string        // one of Figure.Labels
	Keys      []string      // values of Figure.Columns, "" if one does not apply
	Objective string        // name of the kind, which chooses the style
	Rows      []*report.Row // one for each seed
	X, Mean   []float64     // points of one length, X ascending; Mean is NaN if no seed has a value
	Low, High []float64     // 95% interval of the mean, pointwise, of two seeds both; NaN if none is given
	Points    []float64     // of a strip: the score of each unit; NaN or infinite for one that cannot be drawn
	Style     *Style        // how it is drawn; nil: as its label says
	Margin    float64       // of a row: distance from Panel.Null that counts as equal; 0: none
	Seeds     int           // seeds with a value
	Diverged  int           // seeds that diverged; their curves end there, and the mean continues without them
	Along     bool          // X is a hyperparameter: a run that diverged is missing at its value and ends no curve
	Absent    int           // seeds without a curve
}

// Declared returns the named figures in the order of the suite, or all of them if no
// name is given. A suite without figures gets one of curves: a panel for each
// environment, with the metric of [report.Sweep.Primary]. The error is a *usage.Error
// for an unknown name.
func Declared(s *report.Sweep, names ...string) ([]*suites.Figure, error) {
	var declared []*suites.Figure
	if s.Suite != nil {
		declared = s.Suite.Figures
	}
	if len(names) == 0 {
		if len(declared) == 0 {
			return []*suites.Figure{Default(s)}, nil
		}
		return declared, nil
	}
	var list []*suites.Figure
	for _, name := range names {
		i := slices.IndexFunc(declared, func(f *suites.Figure) bool { return f.Name == name })
		if i < 0 {
			return nil, usage.Errorf("there is no figure %q%s", name, usage.Suggest(name, Names(s)))
		}
		list = append(list, declared[i])
	}
	return list, nil
}

// Names returns the names of the suite's figures.
func Names(s *report.Sweep) (names []string) {
	if s.Suite != nil {
		for _, f := range s.Suite.Figures {
			names = append(names, f.Name)
		}
	}
	return names
}

// Default returns a figure with curves of the primary metric: a panel for each
// environment and a line for each setting, over instances if they vary.
func Default(s *report.Sweep) *suites.Figure {
	over := suites.OverSeeds
	if len(s.Rows) > 0 && s.Varies(param.Instance) {
		over = suites.OverInstances
	}
	return &suites.Figure{
		Name: s.Name, Title: s.Title, Kind: suites.FigureOfCurves, X: "step", Stat: "final", Over: over, Metric: s.Primary(), Auto: true,
		Panels: []string{"environment"}, Lines: s.Separate([]string{"objective"}, []string{"environment"}, over),
	}
}

// Options configures [Make]. Every field is optional.
type Options struct {
	// Progress is called with the name of each run that is trained again for a
	// density.
	Progress func(string)
	// Seeds says which runs of a setting get a density: first (the default), worst
	// or all.
	Seeds string
}

// SeedChoices are the values of Options.Seeds.
var SeedChoices = []string{"first", "worst", "all"}

// Make collects the data of a figure. For densities it trains runs again, which gives the
// same policies, bit for bit. The error is usage.ErrNoMatch if the figure has no cell,
// and a *usage.Error if it pools anything except seeds.
func Make(s *report.Sweep, spec *suites.Figure, o Options) (*Figure, error) {
	switch {
	case spec.OverTasks():
		return overTasks(s, spec)
	case spec.Kind == suites.FigureOfClaims:
		return ofClaims(s, spec)
	}
	rows := s.Rows
	lines := spec.Lines
	if spec.Kind == "variance" {
		rows = s.VarianceRows()
	}
	var along []string // column on the horizontal axis
	if column := spec.Along(); column != "" {
		along = []string{column}
		if slices.Contains(slices.Concat(spec.Panels, lines), column) {
			return nil, usage.Errorf("%s is on the horizontal axis: it cannot make up panels or lines as well", column)
		}
	}
	rows = report.Matching(rows, spec.On)
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w %s", usage.ErrNoMatch, spec.On)
	}
	if err := s.CheckColumns(append(slices.Concat(spec.Panels, spec.Lines), along...)); err != nil {
		return nil, err
	}
	if spec.Kind == "variance" && len(report.Distinct(rows, "step")) > 1 && !slices.Contains(lines, "step") {
		lines = append(slices.Clone(lines), "step")
	}
	names := s.Names()
	f := &Figure{Spec: spec, Labels: lineNames(s, lines, rows), Names: make(map[string]string), Columns: lines, names: names}
	columns := slices.DeleteFunc(report.Pooled(append(s.Columns(), "step"), spec.Over), func(c string) bool { return slices.Contains(along, c) })
	if spec.Kind == "variance" {
		columns = slices.DeleteFunc(columns, func(c string) bool { return c == "batch" })
	}
	// A panel for each value of its columns, with a line for each label.
	byPanel := byName(spec.Panels, rows)
	for _, name := range lineNames(s, spec.Panels, rows) {
		p := &Panel{Label: name, Names: names.Parts(spec.Panels, byPanel[name][0].Value)}
		byLine := byName(lines, byPanel[name])
		for _, label := range f.Labels {
			list := byLine[label]
			if list == nil {
				continue
			}
			if axis := report.Differ(columns, list...); axis != "" {
				return nil, usage.Errorf("the cells of panel %s, line %s differ in %s: add it to the panels or lines, or choose with -f %s=VALUE%s", name, label, axis, axis, orOver(axis))
			}
			f.Names[label] = names.Line(lines, list[0].Value)
			p.Series = append(p.Series, &Series{Label: label, Keys: keysOf(lines, list[0]), Objective: list[0].Objective(), Rows: list})
		}
		if err := p.fill(s, f, o); err != nil {
			return nil, err
		}
		f.Panels = append(f.Panels, p)
	}
	if f.empty() {
		return nil, noValues(s, spec)
	}
	if spec.Kind != "density" {
		f.scale()
	}
	f.note()
	return f, nil
}

// orOver says what else can be done where cells differ in the instance.
func orOver(axis string) string {
	if axis != param.Instance {
		return ""
	}
	return ", or average over them with --over instances"
}

// Name returns what readers see of a label.
func (f *Figure) Name(label string) string { return cmp.Or(f.Names[label], label) }

// Title returns what readers see of the panel's label.
func (p *Panel) Title() string {
	if p.Names == nil {
		return p.Label
	}
	return strings.Join(p.Names, ", ")
}

// lineNames returns the names of the lines, or panels, in the order of their values.
func lineNames(s *report.Sweep, columns []string, rows []*report.Row) (names []string) {
	byLabel := make(map[string][]string) // values that do not apply may give several lines one label
	for _, r := range rows {
		label, name := suites.Label(columns, r.Value), report.NameOf(columns, r.Value)
		if !slices.Contains(byLabel[label], name) {
			byLabel[label] = append(byLabel[label], name)
		}
	}
	for _, label := range s.Labels(columns, rows) {
		for _, name := range byLabel[label.Key] {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// keysOf returns the values of a line in its columns, "" if one does not apply.
func keysOf(columns []string, r *report.Row) []string {
	keys := make([]string, len(columns))
	for i, c := range columns {
		if v := r.Value(c); !v.IsNull() {
			keys[i] = suites.Format(v)
		}
	}
	return keys
}

// byName groups rows by the names of their lines or panels.
func byName(columns []string, rows []*report.Row) map[string][]*report.Row {
	groups := make(map[string][]*report.Row)
	for _, r := range rows {
		name := report.NameOf(columns, r.Value)
		groups[name] = append(groups[name], r)
	}
	return groups
}

// fill computes what a panel shows.
func (p *Panel) fill(s *report.Sweep, f *Figure, o Options) error {
	switch f.Spec.Kind {
	case "density":
		return p.densities(s, f, o)
	case "variance":
		p.variances(s.Names(), f.Spec)
		return nil
	case suites.FigureOfPoints, suites.FigureOfCosts:
		return p.finals(s, f)
	}
	m, err := report.LookupMetric(f.Spec.Metric.Of(p.Series[0].Rows[0].Environment()))
	if err != nil {
		return err
	}
	p.XLabel, p.YLabel, p.Better = xLabels[f.Spec.X], labelOf(s.Names(), m), m.Info().Better
	if column := f.Spec.Along(); column != "" {
		return p.along(s.Names(), m, column, f.Spec.Over)
	}
	for _, series := range p.Series {
		series.curves(m, f.Spec.X, f.Spec.Over)
	}
	return nil
}

// labelOf returns the name of a metric with its unit, for an axis.
func labelOf(names *report.Names, m metric.Metric) string {
	if unit := m.Info().Unit; unit != "" {
		return names.Metric(m) + " [" + unit + "]"
	}
	return names.Metric(m)
}

var xLabels = map[string]string{"": "gradient steps", "step": "gradient steps", "trajectories": "trajectories", "seconds": "time [s]"}

// curves averages the runs' curves of a metric: over instances those of each instance
// first.
func (s *Series) curves(m metric.Metric, x, over string) {
	var grid []float64
	var instances []int
	var steps, values [][]float64
	for _, r := range s.Rows {
		st, v := r.Curve(m)
		if len(st) == 0 {
			s.Absent++
			continue
		}
		if r.Run.Status == results.Diverged {
			s.Diverged++
		}
		steps, values, instances = append(steps, st), append(values, v), append(instances, r.Instance())
		if !slices.Equal(grid, st) {
			grid = append(grid, st...)
			slices.Sort(grid)
			grid = slices.Compact(grid)
		}
	}
	if len(values) == 0 {
		return
	}
	s.Seeds = len(values)
	curves := make([][]float64, len(values))
	for i := range values {
		onGrid, err := stats.OnGrid(steps[i], values[i], grid)
		if err != nil {
			return // steps ascend
		}
		curves[i] = onGrid
	}
	if over == suites.OverInstances {
		curves = byInstance(curves, instances)
		s.Seeds = len(curves)
	}
	s.average(curves, &report.Stat{Metric: m})
	s.X = grid
	perStep := s.PerStep(x)
	for i := range s.X {
		s.X[i] *= perStep
	}
}

// PerStep returns the growth of a quantity of [suites.Courses] per training step, on
// average over the runs with a curve.
func (s *Series) PerStep(quantity string) float64 {
	sum, n := 0.0, 0
	for _, r := range s.Rows {
		if r.Run != nil && len(r.Run.Curve) > 0 {
			sum, n = sum+r.PerStep(quantity+"-to"), n+1
		}
	}
	return sum / float64(n)
}

// byInstance returns the mean curve of each instance. At each point it is over the seeds that
// have a value there.
func byInstance(curves [][]float64, instances []int) (means [][]float64) {
	of := make(map[int][][]float64)
	var order []int
	for i, c := range curves {
		if of[instances[i]] == nil {
			order = append(order, instances[i])
		}
		of[instances[i]] = append(of[instances[i]], c)
	}
	for _, instance := range order {
		mean := make([]float64, len(curves[0]))
		for p := range mean {
			var present []float64
			for _, c := range of[instance] {
				if !math.IsNaN(c[p]) {
					present = append(present, c[p])
				}
			}
			mean[p] = stats.Mean(present)
		}
		means = append(means, mean)
	}
	return means
}

// average is the mean of the curves and its band: at each point over the seeds
// that have a value.
func (s *Series) average(curves [][]float64, stat *report.Stat) {
	points := len(curves[0])
	s.Mean, s.Low, s.High = make([]float64, points), make([]float64, points), make([]float64, points)
	present := make([]float64, 0, len(curves))
	for p := range points {
		present = present[:0]
		for _, c := range curves {
			if !math.IsNaN(c[p]) {
				present = append(present, c[p])
			}
		}
		s.Mean[p] = stats.Mean(present) // NaN if there is none
		s.Low[p], s.High[p] = math.NaN(), math.NaN()
		if band, err := stat.MeanInterval(present); err == nil {
			s.Low[p], s.High[p] = band.Low, band.High
			if stats.Warned(band.Warnings, stats.NoVariation) { // as when all seeds start equal
				s.Low[p], s.High[p] = s.Mean[p], s.Mean[p]
			}
		}
		if len(curves) == 2 && len(present) == 2 { // too few for an interval, so show both
			s.Low[p], s.High[p] = min(present[0], present[1]), max(present[0], present[1])
		}
	}
}

// variances averages the covariance traces of each batch size.
func (p *Panel) variances(names *report.Names, spec *suites.Figure) {
	name := "trace_cov"
	if spec.Metric.Default != "" {
		name = spec.Metric.Default
	}
	st := report.Stat{Name: "final"}
	st.Metric, _ = metric.Lookup(name)
	p.Better = st.Metric.Info().Better
	p.XLabel, p.YLabel, p.LogX, p.LogY = "batch size [trajectories]", labelOf(names, st.Metric), true, name == "trace_cov"
	// For each line, a curve over batch sizes for each seed, and their average.
	for _, s := range p.Series {
		s.against(&st, spec.Over, func(r *report.Row) (float64, bool) { return float64(r.Variance.Batch), true })
	}
}
