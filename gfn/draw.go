package gfn

import (
	"iter"

	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// States draws n trajectories with the policy as it is now and yields their
// terminal states with log r, in nats: metrics of one's own start here. The
// random numbers are the caller's, so training goes on as if nothing had
// been drawn. A state is valid until the next; with exploration, trajectories
// are the behaviour policy's. Nothing is yielded on continuous environments.
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

// Points yields what States does for continuous environments: points of Dim
// coordinates with log r, and nothing on discrete environments.
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
