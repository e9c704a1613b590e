package metric

import "math"

const discrete = "discrete environments"

// registry defines the metrics. The notation follows da Silva et al. 2024: p_T is the
// policy's distribution over terminal states, π = r/Z the target, p_F and p_B the forward
// and backward distributions over trajectories τ, and w = r(x) p_B(τ|x) / p_F(τ) an
// importance weight. Logarithms are natural. On continuous environments sums over states
// are integrals.
var registry = [num]Info{
	L1: {Name: "l1", Label: "L₁ distance", Better: LowerBetter, Estimable: true, Most: 2,
		Definition: "Σ_x |p_T(x) - π(x)|, at most 2"},
	TV: {Name: "tv", Label: "total variation", Better: LowerBetter, Estimable: true, Most: 1,
		Definition: "½ Σ_x |p_T(x) - π(x)|, at most 1"},
	JSD: {Name: "jsd", Label: "Jensen–Shannon divergence", Unit: "nats", Better: LowerBetter, Estimable: true, Most: math.Ln2,
		Definition: "½ KL(p_T‖m) + ½ KL(π‖m), m = ½(p_T + π), at most ln 2"},
	KLPTTarget: {Name: "kl_pt_target", Label: "KL(p_T‖π)", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_T‖π) over terminal states"},
	KLTargetPT: {Name: "kl_target_pt", Label: "KL(π‖p_T)", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(π‖p_T) over terminal states"},
	ELBO: {Name: "elbo", Label: "ELBO", Signed: true, Unit: "nats", Better: GreaterBetter, Estimable: true,
		Definition: "E_{p_F}[log w], a lower bound of log Z"},
	EUBO: {Name: "eubo", Label: "EUBO", Signed: true, Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "E_{p_B}[log w], an upper bound of log Z"},
	LogZ: {Name: "log_z", Label: "learned log Z", Signed: true, Unit: "nats", Where: "objectives with a learned log Z",
		Definition: "the learned log Z_θ, or log F(s0) of the state flow; null if the objective learns none"},
	LogZEst: {Name: "log_z_est", Label: "estimated log Z", Signed: true, Unit: "nats", Estimable: true,
		Definition: "log of the training batch's mean importance weight, an estimate of log Z = log E_{p_F}[w]"},
	TrajKLFwd: {Name: "traj_kl_fwd", Label: "KL(p_B‖p_F)", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_B‖p_F) over trajectories"},
	TrajKLRev: {Name: "traj_kl_rev", Label: "KL(p_F‖p_B)", Unit: "nats", Better: LowerBetter, Estimable: true,
		Definition: "KL(p_F‖p_B) over trajectories"},
	SAlpha: {Name: "s_alpha", Label: "S_α", Estimable: true, ByObjective: true,
		Definition: "Σ_τ p_F(τ)^α p_B(τ)^(1-α) at the cell's alpha, or at ½ if it has none; null where samples cannot estimate it, see log_s_alpha"},
	Loss: {Name: "loss", Label: "loss", Signed: true, ByObjective: true,
		Definition: "the objective's value on the batch drawn at this step, up to constants; not comparable between objectives"},
	GradNorm: {Name: "grad_norm", Label: "gradient norm", ByObjective: true,
		Definition: "Euclidean norm of that batch's gradient with respect to the network's parameters, without log Z, before clipping"},
	TopK: {Name: "top_k", Label: "top-K log reward", Signed: true, Unit: "nats", Where: discrete, Better: GreaterBetter,
		Definition: "mean log r of the K best distinct terminal states seen in training; null at step 0 and on continuous environments"},
	Modes: {Name: "modes", Label: "modes found", Where: discrete, Better: GreaterBetter, Integer: true,
		Definition: "distinct terminal states with r(x) ≥ τ seen in training; null if τ is unknown, and on continuous environments"},
	FCS: {Name: "fcs", Label: "FCS", Where: "discrete environments, where fcs.count is above 0", Better: LowerBetter, Estimable: true, Most: 1,
		Definition: "mean over random subsets B of TV(p_T^B, π^B), both renormalised on B"},
	Samples: {Name: "samples", Label: "target samples", Integer: true,
		Definition: "exact target samples behind the estimated metrics; null if there are none"},
	L1MC: {Name: "l1_mc", Label: "Monte Carlo L₁ distance", Where: "discrete environments, where eval.backward_samples is above 0", Better: LowerBetter, Estimable: true,
		Definition: "l1 with p_T(x) estimated by the mean of p_F(τ)/p_B(τ|x) over M backward trajectories to each x, M = eval.backward_samples"},
	L1MCFloor: {Name: "l1_mc_floor", Label: "Monte Carlo L₁ floor", Where: "discrete environments with l1, where eval.backward_samples is above 0", Estimable: true,
		Definition: "what l1_mc would be on average if p_T were π: √(2/(πM)) Σ_x π(x) sd(p_F/p_B | x)/p_T(x), with the exact sd, by the normal law of a mean of M"},
	L1Hist: {Name: "l1_hist", Label: "histogram L₁ distance", Where: "discrete environments whose states are enumerated, where eval.histogram_samples is above 0", Better: LowerBetter, Most: 2,
		Definition: "l1 with p_T(x) estimated by its share k/n of n samples of the policy, n = eval.histogram_samples"},
	L1HistFloor: {Name: "l1_hist_floor", Label: "histogram L₁ floor", Where: "discrete environments whose states are enumerated, where eval.histogram_samples is above 0",
		Definition: "what l1_hist would be on average if p_T were π: Σ_x E|k/n - π(x)|, k binomial (exact, by De Moivre's formula)"},
	LogSAlpha: {Name: "log_s_alpha", Label: "log S_α", Signed: true, Where: "cells with eval.log_s_alpha", Estimable: true, ByObjective: true,
		Definition: "log of s_alpha, which does not overflow; null where samples cannot estimate it: alpha is below 0 or above 1, and their terms have a tail index above 0.7, so that S_α may be infinite"},
	Spearman: {Name: "spearman", Label: "rank correlation", Signed: true, Where: "discrete environments, where eval.held_out is above 0", Better: GreaterBetter, Estimable: true, Most: 1,
		Definition: "Spearman's correlation of log p_T(x) and log r(x) over eval.held_out states x: half of them samples of the target, where it can be sampled, the others of the uniform policy"},

	Seconds: {Name: "seconds", Label: "time", Unit: "s", Source: Timing, Better: LowerBetter,
		Definition: "time spent on the run"},
	TrajectoriesPerSecond: {Name: "trajectories_per_second", Label: "trajectories", Unit: "1/s", Source: Timing, Better: GreaterBetter,
		Definition: "trajectories trained on per second"},
	TraceCov: {Name: "trace_cov", Label: "Tr Cov", Where: "cells that [variance] selects", Source: Variance, Better: LowerBetter,
		Definition: "Tr Cov of the batch gradient"},
	Cosine: {Name: "cosine", Label: "cosine to reference gradient", Signed: true, Where: "cells that [variance] selects", Source: Variance, Better: GreaterBetter, Most: 1,
		Definition: "mean cosine of the batch gradient to the reference gradient"},
	BiasSq: {Name: "bias_sq", Label: "squared bias", Signed: true, Where: "cells that [variance] selects with reference = \"exact\", where the exact gradient is within reach", Source: Variance, Better: LowerBetter,
		Definition: "‖mean batch gradient - exact gradient‖², unbiased, so that it may be below 0 where there is no bias"},
}
