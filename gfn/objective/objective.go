// Package objective holds the training objectives and their control variates.
//
// With a fixed backward policy the gradient of every objective is a weighted
// sum of scores: Σ_n k_n ∇ log p_F(τ_n) (da Silva et al. 2024, Sec. 3 and
// App. C). An objective with a control variate is therefore a function from
// the batch's log-probabilities to detached coefficients k_n; the policy turns
// coefficients into a gradient with one backward pass. To add an objective,
// write one file with its Kind and add one line to registry.go.
//
// Notation, for trajectory n of a batch of N drawn from the forward policy:
//
//	c_n = log p_F(τ_n) - log p_B(τ_n|x_n) - log r(x_n)
//	w_n = exp(-c_n), of mean Z
//	s_n = ∇ log p_F(τ_n), the score
//
// and p_B(τ) = r(x) p_B(τ|x) / Z is the target over trajectories.
//
// # Learned backward policies
//
// Where the backward policy is trained too, the derivative by log p_B is
// Coefficients.LogPB (or StepLogPB). Balance and regression losses see only
// the difference of the two, so it is minus the other. The divergences are
// minimised by both policies; every file derives its own term.
//
// # Trajectories of another policy
//
// Balance and regression losses are sound on any trajectories. The divergences
// are expectations under p_F: on trajectories drawn from q each trajectory's
// on-policy coefficient is multiplied by v_n = p_F(τ_n)/q(τ_n), and so is its
// term in the mean g of Renyi's denominator and in the loss, while baselines
// stay plain means. As Σ_τ q v s = 0, that keeps "none" and "loo" unbiased and
// batch-mean (N-1)/N times loo, exactly, for a fixed backward policy.
package objective

import "gfnbench/gfn/param"

// A Batch is what one batch of N trajectories tells an objective. Logarithms
// are natural. All slices are read only and, but for the transitions, of length N.
type Batch struct {
	LogPF []float64 // log p_F(τ_n), the target policy
	LogPB []float64 // log p_B(τ_n | x_n)
	LogR  []float64 // log r(x_n)
	LogQ  []float64 // log-probability of τ_n under the behaviour policy; empty when it is p_F itself

	// LogZ is the learned log partition function (objectives with LearnsLogZ).
	LogZ float64

	// Shift is the run's one constant subtracted from every log w = log p_B r / p_F
	// before it is exponentiated: the maximum of log w over the run's first
	// batch, or the minimum for alpha > 1 (see Kind.Shift). A constant for the
	// whole run leaves every gradient exact up to one factor; a shift per batch
	// would bias it.
	Shift float64

	// Start gives the transitions of each trajectory, for objectives with
	// NeedsFlows, and is empty for others: trajectory n owns transitions Start[n]
	// up to Start[n+1], in order from s0, so there are N+1 elements. The
	// other slices have one element a transition s→s': StepLogPF is log p_F(s'|s),
	// StepLogPB log p_B(s|s'), and LogF log F(s), with the scalar LogZ already
	// added. The flow of a terminal state is r(x).
	Start     []int32
	StepLogPF []float64
	StepLogPB []float64
	LogF      []float64
}

// Coefficients are what an objective makes of a batch: the loss and the
// derivatives by which each log-probability enters the gradient. Fit sizes the
// slices for an objective; the objective writes every element of those.
type Coefficients struct {
	// Loss is the batch's estimate of the objective, up to the constant each
	// objective documents.
	Loss float64

	// LogPF are the k_n: gradient = Σ_n LogPF[n] ∇ log p_F(τ_n).
	LogPF []float64

	// LogPB multiply ∇ log p_B(τ_n | x_n) where the backward policy is learned;
	// empty if it is fixed.
	LogPB []float64

	// LogZ is the derivative by the learned log Z (for flow objectives by the
	// scalar that is added to every log F).
	LogZ float64

	// StepLogPF, StepLogPB and LogF are the derivatives by those of the batch, one
	// a transition, for objectives with NeedsFlows, whose LogPF and LogPB are empty.
	// StepLogPB is empty if the backward policy is fixed.
	StepLogPF, StepLogPB, LogF []float64

	// Second is the second set of score coefficients of an objective that is a
	// Mixer; empty for all others. LogPF then holds the first.
	Second []float64
}

