package gfn

import (
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// A Spec is one fully resolved training run. Nothing in it depends on the machine, so a
// Spec always gives the same numbers. An empty string stands for the first of the choices
// listed.
type Spec struct {
	Environment string       // kind, such as "hypergrid"
	Params      param.Values // parameters of the environment; defaults may be left out

	Objective   objective.Spec // what is minimised, with its control variate
	Backward    string         // backward policy: "uniform" or "learned"
	Exploration float64        // epsilon of the epsilon-uniform behaviour policy
	Importance  bool           // weight trajectories by p_F/q when exploring

	Policy    Policy    // the network
	Optimizer Optimizer // learning rates and log Z

	Steps     int     // gradient steps
	Batch     int     // trajectories per step
	EvalEvery int     // steps between evaluations; step 0 and the last are always evaluated
	ClipNorm  float64 // largest norm of the gradient; 0: no clipping

	Eval     Eval      // how metrics are measured
	TopK     int       // distinct terminals in the top_k metric; 0 leaves it out
	Modes    Modes     // which terminals count as modes
	FCS      FCS       // subsets of the fcs metric
	Variance *Variance // gradient-variance measurement; nil: none

	// Streams is the root of the run's random numbers: the hash of the root
	// seed, the seed index and every parameter that is not paired.
	Streams stream.Key
}

// Policy chooses the network.
type Policy struct {
	Kind       string // "mlp", "deep-set", "gin" (phylo) or "mixture" (continuous)
	Hidden     []int  // widths of the hidden layers; of a gin, one for each of its layers, all equal
	Activation string // "relu" or "leaky-relu" (slope 0.01)
	OutputInit string // "zero": uniform initial policy; "torch": PyTorch's default
	Components int    // mixture components of each coordinate ("mixture" only)

	// Input is what an mlp sees of a sequence: "one-hot" tokens; a learned "embedding" of
	// each token with Embedding numbers; or the tokens' "ids" as numbers, with Pad in
	// places not yet filled. If Pad is nil, they hold the end token's id, which is the
	// number of tokens.
	Input     string
	Embedding int // numbers per token if Input is "embedding"; 0: 8
	Pad       *float64

	// Readout is what a gin reads its outputs from: "roots" for the roots of a forest,
	// "forest" for the sum over all its nodes, or "forest-linear" for a linear layer on
	// that sum.
	Readout string

	// Anchors is half the width of the interval over which the means of a mixture
	// are spread at the start; nil: 3.
	Anchors *float64
}

// Optimizer is Adam with a schedule, and the learned log Z. With flow objectives, log Z
// is the scalar added to every log F. The schedule's factor multiplies both learning
// rates unless log Z has its own schedule. See network.Schedule and network.Adam for the
// formulas.
type Optimizer struct {
	LR     float64 // of the network
	LogZLR float64 // of log Z

	// LogZInit gives log Z at the start: "zero" and "value" mean 0, "shift" the largest
	// log r of the first batch, "batch" the mean of log w over the first batch, and
	// "exact" the environment's log Z. LogZValue is added to each.
	LogZInit  string
	LogZValue float64 // in nats

	Schedule     string // "polynomial", "cosine" or "constant"
	LogZSchedule string // schedule of LogZLR: "same" as Schedule, or one of its other values

	Power   float64 // exponent of the polynomial schedule
	Beta1   float64 // decay of Adam's first moment
	Beta2   float64 // decay of Adam's second moment
	Epsilon float64 // added to the root of Adam's second moment
}

// Eval says how much is spent on evaluation.
type Eval struct {
	Mode         string // "auto": exact where the states can be enumerated; "exact": demanded; "sampled": never
	Samples      int    // exact target samples of an estimated metric, before the last step
	FinalSamples int    // the same, at the last step
	MaxStates    int    // most states to enumerate

	// From says whose samples an estimate uses if p_T is known exactly at single states:
	// "target", or "both", which takes half of them from the policy and shows where
	// policy and target do not overlap. "" means the default of the environment's kind.
	From string

	// BackwardSamples is how many backward trajectories estimate p_T(x) in the
	// metric l1_mc, and HistogramSamples how many policy samples make the histogram
	// of l1_hist; 0 leaves the metric out.
	BackwardSamples, HistogramSamples int

	// LogSAlpha asks for the metric log_s_alpha.
	LogSAlpha bool

	// HeldOut is the number of states of the metric spearman; 0 leaves it out.
	HeldOut int
}

// Modes defines a mode: a terminal state with r ≥ τ.
type Modes struct {
	Quantile  float64  // τ is this quantile of r over the terminal states (or 10^5 target samples)
	Threshold *float64 // τ itself, as a reward; overrides Quantile
}

// FCS sizes flow consistency in subgraphs, the metric fcs (da Silva et al.,
// ICLR 2025).
type FCS struct {
	Size  int // terminals in a subset; at most Eval.Samples (or Batch, without target samples) if states are not enumerated
	Count int // number of subsets, at most that many if states are not enumerated; 0 leaves the metric out
}

// Variance asks for the covariance trace of the batch gradient.
type Variance struct {
	Steps      []int            // training steps at which it is measured
	Batches    []int            // batch sizes
	Replicates int              // batches of each size
	Objectives []objective.Spec // pairs of objective and control variate, all on the same trajectories

	// Exact asks for the exact gradient as the reference, if the states can be
	// enumerated, trajectories are the policy's own and the backward policy is uniform.
	Exact bool
}
