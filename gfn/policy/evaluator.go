package policy

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/network"
)

// Evaluator computes a discrete policy's log-probabilities in any states, for exact
// evaluation. It shares the policy's parameters and has its own buffers.
type Evaluator struct {
	env   env.Discrete
	model network.Model
	heads network.Heads
	masks []uint64
	lse   []float64
}

// Evaluator returns an evaluator of the policy.
func (d *Discrete) Evaluator() *Evaluator {
	return &Evaluator{env: d.env, model: d.model.Fork(), heads: d.heads}
}

// LogForward writes log P_F(a|s) for n non-terminal states, rows of Actions()
// values in nats, -Inf where illegal.
func (e *Evaluator) LogForward(states []uint64, n int, dst []float64) {
	e.rows(states, n, dst, 0, e.heads.Actions, e.env.Mask)
}

// LogBackward writes the learned log P_B(b|s) for n states other than s0, rows
// of BackwardActions() values in nats, -Inf where illegal.
func (e *Evaluator) LogBackward(states []uint64, n int, dst []float64) {
	e.rows(states, n, dst, e.heads.BackwardAt(), e.heads.Backward, e.env.BackwardMask)
}

// rows writes the log-softmax of count outputs, starting with index at.
func (e *Evaluator) rows(states []uint64, n int, dst []float64, at, count int, mask func(s, mask []uint64)) {
	e.model.Reset()
	out := e.model.Forward(states, n)
	words, width, codes := env.MaskWords(count), e.heads.Width(), e.env.Words()
	e.masks, e.lse = resize(e.masks, n*words), resize(e.lse, n)
	for i := range n {
		mask(states[i*codes:(i+1)*codes], e.masks[i*words:(i+1)*words])
	}
	vec.LogSoftmaxRows(dst, out[at:], width, e.masks, words, n, count, e.lse)
}
