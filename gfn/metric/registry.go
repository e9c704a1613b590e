package metric

const discrete = "discrete environments"

// registry defines the metrics. The notation is that of da Silva et al. 2024:
// p_T is the policy's distribution over terminal states, π = r/Z the target, p_F
// and p_B the forward and backward distributions over trajectories τ, and
// w = r(x) p_B(τ|x) / p_F(τ) an importance weight. Logarithms are natural. On
// continuous environments sums over states are integrals.
var registry = [num]Info{
	L1: {Name: "l1", Better: LowerBetter, Estimable: true,
		Definition: "Σ_x |p_T(x) - π(x)|, at most 2"},
	TV: {Name: "tv", Better: LowerBetter, Estimable: true,
		Definition: "½ Σ_x |p_T(x) - π(x)|, at most 1"},
	JSD: {Name: "jsd", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "½ KL(p_T‖m) + ½ KL(π‖m), m = ½(p_T + π), at most ln 2"},
	KLPTTarget: {Name: "kl_pt_target", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_T‖π) over terminal states"},
	KLTargetPT: {Name: "kl_target_pt", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(π‖p_T) over terminal states"},
	ELBO: {Name: "elbo", Signed: true, Unit: "nats", Better: GreaterBetter, Estimable: true,
		Definition: "E_{p_F}[log w], a lower bound of log Z"},
	EUBO: {Name: "eubo", Signed: true, Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "E_{p_B}[log w], an upper bound of log Z"},
	LogZ: {Name: "log_z", Signed: true, Unit: "nats", Where: "objectives with a learned log Z",
		Definition: "the learned log Z_θ, or log F(s0) of the state flow; null where the objective learns none"},
	LogZEst: {Name: "log_z_est", Signed: true, Unit: "nats", Estimable: true,
		Definition: "log of the training batch's mean importance weight, an estimate of log Z = log E_{p_F}[w]"},
	TrajKLFwd: {Name: "traj_kl_fwd", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_B‖p_F) over trajectories"},
	TrajKLRev: {Name: "traj_kl_rev", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_F‖p_B) over trajectories"},
	SAlpha: {Name: "s_alpha", Estimable: true, ByObjective: true,
		Definition: "Σ_τ p_F(τ)^α p_B(τ)^(1-α) at the cell's alpha, at ½ where it has none"},
	Loss: {Name: "loss", Signed: true, ByObjective: true,
		Definition: "the objective's value on the batch drawn at this step, up to constants; not comparable between objectives"},
	GradNorm: {Name: "grad_norm", ByObjective: true,
		Definition: "Euclidean norm of that batch's gradient with respect to the network's parameters, without log Z, before clipping"},
	TopK: {Name: "top_k", Signed: true, Unit: "nats", Where: discrete, Better: GreaterBetter,
		Definition: "mean log r of the K best distinct terminal states seen in training; null at step 0 and on continuous environments"},
	Modes: {Name: "modes", Where: discrete, Better: GreaterBetter, Integer: true,
		Definition: "distinct terminal states with r(x) ≥ τ seen in training; null where τ is unknown and on continuous environments"},
	FCS: {Name: "fcs", Where: "discrete environments, where fcs.count is above 0", Better: LowerBetter, Estimable: true,
		Definition: "mean over random subsets B of TV(p_T^B, π^B), both renormalised on B"},
	Samples: {Name: "samples", Integer: true,
		Definition: "exact target samples behind the estimated metrics; null where there are none"},
	L1MC: {Name: "l1_mc", Where: "discrete environments, where eval.backward_samples is above 0", Better: LowerBetter, Estimable: true,
		Definition: "l1 with p_T(x) estimated by the mean of p_F(τ)/p_B(τ|x) over M backward trajectories to each x, M = eval.backward_samples"},
	L1MCFloor: {Name: "l1_mc_floor", Where: "discrete environments with l1, where eval.backward_samples is above 0", Estimable: true,
		Definition: "what l1_mc would be on average if p_T were π: √(2/(πM)) Σ_x π(x) sd(p_F/p_B | x)/p_T(x), with the exact sd, by the normal law of a mean of M"},
	L1Hist: {Name: "l1_hist", Where: "discrete environments whose states are enumerated, where eval.histogram_samples is above 0", Better: LowerBetter,
		Definition: "l1 with p_T(x) estimated by its share k/n of n samples of the policy, n = eval.histogram_samples"},
	L1HistFloor: {Name: "l1_hist_floor", Where: "discrete environments whose states are enumerated, where eval.histogram_samples is above 0",
		Definition: "what l1_hist would be on average if p_T were π: Σ_x E|k/n - π(x)|, k binomial (exact, by De Moivre's formula)"},

	Seconds: {Name: "seconds", Unit: "s", Source: Timing, Better: LowerBetter,
		Definition: "time spent on the run"},
	TrajectoriesPerSecond: {Name: "trajectories_per_second", Unit: "1/s", Source: Timing, Better: GreaterBetter,
		Definition: "trajectories trained on per second"},
	TraceCov: {Name: "trace_cov", Where: "cells that [variance] selects", Source: Variance, Better: LowerBetter,
		Definition: "Tr Cov of the batch gradient"},
	Cosine: {Name: "cosine", Signed: true, Where: "cells that [variance] selects", Source: Variance, Better: GreaterBetter,
		Definition: "mean cosine of the batch gradient to the reference gradient"},
}
