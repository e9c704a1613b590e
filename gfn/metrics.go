package gfn

import (
	"math"

	"gfnbench/gfn/metric"
)

// An Estimate is a metric's value. Its zero value means that there is none.
type Estimate struct {
	Value   float64 // in the metric's unit; 0 if it is absent, NaN if the run diverged
	StdErr  float64 // standard error of Value, NaN if that is exact; 0 if it is absent
	Present bool    // whether the metric was measured
}

// Exact returns an exact value.
func Exact(x float64) Estimate { return Estimate{Value: x, StdErr: math.NaN(), Present: true} }

// Estimated returns a value with its standard error.
func Estimated(x, stderr float64) Estimate { return Estimate{Value: x, StdErr: stderr, Present: true} }

// same reports whether two estimates have the same bits.
func (e Estimate) same(f Estimate) bool {
	return e.Present == f.Present && math.Float64bits(e.Value) == math.Float64bits(f.Value) && math.Float64bits(e.StdErr) == math.Float64bits(f.StdErr)
}

// A Row is one evaluation. All its values are at the same parameters.
type Row struct {
	Step     int                           // gradient steps taken before it
	Metrics  [metric.NumEvaluated]Estimate // by metric; absent if not measured
	Variance []VarianceRow                 // where Spec.Variance asks for it at this step
}
