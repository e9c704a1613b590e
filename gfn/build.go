package gfn

import (
	"cmp"
	"fmt"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// newPolicy makes the network and the policy of a run. The initial weights come from the
// "init" stream.
func newPolicy(spec Spec, e env.Environment, kind *objective.Kind) (policy.Policy, error) {
	if policies := kinds.Lookup(e.Kind()).Policies; !slices.Contains(policies, spec.Policy.Kind) {
		return nil, fmt.Errorf("%s has no policy %q: use one of %q", e.Kind(), spec.Policy.Kind, policies)
	}
	slope, err := network.Slope(spec.Policy.Activation)
	if err != nil {
		return nil, err
	}
	c := network.MLPConfig{Hidden: spec.Policy.Hidden, Slope: slope, ZeroOutput: spec.Policy.OutputInit != "torch"}
	init := spec.Streams.Stream("init", 0)
	switch e := e.(type) {
	case env.Continuous:
		if err := continuousOnly(spec, kind); err != nil {
			return nil, err
		}
		c.Outputs = policy.MixtureOutputs(spec.Policy.Components)
		net := network.NewRealMLP(policy.MixtureInputs(e.Dim()), c, init)
		halfWidth := 3.0
		if a := spec.Policy.Anchors; a != nil {
			halfWidth = *a
		}
		return policy.NewMixture(e, net, spec.Policy.Components, halfWidth), nil
	case env.Discrete:
		heads, err := headsOf(spec, e, kind)
		if err != nil {
			return nil, err
		}
		model, err := newModel(spec, e, heads, c, init)
		if err != nil {
			return nil, err
		}
		return policy.NewDiscrete(e, model, heads, spec.Exploration), nil
	}
	return nil, fmt.Errorf("%s is neither discrete nor continuous", e.Kind())
}

// continuousOnly returns an error for anything that is not defined on continuous
// environments.
func continuousOnly(spec Spec, kind *objective.Kind) error {
	switch {
	case kind.NeedsFlows:
		return fmt.Errorf("%s needs state flows, which are not defined for continuous environments here", kind.Name)
	case spec.Exploration > 0:
		return fmt.Errorf("epsilon-uniform exploration is not defined on unbounded actions")
	case spec.Backward == "learned":
		return fmt.Errorf("every point has one trajectory: there is no backward policy to learn")
	}
	return nil
}

// headsOf returns the outputs that the run's network has.
func headsOf(spec Spec, e env.Discrete, kind *objective.Kind) (network.Heads, error) {
	h := network.Heads{Actions: e.Actions(), Flow: kind.NeedsFlows}
	if spec.Backward == "learned" {
		if why := kind.RefuseBackward(spec.Objective.ControlVariate); why != "" {
			return h, fmt.Errorf("%s cannot train a learned backward policy: %s", kind.Name, why)
		}
		h.Backward = e.BackwardActions()
	}
	if spec.Exploration > 0 && !kind.OffPolicy && !spec.Importance {
		return h, fmt.Errorf("%s is defined on the policy's own trajectories: exploration needs importance = true", kind.Name)
	}
	return h, nil
}

// Check returns an error if no network can have layers of this shape.
func (p Policy) Check() error {
	if p.Kind != "gin" {
		return nil
	}
	_, err := network.GINWidth(p.Hidden)
	return err
}

// newModel makes the network of a discrete policy.
func newModel(spec Spec, e env.Discrete, heads network.Heads, c network.MLPConfig, init *stream.Stream) (network.Model, error) {
	if spec.Policy.Kind == "gin" {
		forest, ok := e.(env.Forest)
		if !ok {
			return nil, fmt.Errorf("%s has no forests for the policy gin", e.Kind())
		}
		return network.NewGIN(forest, spec.Policy.Readout, heads, c, init)
	}
	c.Outputs = heads.Width()
	input := inputOf(spec.Policy)
	switch {
	case spec.Policy.Kind == "deep-set":
		return network.NewDeepSet(e, c, init), nil
	case input == "one-hot":
		return network.NewMLP(e, c, init), nil
	}
	s, ok := e.(env.Sequential)
	if !ok {
		return nil, fmt.Errorf("%s has no tokens that a policy could read", e.Kind())
	}
	if input == "embedding" {
		return network.NewEmbeddingMLP(s, cmp.Or(spec.Policy.Embedding, 8), c, init), nil
	}
	return network.NewTokenMLP(s, padOf(spec.Policy, s), c, init), nil
}

// inputOf returns what an mlp sees of a state.
func inputOf(p Policy) string { return cmp.Or(p.Input, "one-hot") }

// padOf returns the id that stands for no token.
func padOf(p Policy, s env.Sequential) float64 {
	if p.Pad != nil {
		return *p.Pad
	}
	return float64(s.Tokens())
}
