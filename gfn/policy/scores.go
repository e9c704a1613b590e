package policy

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
)

// Scores adds the gradient of Σ weights × log P_F(a|s) over n non-terminal states.
// weights holds a row of Actions() values for each state, 0 for illegal actions. It ends
// the batch.
func (d *Discrete) Scores(states []uint64, n int, weights []float64) {
	actions, width, words := d.heads.Actions, d.heads.Width(), env.MaskWords(d.heads.Actions)
	d.model.Reset()
	out := d.model.Forward(states, n)
	d.masks, d.probs, d.lse = resize(d.masks, n*words), resize(d.probs, n*actions), resize(d.lse, n)
	codes := d.env.Words()
	for i := range n {
		d.env.Mask(states[i*codes:(i+1)*codes], d.masks[i*words:(i+1)*words])
	}
	vec.SoftmaxRows(d.probs, out, width, d.masks, words, n, actions, d.lse)
	g := &d.grad
	g.dout = resize(g.dout, n*width)
	clear(g.dout)
	for i := range n {
		sum := 0.0
		for _, k := range weights[i*actions : (i+1)*actions] {
			sum += k
		}
		for a, k := range weights[i*actions : (i+1)*actions] {
			g.dout[i*width+a] = float32(k - float64(sum*d.probs[i*actions+a]))
		}
	}
	d.model.Backward(g.dout)
}
