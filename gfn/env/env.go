// Package env defines environments, in which a GFlowNet acts. A discrete environment is a
// graded directed acyclic graph of states, from one source s0 to terminal states that
// carry a reward. A continuous one is a target density reached one coordinate at a time.
// This package holds the interfaces and what several kinds share. Package kinds holds the
// registry and the kinds that need one file; larger kinds have their own packages.
// Package envtest checks everything that an environment must satisfy.
package env

import (
	"maps"

	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// An Environment is one instance: a kind with its parameters fixed and its
// random parts drawn. It is immutable and safe for concurrent use.
type Environment interface {
	// Kind returns the registered name, such as "hypergrid".
	Kind() string

	// Capabilities says what can be computed exactly and why the rest cannot.
	Capabilities() Capabilities

	// LogZ returns the exact log partition function, log Σ_x r(x), in nats. It is NaN
	// unless Capabilities().LogZ holds.
	LogZ() float64

	// Instance lists what was drawn or given for this instance, to be written into the
	// results.
	Instance() []Field
}

// A Describer is an environment whose data determine some of its parameters.
type Describer interface {
	Environment

	// Actual returns the declared parameters whose values come from neither the suite nor
	// a default, such as the number of species in an alignment. A null value marks a
	// parameter without effect, such as the number of sites to simulate if an alignment
	// is given.
	Actual() param.Values
}

// Actual returns the parameters of the instance e. p is the result of Complete from which
// e was made. Parameters without effect are left out.
func Actual(e Environment, p param.Values) param.Values {
	d, ok := e.(Describer)
	if !ok {
		return p
	}
	p = maps.Clone(p)
	for name, v := range d.Actual() {
		if v.IsNull() {
			delete(p, name)
		} else {
			p[name] = v
		}
	}
	return p
}

// Capabilities are an environment's declared abilities.
type Capabilities struct {
	Continuous    bool       // states are real vectors
	Enumerable    Capability // every state fits in memory, up to MaxEnumerable of them
	LogZ          Capability // log Z has a closed form or is cheap to sum
	TargetSamples Capability // exact independent samples of r/Z
	States        float64    // number of states including terminal ones, +Inf if unknown
	Terminals     float64    // number of terminal states, +Inf if unknown
}

// A Capability holds or says why it does not.
type Capability struct {
	OK  bool   // whether it holds
	Why string // why it does not hold, lower case; empty if OK
}

// Yes returns a capability that holds.
func Yes() Capability { return Capability{OK: true} }

// No returns a capability that does not hold because of why.
func No(why string) Capability { return Capability{Why: why} }

// A Field is one drawn or given part of an instance, such as the weights f of
// a sets environment.
type Field struct {
	Name   string    // such as "f"
	Values []float64 // numbers, row-major for a matrix
	Text   string    // anything not numeric, such as an alignment or a tree in Newick form
}

// A Discrete environment is a graded DAG: every path from s0 to a state has
// the same number of steps.
//
// A state is a code of Words() machine words; two states are equal if and only if their
// codes are. If trajectories may stop early, the terminal copy of a state is a separate
// state whose only parent is the state itself.
//
// Forward actions are numbered 0..Actions()-1, backward actions
// 0..BackwardActions()-1. Masks are bit sets: bit a&63 of word a>>6.
type Discrete interface {
	Environment

	// Words returns the length of a state's code.
	Words() int

	// Actions returns the number of forward actions, the width of a policy's output.
	Actions() int

	// BackwardActions returns the number of backward actions.
	BackwardActions() int

	// MaxSteps returns the number of actions in the longest trajectory.
	MaxSteps() int

	// Reset writes s0.
	Reset(s []uint64)

	// Terminal reports whether s is a terminal state.
	Terminal(s []uint64) bool

	// Mask writes the legal forward actions of s, MaskWords(Actions()) words.
	// It is all zero if and only if s is terminal.
	Mask(s, mask []uint64)

	// Step applies the legal action a to s in place and returns the backward
	// action that undoes it.
	Step(s []uint64, a int) (back int)

	// BackwardMask writes the legal backward actions of s, MaskWords(BackwardActions())
	// words. It is all zero only at s0. Each legal backward action leads to a different
	// parent.
	BackwardMask(s, mask []uint64)

	// Parents returns the number of legal backward actions, so the uniform
	// backward policy is 1/Parents(s).
	Parents(s []uint64) int

	// StepBack undoes backward action b in place and returns the forward action that
	// restores s.
	StepBack(s []uint64, b int) (forward int)

	// LogReward returns log r(x) of a terminal state, in nats.
	LogReward(x []uint64) float64

	// Features returns the length of the multi-hot encoding of a state, the input
	// width of an MLP.
	Features() int

	// AppendFeatures appends the indices of the encoding's ones, ascending.
	// Terminal states are encoded too, since a learned backward policy reads them.
	AppendFeatures(idx []int32, s []uint64) []int32

	// Format writes a state for people: "{0,3,7}", "(1,4)", a Newick tree.
	Format(s []uint64) string
}

// A Keeper is an environment that keeps what it has computed, for all of its users.
type Keeper interface {
	Environment

	// Kept returns the most memory that this takes, in bytes.
	Kept() float64
}

// A TargetSampler draws exact independent samples of r/Z. A discrete environment
// implements it if and only if it declares TargetSamples.
type TargetSampler interface {
	// SampleTarget writes one terminal state.
	SampleTarget(rng *stream.Stream, x []uint64)
}

// An Unordered environment reaches each terminal state by a fixed set of actions taken in
// any order. The ancestors of a terminal state form the lattice of subsets of that set,
// every order is legal, and the uniform backward policy gives each order the probability
// 1/n!.
type Unordered interface {
	Discrete
	// AppendTerminalActions appends the n actions that make up the terminal state x, in
	// ascending order.
	AppendTerminalActions(actions []int, x []uint64) []int
}

// An Inclusive environment knows the probability that each forward action is among those
// that make up a target sample.
type Inclusive interface {
	Unordered

	// Inclusion returns the probability, under r/Z, that the terminal state contains
	// each forward action: Actions() values that sum to the number of steps.
	Inclusion() []float64
}

// A Continuous environment is a target density on R^Dim, built one coordinate at a time:
// x_1, then x_2 and so on. Each point has one trajectory, so p_B(τ|x) = 1.
type Continuous interface {
	Environment

	// Dim returns the number of coordinates.
	Dim() int

	// LogReward returns log r(x), the log density of the target, in nats. If the density
	// is normalised, Z = 1.
	LogReward(x []float64) float64

	// SampleTarget writes one exact sample of the target.
	SampleTarget(rng *stream.Stream, x []float64)

	// Box returns a rectangle that holds the target's mass, for drawings and quadrature:
	// a lower and an upper bound for each coordinate.
	Box() (lo, hi []float64)
}

// MaskWords returns the number of words of a mask over n actions.
func MaskWords(n int) int { return (n + 63) / 64 }
