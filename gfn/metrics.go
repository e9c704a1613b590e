package gfn

import "math"

// A Metric is one measured quantity of an evaluation.
type Metric int

// The metrics, in the order of the results' columns. The notation is that of da
// Silva et al. 2024: p_T is the policy's distribution over terminal states,
// π = r/Z the target, p_F and p_B the forward and backward distributions over
// trajectories τ, and w = r(x) p_B(τ|x) / p_F(τ). Logarithms are natural; what
// has no unit is a pure number. On continuous environments sums over states are
// integrals.
const (
	L1         Metric = iota // Σ_x |p_T(x) - π(x)|, at most 2
	TV                       // L1/2, at most 1
	JSD                      // ½ KL(p_T‖m) + ½ KL(π‖m), m = ½(p_T + π), at most ln 2; nats
	KLPTTarget               // KL(p_T‖π) over terminal states; nats
	KLTargetPT               // KL(π‖p_T) over terminal states; nats
	ELBO                     // E_{p_F}[log w], a lower bound of log Z; nats
	EUBO                     // E_{p_B}[log w], an upper bound of log Z; nats
	LogZ                     // the learned log Z, or log F(s0) of a state flow; nats; absent where none is learned
	LogZEst                  // log of the training batch's mean w, an estimate of log Z; nats
	TrajKLFwd                // KL(p_B‖p_F) over trajectories; nats
	TrajKLRev                // KL(p_F‖p_B) over trajectories; nats
	SAlpha                   // Σ_τ p_F(τ)^α p_B(τ)^(1-α) at the objective's alpha, at ½ where it takes none
	Loss                     // the objective's value on the training batch
	GradNorm                 // Euclidean norm of that batch's gradient with respect to the network's parameters, before clipping
	TopK                     // mean log r of the Spec.TopK best distinct terminal states seen in training; nats; absent at step 0
	NumModes                 // distinct terminal states with r(x) ≥ τ seen in training; absent where τ is unknown (see Modes)
	FCSTV                    // mean over random subsets B of TV(p_T^B, π^B), renormalised on B: column "fcs" (FCS is its size)
	Samples                  // exact target samples behind the estimated metrics
	NumMetrics               // how many there are
)

var metricNames = [NumMetrics]string{
	"l1", "tv", "jsd", "kl_pt_target", "kl_target_pt", "elbo", "eubo", "log_z", "log_z_est",
	"traj_kl_fwd", "traj_kl_rev", "s_alpha", "loss", "grad_norm", "top_k", "modes", "fcs", "samples",
}

// String is the metric's column name.
func (m Metric) String() string { return metricNames[m] }

// An Estimate is a metric's value, or, as its zero value, the lack of one.
type Estimate struct {
	Value   float64 // in the metric's unit; 0 where it is absent, NaN where the run diverged
	StdErr  float64 // standard error of Value, NaN where that is exact; 0 where it is absent
	Present bool    // whether the metric was measured
}

// Exact is an exact value.
func Exact(x float64) Estimate { return Estimate{Value: x, StdErr: math.NaN(), Present: true} }

// Estimated is a value with its standard error.
func Estimated(x, stderr float64) Estimate { return Estimate{Value: x, StdErr: stderr, Present: true} }

// same reports whether two estimates have the same bits.
func (e Estimate) same(f Estimate) bool {
	return e.Present == f.Present && math.Float64bits(e.Value) == math.Float64bits(f.Value) && math.Float64bits(e.StdErr) == math.Float64bits(f.StdErr)
}

// A Row is one evaluation. All its values are at the same parameters.
type Row struct {
	Step     int                  // gradient steps taken before it
	Metrics  [NumMetrics]Estimate // by Metric; absent where not measured
	Variance []VarianceRow        // where Spec.Variance asks for it at this step
}
