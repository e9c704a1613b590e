package gfn

import "math"

// A Metric is one measured quantity of an evaluation.
type Metric int

// The metrics, in the order of the results' columns.
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
	NumModes
	FCSTV
	Samples
	NumMetrics
)

var metricNames = [NumMetrics]string{
	"l1", "tv", "jsd", "kl_pt_target", "kl_target_pt", "elbo", "eubo", "log_z", "log_z_est",
	"traj_kl_fwd", "traj_kl_rev", "s_alpha", "loss", "grad_norm", "top_k", "modes", "fcs", "samples",
}

// String is the metric's column name.
func (m Metric) String() string { return metricNames[m] }

// An Estimate is a metric's value. StdErr is its standard error, NaN where the
// value is exact. A zero Estimate is absent.
type Estimate struct {
	Value, StdErr float64
	Present       bool
}

// Exact is an exact value.
func Exact(x float64) Estimate { return Estimate{Value: x, StdErr: math.NaN(), Present: true} }

// Estimated is a value with its standard error.
func Estimated(x, stderr float64) Estimate { return Estimate{Value: x, StdErr: stderr, Present: true} }

// A Row is one evaluation: the state of training after Step gradient steps.
type Row struct {
	Step     int
	Metrics  [NumMetrics]Estimate
	Variance []VarianceRow // where Spec.Variance asks for it at this step
}
