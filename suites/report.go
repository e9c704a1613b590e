package suites

import (
	"maps"
	"slices"
)

// A Table is a table of the report: a [[table]] of the suite.
type Table struct {
	Name, Title   string                       // name by which it is asked for, and its caption, which may be ""
	On            *Selector                    // nil: all cells
	Kind          string                       // one of TableKinds; "" is TableOfValues
	Rows, Columns []string                     // names of columns of the results; of other kinds than values Rows are the arms
	Tasks         []string                     // of these: names of columns of the results
	Normalise     string                       // and one of Normalisations: how scores of several tasks are put on one scale
	Metric        Metric                       // what is shown
	Stat          string                       // one of Stats
	Threshold     *float64                     // value to reach, in the metric's unit; nil unless Stat is a time to it
	Summary       string                       // mean, iqm or median
	Over          string                       // what a slot is over: OverSeeds or OverInstances; "" is OverSeeds
	Base          string                       // label of the column to compare with; "": none
	Paper         map[string]map[string]string // reference values by labels of row and column
	Reference     *Reference                   // describes these values; nil if nothing is said
}

// MeasuredMetric returns the metric that the paper probably shows: for each environment
// the reference's, or else the table's.
func (t *Table) MeasuredMetric() Metric {
	m := Metric{Default: t.Metric.Default, ByEnvironment: maps.Clone(t.Metric.ByEnvironment)}
	if t.Reference == nil {
		return m
	}
	if d := t.Reference.Measured.Default; d != "" {
		m.Default = d
	}
	for e, name := range t.Reference.Measured.ByEnvironment {
		if m.ByEnvironment == nil {
			m.ByEnvironment = make(map[string]string)
		}
		m.ByEnvironment[e] = name
	}
	return m
}

// The kinds of tables: a value for each row and column; or, condensed over tasks, the arms'
// aggregates, their ranks, or the probability that one is better than another.
const (
	TableOfValues      = "values"
	TableOfAggregates  = "aggregate"
	TableOfRanks       = "ranks"
	TableOfImprovement = "improvement"
)

// TableKinds are the kinds of tables.
var TableKinds = []string{TableOfValues, TableOfAggregates, TableOfRanks, TableOfImprovement}

// How scores of several tasks are put on one scale: by the range from the policy at step 0
// to the optimum; as ratios to a base; or not at all.
const (
	ByRange       = "range"
	ByBase        = "base"
	NotNormalised = "none"
)

// Normalisations are the ways to put scores on one scale.
var Normalisations = []string{ByRange, ByBase, NotNormalised}

// Condensed reports whether the table condenses the results of several tasks.
func (t *Table) Condensed() bool { return t.Kind != "" && t.Kind != TableOfValues }

// Across returns what crosses the rows: the columns, or the tasks.
func (t *Table) Across() []string {
	if t.Condensed() {
		return t.Tasks
	}
	return t.Columns
}

// What the unit of a table or a claim is: a training seed of one instance, or an
// instance of the task, which is the mean of its seeds.
const (
	OverSeeds     = "seeds"
	OverInstances = "instances"
)

// A Metric names what is shown or compared, possibly by environment.
type Metric struct {
	Default       string            // "" if every environment has its own
	ByEnvironment map[string]string // nil: Default everywhere
}

// Of returns the metric for that environment.
func (m Metric) Of(environment string) string {
	if name, ok := m.ByEnvironment[environment]; ok {
		return name
	}
	return m.Default
}

