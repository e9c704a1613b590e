package gfn

import (
	"cmp"
	"strconv"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// Default returns the run of an objective on a registered environment with every setting
// at its default in suite files: 1000 steps of 128 trajectories with Adam, evaluated
// every 50. The policy is the first that the environment lists. The control variate and
// parameters that p and o leave out take their defaults. seed chooses the random numbers,
// which differ from those of a suite.
func Default(environment string, p param.Values, o objective.Spec, seed uint64) Spec {
	s := Spec{
		Environment: environment,
		Params:      p,
		Objective:   complete(o),
		Backward:    "uniform",
		Policy:      Policy{Kind: "mlp", Hidden: []int{64, 64}, Activation: "leaky-relu", OutputInit: "zero"},
		Optimizer: Optimizer{
			LR: 1e-3, LogZLR: 1e-1, LogZInit: "zero", Schedule: "polynomial", Power: 1,
			Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8,
		},
		Steps: 1000, Batch: 128, EvalEvery: 50,
		Eval:    Eval{Mode: "auto", Samples: 8, FinalSamples: 64, MaxStates: 1_000_000},
		TopK:    100,
		Modes:   Modes{Quantile: 0.995},
		FCS:     FCS{Size: 128},
		Streams: stream.NewKey("default", strconv.FormatUint(seed, 10)),
	}
	if k := kinds.Lookup(environment); k != nil {
		s.Policy.Kind = k.Policies[0]
		s.Eval.Samples, s.Eval.FinalSamples = cmp.Or(k.Samples.Along, s.Eval.Samples), cmp.Or(k.Samples.Final, s.Eval.FinalSamples)
	}
	if s.Policy.Kind == "mixture" {
		s.Policy.Components = 5
	}
	return s
}

// complete fills in the defaults of an objective's parameters. It leaves it to [New] to
// report what the objective does not accept.
func complete(o objective.Spec) objective.Spec {
	k := objective.Lookup(o.Name)
	if k == nil {
		return o
	}
	if len(k.ControlVariates) > 0 && o.ControlVariate == "" {
		o.ControlVariate = objective.None
	}
	if full, err := k.Complete(o); err == nil {
		return full
	}
	return o
}
