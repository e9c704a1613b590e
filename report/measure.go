package report

import (
	"gfnbench/gfn/metric"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A Measure is a metric with its declaration.
type Measure struct {
	metric.Info
	metric metric.Metric
}

// MeasureOf is the measure of a metric's name. The error is a *UsageError that
// names the nearest one.
func MeasureOf(name string) (Measure, error) {
	m, ok := metric.Lookup(name)
	if !ok {
		return Measure{}, usage("there is no metric %q%s", name, didYouMean(name, metric.Names()))
	}
	return Measure{m.Info(), m}, nil
}

// OfVariance reports whether the metric belongs to the rows of the gradient
// variance, see [Sweep.VarianceRows].
func (m *Measure) OfVariance() bool { return m.Source == metric.Variance }

// Direction is which scores are better, and whether any are.
func (m *Measure) Direction() (d stats.Direction, ok bool) {
	if m.Better == metric.GreaterBetter {
		return stats.HigherIsBetter, true
	}
	return stats.LowerIsBetter, m.Better != metric.NoBetter
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
var primary = []metric.Metric{metric.L1, metric.JSD, metric.TV, metric.KLTargetPT, metric.FCS, metric.ELBO, metric.Loss}

// Primary chooses for each environment its first metric of the target's
// approximation.
func (s *Sweep) Primary() suites.Metric {
	has := make(map[string]map[metric.Metric]bool)
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		e := r.Environment()
		if has[e] == nil {
			has[e] = make(map[metric.Metric]bool)
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
