package suites

// A Table is a table of the report.
type Table struct {
	Name, Title   string
	On            *Selector // nil: all cells
	Rows, Columns []string  // names of columns
	Metric        Metric
	Stat          string
	Threshold     *float64
	Summary       string                       // mean, iqm or median
	Base          string                       // label of the column to compare with; "": none
	Paper         map[string]map[string]string // reference values by labels of row and column
}

// A Metric names what is shown or compared, possibly by environment.
type Metric struct {
	Default       string            // "" where every environment has its own
	ByEnvironment map[string]string // nil: Default everywhere
}

// Of is the metric on that environment.
func (m Metric) Of(environment string) string {
	if name, ok := m.ByEnvironment[environment]; ok {
		return name
	}
	return m.Default
}

// A Claim is a statement and how it is tested.
type Claim struct {
	ID, Text, Where string
	Test            string // better, no-worse, equal, ratio, value, rank, beaten or none
	Why             string // why there is no test
	Metric          Metric
	Stat            string
	Threshold       *float64
	A, B, On        *Selector // nil: not given
	Margin          float64
	AtLeast         float64
	Value           float64
	Tolerance       float64
	AtMost          int
	Passes          int // how many tests must pass; 0: all
	Paper           string
}

// A Figure is a figure of the report.
type Figure struct {
	Name, Title, Where string
	Kind               string // curves, variance or density
	On                 *Selector
	Panels, Lines      []string
	Metric             Metric
	X                  string // step, trajectories or seconds
	Step               *int   // of a density; nil: the last
	Log                bool
}

// Prune asks for successive halving.
type Prune struct {
	Metric string
	Eta    int
	Rungs  []int // steps, ascending
	On     *Selector
}

// Slurm says how a suite goes to a cluster.
type Slurm struct {
	Partition, Account, QOS, Constraint, Time, Memory string
	CPUs                                              int
	MaxRunning                                        int // 0: no limit
	TaskMinutes                                       float64
	SignalSeconds                                     int
	Options                                           []SlurmOption // in the order of their names
}

// A SlurmOption is one further option of sbatch; its value is "" for a flag.
type SlurmOption struct{ Name, Value string }
