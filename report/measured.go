package report

import "gfnbench/suites"

// measured returns the table with the metric that the paper probably shows, or nil if the
// suite does not say or the metric is the table's own.
func (s *Sweep) measured(spec *suites.Table) (*Table, error) {
	if spec.Reference == nil || spec.Reference.Measured.Default == "" && len(spec.Reference.Measured.ByEnvironment) == 0 {
		return nil, nil
	}
	again := *spec
	again.Reference, again.Base = nil, ""
	again.Metric = spec.MeasuredMetric()
	return s.Table(&again)
}
