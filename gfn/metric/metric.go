// Package metric is the registry of everything measured about a run: each metric's name,
// unit, definition and direction, and where it is defined. Its order is the order of the
// columns in the results.
//
// Adding a metric takes one constant, one entry of the registry, and the function that
// measures it. New metrics go last before NumEvaluated, so the rows of cells without them
// keep their bits.
package metric

import "math"

// A Metric is one measured quantity: an index into the registry.
type Metric uint8

// Metrics of an evaluation, in the order of their columns, and after NumEvaluated those
// of a whole run. [Metric.Info] defines each.
const (
	L1 Metric = iota
	TV
	JSD
	KLPTTarget
	KLTargetPT
	ELBO
	EUBO
	LogZ
	LogZEst
	TrajKLFwd
	TrajKLRev
	SAlpha
	Loss
	GradNorm
	TopK
	Modes
	FCS
	Samples
	L1MC
	L1MCFloor
	L1Hist
	L1HistFloor
	LogSAlpha
	Spearman
	NumEvaluated // how many metrics an evaluation has
)

// Metrics of a whole run.
const (
	Seconds Metric = NumEvaluated + iota
	TrajectoriesPerSecond
	TraceCov
	Cosine
	BiasSq
	num
)

// A Direction tells which values of a metric are better.
type Direction int8

// Directions of metrics.
const (
	NoBetter      Direction = 0  // neither
	LowerBetter   Direction = -1 // lower values are better
	GreaterBetter Direction = 1  // greater values are better
)

// A Source tells which rows of the results hold a metric.
type Source uint8

// Sources of metrics.
const (
	Evaluation Source = iota // evaluations along a run
	Timing                   // the time a run took; not reproducible
	Variance                 // measurements of the gradient's variance
)

// Info documents a metric. Column listings, checks and manuals derive from it.
type Info struct {
	Name        string    // column name, also used in suites
	Label       string    // name for readers of figures and tables
	Unit        string    // "nats", "" for a pure number
	Definition  string    // formula, in the paper's notation
	Where       string    // where it is defined; "": everywhere
	Source      Source    // rows that hold it
	Better      Direction // which values are better
	Signed      bool      // values of either sign; others are at least 0
	Most        float64   // the greatest possible value, and -Most the least if Signed; 0: no bound
	Estimable   bool      // it may be estimated: column Name_stderr follows
	Integer     bool      // it is a count, stored in an int64 column
	ByObjective bool      // its scale depends on the objective: not comparable between objectives
}

// String returns the metric's name.
func (m Metric) String() string { return registry[m].Name }

// Info returns the metric's entry in the registry.
func (m Metric) Info() Info { return registry[m] }

// Range returns the least and the greatest possible value, possibly infinite.
func (m Metric) Range() (least, greatest float64) {
	greatest = math.Inf(1)
	if most := m.Info().Most; most > 0 {
		greatest = most
	}
	if m.Info().Signed {
		least = -greatest
	}
	return least, greatest
}

// Evaluated lists the metrics of an evaluation in the order of their columns.
func Evaluated() []Metric { return list(NumEvaluated) }

// All lists every metric.
func All() []Metric { return list(num) }

func list(n Metric) []Metric {
	all := make([]Metric, n)
	for m := range all {
		all[m] = Metric(m)
	}
	return all
}

// Lookup finds a metric by its name.
func Lookup(name string) (m Metric, ok bool) {
	for m := range num {
		if registry[m].Name == name {
			return m, true
		}
	}
	return 0, false
}

// Names lists the names of all metrics.
func Names() []string {
	names := make([]string, num)
	for m := range names {
		names[m] = registry[m].Name
	}
	return names
}
