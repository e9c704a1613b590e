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
// If the backward policy is trained too, the derivative with respect to log p_B is
// Coefficients.LogPB (or StepLogPB). Balance and regression losses see only the
// difference of the two log-probabilities, so it is the negative of the other derivative.
// Both policies minimise the divergences; each file derives its term.
//
// # Trajectories of another policy
//
// Balance and regression losses are valid on any trajectories. The divergences are
// expectations under p_F. On trajectories drawn from q, each trajectory's on-policy
// coefficient is multiplied by v_n = p_F(τ_n)/q(τ_n), and so are its terms in the loss
// and in the mean g of Renyi's denominator, while baselines stay plain means. Since Σ_τ q
// v s = 0, "none" and "loo" stay unbiased and batch-mean stays (N-1)/N times loo,
// exactly, for a fixed backward policy.
package objective

import "gfnbench/gfn/param"

// A Batch is what an objective sees of a batch of N trajectories. Logarithms are natural.
// All slices are read only and, except those of transitions, have length N.
type Batch struct {
	LogPF []float64 // log p_F(τ_n), the target policy
	LogPB []float64 // log p_B(τ_n | x_n)
	LogR  []float64 // log r(x_n)
	LogQ  []float64 // log-probability of τ_n under the behaviour policy; empty if that is p_F itself

	// LogZ is the learned log partition function (objectives with LearnsLogZ).
	LogZ float64

	// Shift is the run's one constant subtracted from every log w = log p_B r / p_F
	// before exponentiation: the maximum of log w over the run's first batch, or the
	// minimum for alpha > 1 (see Kind.Shift). A constant for the whole run leaves every
	// gradient exact up to one factor; a shift per batch would bias it.
	Shift float64

	// Start gives the transitions of each trajectory for objectives with NeedsFlows, and
	// is empty for others. Trajectory n owns transitions Start[n] up to Start[n+1], in
	// order from s0, so there are N+1 elements. The other slices have one element per
	// transition s→s': StepLogPF is log p_F(s'|s), StepLogPB is log p_B(s|s'), and LogF
	// is log F(s) with the scalar LogZ already added. The flow of a terminal state is
	// r(x).
	Start     []int32
	StepLogPF []float64
	StepLogPB []float64
	LogF      []float64
}

// Coefficients are the result of an objective on a batch: the loss and the derivatives
// with respect to each log-probability. Fit sizes the slices for an objective, which
// writes every element of them.
type Coefficients struct {
	// Loss is the batch's estimate of the objective, up to the constant each
	// objective documents.
	Loss float64

	// LogPF are the k_n: gradient = Σ_n LogPF[n] ∇ log p_F(τ_n).
	LogPF []float64

	// LogPB multiply ∇ log p_B(τ_n | x_n) if the backward policy is learned, and are
	// empty if it is fixed.
	LogPB []float64

	// LogZ is the derivative with respect to the learned log Z or, for flow objectives,
	// the scalar added to every log F.
	LogZ float64

	// StepLogPF, StepLogPB and LogF are the derivatives with respect to the same fields
	// of the batch, one per transition, for objectives with NeedsFlows, whose LogPF and
	// LogPB are empty. StepLogPB is empty if the backward policy is fixed.
	StepLogPF, StepLogPB, LogF []float64

	// Second is the second set of score coefficients of an objective that is a
	// Mixer; empty for all others. LogPF then holds the first.
	Second []float64
}

// Fit sizes the slices for objective o of kind k on batch b and empties those that do not
// apply. It allocates only if a batch is larger than any before.
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

// resize returns a slice of length n, in s's memory if that is large enough.
func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

// An Objective turns batches into coefficients. It keeps nothing between batches except
// buffers; only one goroutine may use it.
type Objective interface {
	// Coefficients writes the loss, the derivative with respect to log Z (0 if none is
	// learned) and every element of the nonempty slices of c, which Fit has sized for b.
	// It ignores their previous contents and keeps neither b nor c. The coefficients
	// include the divisor N; nothing divides them later. Objectives that are not
	// OffPolicy weight by exp(LogPF - LogQ) if b.LogQ is not empty.
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
	Name           string       // name of its Kind, such as "tb"
	Params         param.Values // parameters that its Kind declares; defaults may be left out
	ControlVariate string       // "" for objectives that take none
}

// Equal reports whether both choose the same objective.
func (s Spec) Equal(t Spec) bool {
	return s.Name == t.Name && s.ControlVariate == t.ControlVariate && s.Params.Equal(t.Params)
}

// A Kind is a registered objective: what it needs, what it accepts and, for what it does
// not, why.
type Kind struct {
	Name     string // as in a suite file
	Label    string // name for readers of figures and tables; "": Name
	Doc      string // one line
	Formula  string // the loss or divergence in plain text
	Source   string // citation
	Revision int    // bumped by hand when the same batch gives other coefficients

	Params            []param.Param // what it accepts; objectives that share a name share its declaration
	ControlVariates   []string      // empty: takes none
	LearnsLogZ        bool          // has a learned log Z (or flow scalar)
	NeedsFlows        bool          // uses per-transition terms and log F
	OffPolicy         bool          // valid without weights on trajectories of another policy
	NoLearnedBackward string        // why a learned backward policy is refused; empty: it is valid (but see RefuseBackward)
	Smallest          int           // smallest batch on which it is defined, 0 for 1 (see MinBatch)
	PaperIsLOO        bool          // control variate "paper" is "loo" by definition

	// Score returns the exact gradient in terms of the policy's scores, given the batch's
	// Shift and LogZ. It is nil for objectives that need flows.
	Score func(s Spec, b *Batch) Score

	// New makes the objective that a Spec describes, which Make has checked and
	// completed.
	New func(s Spec) Objective
}
