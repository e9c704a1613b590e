//go:build unix

package trainertest

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
)

// key returns the bytes that stand for a state in messages.
func (t *tabular) key(s []uint64) string {
	b := make([]byte, t.env.Features())
	for _, i := range t.env.AppendFeatures(nil, s) {
		b[i] = 1
	}
	return string(b)
}

// at returns what is learned about a state.
func (t *tabular) at(key string) *row { return t.row(key, t.env.Actions()+1) }

// row returns a row of the table with n values, which start at 0.
func (t *tabular) row(key string, n int) *row {
	r := t.run.Rows[key]
	if r == nil {
		new := newRow(n)
		r = &new
		t.run.Rows[key] = r
		if t.random() {
			rng := t.initial().Stream(key, 0)
			for i := range r.Value {
				r.Value[i] = rng.Normal()
			}
		}
	}
	return r
}

// backKey returns the key of the backward policy's row for a state.
func (t *tabular) backKey(s []uint64) string {
	if t.env.Terminal(s) {
		return "terminal " + t.key(s)
	}
	return "inner " + t.key(s)
}

// logPolicy returns the log-probabilities of the actions in a state.
func (t *tabular) logPolicy(s []uint64) []float64 {
	mask := make([]uint64, env.MaskWords(t.env.Actions()))
	t.env.Mask(s, mask)
	return masked(t.at(t.key(s)).Value[:t.env.Actions()], mask)
}

// logBack returns the log-probabilities of the learned backward policy in a state.
func (t *tabular) logBack(s []uint64) []float64 {
	n := t.env.BackwardActions()
	mask := make([]uint64, env.MaskWords(n))
	t.env.BackwardMask(s, mask)
	return masked(t.row(t.backKey(s), n).Value, mask)
}

// masked returns the log-softmax over the actions of a mask.
func masked(logits []float64, mask []uint64) []float64 {
	log := make([]float64, len(logits))
	for a := range log {
		log[a] = math.Inf(-1)
		if mask[a>>6]>>(a&63)&1 != 0 {
			log[a] = logits[a]
		}
	}
	sum := fmath.LogSumExp(log)
	for a := range log {
		log[a] -= sum
	}
	return log
}
