package gfn

import (
	"iter"

	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// States draws n trajectories with the current policy and yields their terminal states
// with log r, in nats, as a start for metrics of your own. The random numbers come from
// rng, so training goes on as if nothing had been drawn. A state is valid until the next
// one. With exploration, the trajectories come from the behaviour policy. On continuous
// environments States yields nothing.
func (t *Trainer) States(rng *stream.Stream, n int) iter.Seq2[[]uint64, float64] {
	return func(yield func([]uint64, float64) bool) {
		d, ok := t.policy.(*policy.Discrete)
		if !ok {
			return
		}
		for i, logR := range d.Sample(rng, n).LogR {
			if !yield(d.Terminal(i), logR) {
				return
			}
		}
	}
}

// Points is like States for continuous environments: it yields points of Dim coordinates
// with log r, and nothing on discrete environments.
func (t *Trainer) Points(rng *stream.Stream, n int) iter.Seq2[[]float64, float64] {
	return func(yield func([]float64, float64) bool) {
		m, ok := t.policy.(*policy.Mixture)
		if !ok {
			return
		}
		for i, logR := range m.Sample(rng, n).LogR {
			if !yield(m.Point(i), logR) {
				return
			}
		}
	}
}
