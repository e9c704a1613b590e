package remote

import (
	"context"
	"fmt"
	"math"
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/trainer"
)

// A Policy is the current policy of a program. It implements gfn.Outside.
type Policy struct {
	Context context.Context  // for the requests
	Session *trainer.Session // connection to the program

	env     env.Environment
	err     error
	rows    []byte
	indices []int32
	samples int64 // number drawn so far, for seeds
}

// NewPolicy returns the policy that a program trains in the environment e.
func NewPolicy(ctx context.Context, s *trainer.Session, e env.Environment) *Policy {
	return &Policy{Context: ctx, Session: s, env: e}
}

// Err returns the first error of any method.
func (p *Policy) Err() error { return p.err }

// Encode returns n states of a discrete environment as rows of Features bytes. The result
// is valid until the next call.
func (p *Policy) Encode(states []uint64, n int) []byte {
	e := p.env.(env.Discrete)
	words, width := e.Words(), e.Features()
	if cap(p.rows) < n*width {
		p.rows = make([]byte, n*width)
	}
	p.rows = p.rows[:n*width]
	clear(p.rows)
	for i := range n {
		p.indices = e.AppendFeatures(p.indices[:0], states[i*words:(i+1)*words])
		for _, j := range p.indices {
			p.rows[i*width+int(j)] = 1
		}
	}
	return p.rows
}

// LogForward writes log P_F(a|s) of n nonterminal states to dst, n rows of Actions
// values. After an error it writes the uniform policy.
func (p *Policy) LogForward(states []uint64, n int, dst []float64) {
	e := p.env.(env.Discrete)
	p.ask("forward", states, nil, n, e.Actions(), e.Mask, dst)
}

// LogBackward writes the learned log P_B(b|s) of n states other than the initial one to
// dst, n rows of BackwardActions values.
func (p *Policy) LogBackward(states []uint64, n int, dst []float64) {
	e := p.env.(env.Discrete)
	terminal := make([]byte, n)
	for i := range n {
		if e.Terminal(states[i*e.Words() : (i+1)*e.Words()]) {
			terminal[i] = 1
		}
	}
	p.ask("backward", states, terminal, n, e.BackwardActions(), e.BackwardMask, dst)
}

func (p *Policy) ask(of string, states []uint64, terminal []byte, n, actions int, legal func(s, mask []uint64), dst []float64) {
	var log []float64
	if p.err == nil {
		log, p.err = p.Session.LogProbabilities(p.Context, of, p.Encode(states, n), terminal, n, actions)
	}
	e := p.env.(env.Discrete)
	words, mask := e.Words(), make([]uint64, env.MaskWords(actions))
	for i := range n {
		s, row := states[i*words:(i+1)*words], dst[i*actions:(i+1)*actions]
		legal(s, mask)
		if p.err == nil {
			copy(row, log[i*actions:])
			if a := wrong(row, mask); a >= 0 {
				p.err = p.Session.Blame(trainer.MessagePolicy, fmt.Errorf("the %s mask of %s is wrong: action %d is not allowed there and has the probability %.3g", of, e.Format(s), a, math.Exp(row[a])))
			}
		}
		if p.err != nil {
			uniform(row, mask)
		}
	}
}

// wrong returns an action that has a probability but is not allowed, or -1.
func wrong(row []float64, mask []uint64) int {
	for a, x := range row {
		if mask[a>>6]>>(a&63)&1 != 0 {
			continue
		}
		if math.Exp(x) > 0 {
			return a
		}
		row[a] = math.Inf(-1)
	}
	return -1
}

// uniform writes the log-probabilities of the uniform policy over the actions in mask.
func uniform(row []float64, mask []uint64) {
	count := 0
	for _, m := range mask {
		count += bits.OnesCount64(m)
	}
	for a := range row {
		row[a] = math.Inf(-1)
		if mask[a>>6]>>(a&63)&1 != 0 {
			row[a] = -math.Log(float64(count))
		}
	}
}

// LogDensity writes log p_T of n points to dst.
func (p *Policy) LogDensity(dst, points []float64, n int) {
	if p.err != nil {
		return
	}
	e := p.env.(env.Continuous)
	var log []float64
	if log, p.err = p.Session.LogDensities(p.Context, points[:n*e.Dim()], n, e.Dim()); p.err == nil {
		copy(dst, log)
	}
}

// Sample draws n trajectories. It returns nil if the program cannot.
func (p *Policy) Sample(n int) (logPF, logPB, logR []float64) {
	e, ok := p.env.(env.Discrete)
	if !ok || p.err != nil || !p.Session.Offers(trainer.MessageSample) {
		return nil, nil, nil
	}
	p.samples++
	t, err := p.Session.Sample(p.Context, n, p.samples, e.MaxSteps())
	if err != nil {
		p.err = err
		return nil, nil, nil
	}
	return t.LogPF, t.LogPB, t.LogR
}
