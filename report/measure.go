package report

import (
	"slices"

	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Measure is what a metric's name stands for.
type Measure struct {
	Name       string            // as tables and claims name it: column of the results
	Unit       string            // "" for a pure number
	Definition string            // formula, in the paper's notation
	Better     results.Direction // which values are better

	metric results.Metric
	kind   measureKind
}

type measureKind int

const (
	evaluated  measureKind = iota // a column of the curves
	timed                         // of the timing
	ofVariance                    // of the gradient variance
)

// further are the metrics that are not columns of the curves.
var further = []Measure{
	{Name: "seconds", Unit: "s", Definition: "time spent on the run", Better: results.LowerBetter, kind: timed},
	{Name: "trajectories_per_second", Unit: "1/s", Definition: "trajectories trained on per second", Better: results.GreaterBetter, kind: timed},
	{Name: "trace_cov", Definition: "Tr Cov of the batch gradient", Better: results.LowerBetter, kind: ofVariance},
	{Name: "cosine", Definition: "mean cosine of the batch gradient to the reference gradient", Better: results.GreaterBetter, kind: ofVariance},
}

// MeasureOf is the measure of a metric's name. The error is a *UsageError that
// names the nearest one.
func MeasureOf(name string) (Measure, error) {
	if m, ok := results.LookupMetric(name); ok {
		info := m.Info()
		return Measure{Name: info.Name, Unit: info.Unit, Definition: info.Definition, Better: info.Better, metric: m}, nil
	}
	if i := slices.IndexFunc(further, func(m Measure) bool { return m.Name == name }); i >= 0 {
		return further[i], nil
	}
	return Measure{}, usage("there is no metric %q%s", name, didYouMean(name, suites.MetricNames()))
}

// OfVariance reports whether the metric belongs to the rows of the gradient
// variance, see [Sweep.VarianceRows].
func (m *Measure) OfVariance() bool { return m.kind == ofVariance }

// Direction is which scores are better, and whether any are.
func (m *Measure) Direction() (d stats.Direction, ok bool) {
	if m.Better == results.GreaterBetter {
		return stats.HigherIsBetter, true
	}
	return stats.LowerIsBetter, m.Better != results.NoBetter
}

// Label is the name with its unit, for an axis.
func (m *Measure) Label() string {
	if m.Unit == "" {
		return m.Name
	}
	return m.Name + " [" + m.Unit + "]"
}

// primary are the metrics that a report shows when asked for none: the first
// that an environment has.
var primary = []results.Metric{results.L1, results.JSD, results.TV, results.KLTargetPT, results.FCS, results.ELBO, results.Loss}

// Primary chooses for each environment its first metric of the target's
// approximation.
func (s *Sweep) Primary() suites.Metric {
	has := make(map[string]map[results.Metric]bool)
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		e := r.Environment()
		if has[e] == nil {
			has[e] = make(map[results.Metric]bool)
		}
		final := r.Run.Final()
		for _, m := range primary {
			if _, ok := final.Get(m); ok {
				has[e][m] = true
			}
		}
	}
	chosen := suites.Metric{Default: primary[0].String(), ByEnvironment: make(map[string]string)}
	for e, metrics := range has {
		for _, m := range primary {
			if metrics[m] {
				if m != primary[0] {
					chosen.ByEnvironment[e] = m.String()
				}
				break
			}
		}
	}
	return chosen
}
