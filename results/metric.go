package results

// A Metric is one measured quantity of an evaluation: an index into the fixed
// registry, whose order is the order of the metric columns.
type Metric uint8

// The metrics. [Metric.Info] defines each.
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
	FCS // package gfn names it FCSTV
	Samples
	NumMetrics // how many there are
)

// A Direction says which values of a metric are better.
type Direction int8

// The directions.
const (
	NoBetter      Direction = 0  // neither
	LowerBetter   Direction = -1 // lower values are better
	GreaterBetter Direction = 1  // greater values are better
)

// MetricInfo documents a metric: column listings and manuals are generated
// from it.
type MetricInfo struct {
	Name       string    // column name
	Unit       string    // "nats", "" for a pure number
	Definition string    // formula, in the paper's notation
	Estimable  bool      // it may be estimated: column Name_stderr follows
	Integer    bool      // it counts something: an int64 column
	Better     Direction // which values are better
}

// The notation is that of da Silva et al. 2024: p_T is the policy's
// distribution over terminal states, π = r/Z the target, p_F and p_B the
// forward and backward distributions over trajectories τ, and
// w = r(x) p_B(τ|x) / p_F(τ) an importance weight.
var metrics = [NumMetrics]MetricInfo{
	L1:         {"l1", "", "Σ_x |p_T(x) - π(x)|, at most 2", true, false, LowerBetter},
	TV:         {"tv", "", "½ Σ_x |p_T(x) - π(x)|, at most 1", true, false, LowerBetter},
	JSD:        {"jsd", "nats", "½ KL(p_T‖m) + ½ KL(π‖m), m = ½(p_T + π), at most ln 2", true, false, LowerBetter},
	KLPTTarget: {"kl_pt_target", "nats", "KL(p_T‖π) over terminal states", true, false, LowerBetter},
	KLTargetPT: {"kl_target_pt", "nats", "KL(π‖p_T) over terminal states", true, false, LowerBetter},
	ELBO:       {"elbo", "nats", "E_{p_F}[log w], a lower bound of log Z", true, false, GreaterBetter},
	EUBO:       {"eubo", "nats", "E_{p_B}[log w], an upper bound of log Z", true, false, LowerBetter},
	LogZ:       {"log_z", "nats", "the learned log Z_θ, or log F(s0) of the state flow; null where the objective learns none", false, false, NoBetter},
	LogZEst:    {"log_z_est", "nats", "log of the training batch's mean importance weight, an estimate of log Z = log E_{p_F}[w]", true, false, NoBetter},
	TrajKLFwd:  {"traj_kl_fwd", "nats", "KL(p_B‖p_F) over trajectories", true, false, LowerBetter},
	TrajKLRev:  {"traj_kl_rev", "nats", "KL(p_F‖p_B) over trajectories", true, false, LowerBetter},
	SAlpha:     {"s_alpha", "", "Σ_τ p_F(τ)^α p_B(τ)^(1-α) at the cell's alpha, at ½ where it has none", true, false, NoBetter},
	Loss:       {"loss", "", "the objective's value on the batch drawn at this step, up to constants; not comparable between objectives", false, false, NoBetter},
	GradNorm:   {"grad_norm", "", "Euclidean norm of that batch's gradient with respect to the network's parameters, without log Z, before clipping", false, false, NoBetter},
	TopK:       {"top_k", "nats", "mean log r of the K best distinct terminal states seen in training; null at step 0 and on continuous environments", false, false, GreaterBetter},
	NumModes:   {"modes", "", "distinct terminal states with r(x) ≥ τ seen in training; null where τ is unknown and on continuous environments", false, true, GreaterBetter},
	FCS:        {"fcs", "", "mean over random subsets B of TV(p_T^B, π^B), both renormalised on B", true, false, LowerBetter},
	Samples:    {"samples", "", "exact target samples behind the estimated metrics; null where there are none", false, true, NoBetter},
}

// Info is the metric's registry entry.
func (m Metric) Info() MetricInfo { return metrics[m] }

// String is the metric's column name.
func (m Metric) String() string { return metrics[m].Name }

// Metrics lists all metrics in the order of their columns.
func Metrics() []Metric {
	all := make([]Metric, NumMetrics)
	for m := range all {
		all[m] = Metric(m)
	}
	return all
}

// LookupMetric finds a metric by its column name.
func LookupMetric(name string) (m Metric, ok bool) {
	for m := range NumMetrics {
		if metrics[m].Name == name {
			return m, true
		}
	}
	return 0, false
}

// stderrSuffix makes the column of a standard error from its metric's.
const stderrSuffix = "_stderr"