// A Claim is a statement and how it is tested: a [[claim]] of the suite. Each
// member of a on each value of on is compared with each member of b, over the
// seeds that both have. Members are as in Selector.Members. A difference is a -
// b in the unit of the statistic.
type Claim struct {
	ID, Text, Where string    // short identifier, the statement, and where in the paper
	Test            string    // better, no-worse, equal, ratio, value, rank, beaten or none
	Why             string    // for the test none: why there is no test
	Metric          Metric    // what is compared
	Stat            string    // one of Stats
	Threshold       *float64  // value to reach, in the metric's unit; nil unless Stat is a time to it
	Over            string    // OverSeeds or OverInstances: what the statement is about
	A, B, On        *Selector // nil: not given
	Readings        *Selector // what the paper leaves open: columns with lists of values; nil: nothing

	// Numbers, each for the tests that it names.

	Effect    Size    // better, rank, beaten: the smallest difference that counts; not given: any
	Margin    Size    // equal: differences below it in magnitude count as equal; no-worse: a is worse by less
	AtLeast   float64 // ratio: the least b/a; above 0
	Value     float64 // value: what a is said to be
	Tolerance Size    // value: distances from Value below it count as equal
	AtMost    int     // rank: the worst allowed rank of a among itself and b, 1 being the best

	Passes int    // better, no-worse, equal, ratio: how many tests must pass; 0 means all
	Paper  string // the paper's value, for readers
}

// A Figure is a figure of the report: a [[figure]] of the suite.
type Figure struct {
	Name, Title, Where string    // name by which it is asked for, its caption, and where it is in the paper
	Kind               string    // one of FigureKinds
	Stat               string    // one of Stats, of kinds that show one number of each run
	Over               string    // what a line, or a point, is over: OverSeeds or OverInstances; "" is OverSeeds
	Tasks              []string  // of profiles and ranks: names of columns of the results
	Normalise, Base    string    // and as of a table over tasks
	Claims             []string  // of a forest: ids of claims; nil: all of the suite
	On                 *Selector // nil: all cells
	Panels, Lines      []string  // names of columns of the results
	Metric             Metric    // of curves
	X                  string    // one of Courses, or a column whose values are numbers
	Step               *int      // step of a density; nil means the last
	Log                bool      // logarithmic vertical axis
	Axes               []AxisEnd // how far the paper's lines reach; nil if the suite does not say
	Auto               bool      // the values choose the scale instead of Log, for figures without a declaration
}

// Courses are the quantities that grow during training, against which curves are drawn.
var Courses = []string{"step", "trajectories", "seconds"}

// Along returns the column against which the metric at the end of training is drawn, or
// "" for curves during training.
func (f *Figure) Along() string {
	if f.X == "" || slices.Contains(Courses, f.X) {
		return ""
	}
	return f.X
}

// The kinds of figures.
const (
	FigureOfCurves    = "curves"
	FigureOfVariance  = "variance"
	FigureOfDensities = "density"
	FigureOfProfiles  = "profile"
	FigureOfRanks     = "ranks"
	FigureOfPoints    = "strip"
	FigureOfCosts     = "cost"
	FigureOfClaims    = "forest"
)

// FigureKinds are the kinds of figures.
var FigureKinds = []string{FigureOfCurves, FigureOfVariance, FigureOfDensities, FigureOfProfiles, FigureOfRanks, FigureOfPoints, FigureOfCosts, FigureOfClaims}

// OverTasks reports whether the figure condenses the results of several tasks.
func (f *Figure) OverTasks() bool { return f.Kind == FigureOfProfiles || f.Kind == FigureOfRanks }

// Overview returns the table whose overview the figure shows.
func (f *Figure) Overview() *Table {
	return &Table{Name: f.Name, Kind: TableOfAggregates, On: f.On, Rows: f.Lines, Tasks: f.Tasks, Normalise: f.Normalise, Base: f.Base, Metric: f.Metric, Stat: f.Stat, Over: f.Over}
}

// Slurm says how a suite is submitted to a cluster. Strings that are "" are
// left to the cluster's defaults.
type Slurm struct {
	Partition     string        // sbatch --partition
	Account       string        // sbatch --account
	QOS           string        // sbatch --qos
	Constraint    string        // sbatch --constraint
	Time          string        // time limit of a task, as for sbatch --time
	Memory        string        // memory of a task, as for sbatch --mem
	CPUs          int           // cores, and workers, of a task
	MaxRunning    int           // tasks at a time; 0 means no limit
	TaskMinutes   float64       // cells are packed into tasks of about this length
	SignalSeconds int           // time before the limit at which a task is told to checkpoint
	Options       []SlurmOption // in the order of their names
}

// A SlurmOption is one further option of sbatch.
type SlurmOption struct {
	Name, Value string // long name without dashes, and value; a flag has the value ""
}
