package report

import (
	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// LookupMetric finds a metric by its name. The error is a *usage.Error that names
// the nearest one.
func LookupMetric(name string) (metric.Metric, error) {
	m, ok := metric.Lookup(name)
	if !ok {
		return 0, usage.Errorf("there is no metric %q%s", name, usage.Suggest(name, metric.Names()))
	}
	return m, nil
}

// primary lists the metrics that a report shows by default: it takes the first
// one that an environment has.
var primary = []metric.Metric{metric.L1, metric.JSD, metric.TV, metric.KLTargetPT, metric.FCS, metric.ELBO, metric.Loss}

// PrimaryMetrics lists the metrics that a report shows by default: the first one that an
// environment has.
func PrimaryMetrics() []metric.Metric { return primary }

// Primary chooses for each environment the first metric that measures how well
// the policy approximates the target.
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

// Evaluated returns the metrics that any evaluation has, in their order, and
// which of them have a standard error in any.
func (s *Sweep) Evaluated() (metrics []metric.Metric, estimated [metric.NumEvaluated]bool) {
	var e evaluated
	for _, r := range s.All() {
		if r.Run != nil {
			e.add(r.Run)
		}
	}
	return e.metrics(), e.estimated
}

// evaluated collects the metrics that runs have.
type evaluated struct{ has, estimated [metric.NumEvaluated]bool }

func (e *evaluated) add(run *results.Run) {
	for i := range run.Curve {
		p := &run.Curve[i]
		for m := range metric.NumEvaluated {
			if _, ok := p.Get(m); ok {
				e.has[m] = true
			}
			if _, ok := p.StdErr(m); ok {
				e.estimated[m] = true
			}
		}
	}
}

func (e *evaluated) metrics() (all []metric.Metric) {
	for _, m := range metric.Evaluated() {
		if e.has[m] {
			all = append(all, m)
		}
	}
	return all
}