// Fit sizes the slices for objective o of kind k on batch b and empties those
// that do not apply to it. It allocates only when a batch is larger than any
// before.
func (c *Coefficients) Fit(k *Kind, o Objective, b *Batch, learnedBackward bool) {
	trajectories, transitions, second := len(b.LogPF), 0, 0
	if k.NeedsFlows {
		trajectories, transitions = 0, len(b.StepLogPF)
	}
	if _, ok := o.(Mixer); ok {
		second = trajectories
	}
	c.LogPF, c.Second = resize(c.LogPF, trajectories), resize(c.Second, second)
	c.StepLogPF, c.LogF = resize(c.StepLogPF, transitions), resize(c.LogF, transitions)
	if !learnedBackward {
		trajectories, transitions = 0, 0
	}
	c.LogPB, c.StepLogPB = resize(c.LogPB, trajectories), resize(c.StepLogPB, transitions)
}

// resize returns a slice of length n, s's own memory where it is enough.
func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

// An Objective turns batches into coefficients. It holds no state between
// batches beyond buffers and is used by one goroutine.
type Objective interface {
	// Coefficients writes the loss, the derivative by log Z (0 if none is
	// learned) and every element of the slices of c that are not empty, which Fit
	// has sized for b; what they held before means nothing. It keeps neither b nor
	// c. The divisor N is the coefficients' own: nothing divides them later.
	// Objectives that are not OffPolicy weight by exp(LogPF - LogQ) where b.LogQ
	// is not empty.
	Coefficients(b *Batch, c *Coefficients)
}

// A Mixer is an objective whose coefficients depend on inner products of
// gradients (the paper's Eq. 6). The policy takes two backward products,
// S = Σ_n LogPF[n] s_n and G = Σ_n Second[n] s_n, and the gradient is
// wS·S + wG·G with the weights that Mix returns.
type Mixer interface {
	Objective

	// Mix returns the weights of S and G for the batch of the last call of
	// Coefficients, given the inner products <S, S> and <S, G> over the network's
	// parameters.
	Mix(dotSS, dotSG float64) (wS, wG float64)
}

// A Spec chooses an objective and its parameters.
type Spec struct {
	Name           string       // of its Kind, such as "tb"
	Params         param.Values // those that its Kind declares; defaults may be left out
	ControlVariate string       // "" for objectives that take none
}

// Equal reports whether both choose the same objective.
func (s Spec) Equal(t Spec) bool {
	return s.Name == t.Name && s.ControlVariate == t.ControlVariate && s.Params.Equal(t.Params)
}

// A Kind is a registered objective: what it needs, what it can take and, where
// it cannot, why.
type Kind struct {
	Name     string // as in a suite file
	Label    string // name for readers of figures and tables; "": Name
	Doc      string // one line
	Formula  string // the loss or divergence in plain text
	Source   string // citation
	Revision int    // bumped by hand when the same batch gives other coefficients

	Params            []param.Param // what it can be given; objectives that share a name share its declaration
	ControlVariates   []string      // empty: takes none
	LearnsLogZ        bool          // has a learned log Z (or flow scalar)
	NeedsFlows        bool          // uses per-transition terms and log F
	OffPolicy         bool          // sound on trajectories of another policy without weights
	NoLearnedBackward string        // why a learned backward policy is refused; empty: sound (but see RefuseBackward)
	Smallest          int           // smallest batch it is defined on, 0 for 1 (see MinBatch)
	PaperIsLOO        bool          // control variate "paper" is "loo" by definition

	// Score is the exact gradient by the policy's scores, given the batch's Shift and
	// LogZ; nil for objectives that need flows.
	Score func(s Spec, b *Batch) Score

	// New makes the objective that a Spec describes, which Make has checked and
	// completed.
	New func(s Spec) Objective
}
