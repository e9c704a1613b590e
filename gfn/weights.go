package gfn

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/network"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// Weights are what a policy is after some gradient steps.
type Weights struct {
	Step    int              // gradient steps taken
	LogZ    float64          // the learned log Z, or the scalar of every log flow, in nats; 0 if none is learned
	Tensors []network.Tensor // the network's parameters
}

// Weights returns a copy of the policy as it is now.
func (t *Trainer) Weights() Weights {
	w := Weights{Step: t.step, LogZ: t.logZ.Value, Tensors: t.policy.Tensors()}
	for i := range w.Tensors {
		w.Tensors[i].Data = slices.Clone(w.Tensors[i].Data)
	}
	return w
}

// SetWeights makes the policy what Weights returned for the same Spec, to measure it
// and to draw from it: what training would need beside it is not known, so Step must
// not be called. It is an error where the tensors are not those of the network; then
// nothing is changed.
func (t *Trainer) SetWeights(w Weights) error {
	own := t.policy.Tensors()
	if len(own) != len(w.Tensors) {
		return fmt.Errorf("the network has %d tensors, not %d", len(own), len(w.Tensors))
	}
	for i, x := range w.Tensors {
		if x.Name != own[i].Name || !slices.Equal(x.Shape, own[i].Shape) || len(x.Data) != len(own[i].Data) {
			return fmt.Errorf("the network has the tensor %s of shape %v, not %s of %v", own[i].Name, own[i].Shape, x.Name, x.Shape)
		}
	}
	for i, x := range w.Tensors {
		copy(own[i].Data, x.Data)
	}
	t.step, t.logZ = w.Step, network.NewScalar(w.LogZ)
	return nil
}

// Evaluator gives the log-probabilities of the policy as it is now in states of a discrete
// environment; it is nil on continuous ones, see LogDensity.
func (t *Trainer) Evaluator() *policy.Evaluator {
	if d, ok := t.policy.(*policy.Discrete); ok {
		return d.Evaluator()
	}
	return nil
}

// Watch makes every Step call f before it changes the parameters, with the evaluation
// at them, if there is one. At the last step, and where the run diverges, there is.
func (t *Trainer) Watch(f func(row Row, evaluated bool)) { t.watch = f }

// History lists the metrics that depend on what a run did before, or on the state of its
// objective: a kept policy has none of them.
func History() []metric.Metric {
	return []metric.Metric{metric.Loss, metric.GradNorm, metric.TopK, metric.Modes}
}

// Measure evaluates the policy as the evaluation at its step in training does, with
// the same random numbers, so the values are the same. Metrics that depend on the
// run's history are left out: loss, grad_norm, top_k and modes.
func (t *Trainer) Measure() (Row, error) {
	t.rng.Reset(t.spec.Streams, "sampling", uint64(t.step))
	t.batch = t.policy.Sample(&t.rng, t.spec.Batch)
	for i := range t.batch.LogF {
		t.batch.LogF[i] += t.logZ.Value
	}
	row, err := t.evaluate(t.step == t.spec.Steps)
	for _, m := range History() {
		row.Metrics[m] = Estimate{}
	}
	return row, err
}

// A Draw is the end of a trajectory that the policy drew.
type Draw struct {
	State []uint64  // terminal state, of discrete environments; valid until the next
	Point []float64 // of continuous ones, Dim coordinates; valid until the next

	LogPF, LogPB, LogR float64 // log p_F(τ), log p_B(τ|x) and log r(x), in nats
}

// Draws draws n trajectories with the policy as it is now and yields them, as States
// and Points do.
func (t *Trainer) Draws(rng *stream.Stream, n int) iter.Seq[Draw] {
	return func(yield func(Draw) bool) {
		b := t.policy.Sample(rng, n)
		for i := range n {
			d := Draw{LogPF: b.LogPF[i], LogPB: b.LogPB[i], LogR: b.LogR[i]}
			switch p := t.policy.(type) {
			case *policy.Discrete:
				d.State = p.Terminal(i)
			case *policy.Mixture:
				d.Point = p.Point(i)
			}
			if !yield(d) {
				return
			}
		}
	}
}

// A Network says what is computed from Weights; docs/policies.md has the formulas. Fields
// that do not apply are zero.
type Network struct {
	Kind  string  `json:"kind"`            // "mlp", "deep-set", "gin" or "mixture"
	Input string  `json:"input,omitempty"` // what an mlp sees: "one-hot", "embedding" or "ids"
	Slope float64 `json:"slope"`           // of the activation at negative inputs

	Actions  int  `json:"actions,omitempty"`  // forward logits, the first outputs
	Flow     bool `json:"flow,omitempty"`     // log F(s), up to log_z, is the next output
	Backward int  `json:"backward,omitempty"` // backward logits, the last outputs; 0: the backward policy is uniform

	Tokens    int     `json:"tokens,omitempty"`    // different tokens, of embeddings and ids
	Positions int     `json:"positions,omitempty"` // of tokens
	Pad       float64 `json:"pad,omitempty"`       // the id where there is no token

	Leaves  int    `json:"leaves,omitempty"`  // of a gin
	Readout string `json:"readout,omitempty"` // of a gin: from the "roots" or the whole "forest"

	Anchors     []float64 `json:"anchors,omitempty"`       // added to the means of a mixture, a number a component
	MinLogScale float64   `json:"min_log_scale,omitempty"` // lower bound of its log-scales
	MaxLogScale float64   `json:"max_log_scale,omitempty"` // upper bound
}

// Network describes the run's network.
func (t *Trainer) Network() Network {
	p := t.spec.Policy
	slope, _ := network.Slope(p.Activation) // New has checked it
	n := Network{Kind: p.Kind, Slope: float64(slope)}
	switch e := t.instance.Env.(type) {
	case env.Continuous:
		n.Anchors = slices.Clone(t.policy.(*policy.Mixture).Anchors())
		n.MinLogScale, n.MaxLogScale = policy.MinLogScale, policy.MaxLogScale
	case env.Discrete:
		heads, _ := headsOf(t.spec, e, t.kind) // New has checked them
		n.Actions, n.Flow, n.Backward = heads.Actions, heads.Flow, heads.Backward
		if f, ok := e.(env.Forest); ok && n.Kind == "gin" {
			n.Leaves, n.Readout = f.Leaves(), cmp.Or(p.Readout, network.FromRoots)
		}
		if n.Kind == "mlp" {
			n.Input = inputOf(p)
		}
		if s, ok := e.(env.Sequential); ok && (n.Input == "embedding" || n.Input == "ids") {
			n.Tokens, n.Positions, n.Pad = s.Tokens(), s.Positions(), padOf(p, s)
		}
	}
	return n
}
