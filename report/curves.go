package report

import (
	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// Curves gives access to the whole runs of a sweep, one at a time. If the sweep was
// loaded without curves, they are read again but are never all in memory. It must be
// closed after use.
type Curves struct {
	Metrics   []metric.Metric           // metrics that any evaluation has, in their order
	Estimated [metric.NumEvaluated]bool // whether any evaluation has a standard error of the metric
	store     *results.Store            // nil if the runs are in memory
}

// Curves opens the runs that are shown, with all evaluations or, if final is set, only
// the last of each. Errors are those of [results.Read].
func (s *Sweep) Curves(final bool) (*Curves, error) {
	if !s.finals {
		metrics, estimated := s.Evaluated()
		return &Curves{Metrics: metrics, Estimated: estimated}, nil
	}
	shown := make(map[string]bool)
	for _, r := range s.All() {
		shown[r.ID()] = true
	}
	var e evaluated
	store, err := results.NewStore(func(r *results.Run) bool {
		if shown[r.ID] {
			e.add(r)
		}
		if final {
			r.Curve = r.Curve[max(0, len(r.Curve)-1):]
		}
		return shown[r.ID]
	}, s.Dirs...)
	return &Curves{e.metrics(), e.estimated, store}, err
}

// Run returns the run of a row, which must have one.
func (c *Curves) Run(r *Row) (*results.Run, error) {
	if c.store == nil {
		return r.Run, nil
	}
	run, err := c.store.Find(r.ID())
	if run == nil && err == nil {
		run = r.Run // it was removed in the meantime
	}
	return run, err
}

// Close frees what reading uses.
func (c *Curves) Close() {
	if c.store != nil {
		c.store.Close()
	}
}
