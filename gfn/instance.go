package gfn

import (
	"fmt"
	"math"
	"sync"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// An Instance is an environment with what is computed from it once and shared by every
// run in it: the graph of its states and the threshold of a mode. It is safe for
// concurrent use.
type Instance struct {
	Env env.Environment // the environment itself, read only

	mu    sync.Mutex
	graph *exact.Graph
	tau   map[tauOf]float64 // log τ
	held  map[int][]uint64  // held-out states, by the number asked for
}

// tauOf identifies the distribution and the quantile that give a threshold.
type tauOf struct {
	quantile   float64
	enumerated bool // over all terminal states rather than samples
}

// NewInstance makes the instance of a registered kind. Parameters that p leaves out take
// their defaults. If one parameter is at fault, the error is a *param.Error.
func NewInstance(kind string, p param.Values) (*Instance, error) {
	k := kinds.Lookup(kind)
	if k == nil {
		return nil, fmt.Errorf("unknown environment %q", kind)
	}
	e, err := k.Make(p)
	if err != nil {
		return nil, err
	}
	return InstanceOf(e), nil
}

// InstanceOf returns an instance of an existing environment.
func InstanceOf(e env.Environment) *Instance {
	return &Instance{Env: e, tau: map[tauOf]float64{}, held: map[int][]uint64{}}
}

// Enumerable reports whether every state of the environment can be enumerated
// within limit states, and if not, why.
func (in *Instance) Enumerable(limit int) env.Capability {
	c := in.Env.Capabilities()
	if c.Enumerable.OK && c.States > float64(limit) {
		return env.No(fmt.Sprintf("it has %.0f states, more than eval.max_states = %d", c.States, limit))
	}
	return c.Enumerable
}

// Graph enumerates all states, terminal ones included, the first time it is called. It
// returns nil without an error if Enumerable(limit) does not hold. Its errors are those
// of exact.Enumerate: defects of the environment, such as more states than it declares.
func (in *Instance) Graph(limit int) (*exact.Graph, error) {
	if !in.Enumerable(limit).OK {
		return nil, nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.graph != nil {
		return in.graph, nil
	}
	g, err := exact.Enumerate(in.Env.(env.Discrete), limit)
	in.graph = g
	return g, err
}

// tauSamples is how many target samples estimate the quantile of r if the terminal states
// cannot be enumerated.
const tauSamples = 100_000

// LogTau returns log τ, the least log-reward of a mode, in nats. τ is the given threshold
// or else a quantile (type 7 of Hyndman and Fan) of r over the terminal states. With more
// than limit states it is the quantile over 10^5 exact target samples from the instance's
// own stream, and +Inf if the environment has none. The first call for a quantile
// enumerates or samples; its errors are those of Graph. Unless the threshold is given,
// the environment must be discrete.
func (in *Instance) LogTau(m Modes, limit int) (float64, error) {
	if m.Threshold != nil {
		return fmath.Log(*m.Threshold), nil
	}
	g, err := in.Graph(limit)
	if err != nil {
		return 0, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	of := tauOf{m.Quantile, g != nil}
	if tau, ok := in.tau[of]; ok {
		return tau, nil
	}
	tau := math.Inf(1)
	if g != nil {
		tau = exact.Quantile(g.LogRewards(), m.Quantile)
	} else if in.Env.Capabilities().TargetSamples.OK {
		tau = exact.Quantile(in.sampleLogRewards(), m.Quantile)
	}
	in.tau[of] = tau
	return tau, nil
}

func (in *Instance) sampleLogRewards() []float64 {
	e := in.Env.(env.Discrete)
	x := make([]uint64, e.Words())
	rng := stream.NewKey("modes", in.Env.Kind()).Stream("tau", 0)
	logR := make([]float64, tauSamples)
	for i := range logR {
		e.(env.TargetSampler).SampleTarget(rng, x)
		logR[i] = e.LogReward(x)
	}
	return logR
}
