package policy

import (
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/objective"
)

// gradient holds the buffers of Discrete.Gradient.
type gradient struct {
	dout    []float32 // tape rows × outputs
	visits  []float64 // -Σ coefficients of the steps out of each row
	backs   []float64 // the same for the steps into it, if P_B is learned
	next    []int32   // next transition of each trajectory
	perStep []float64
}

// Gradient adds the gradient of Σ coefficients × log-probabilities (and log flows) over
// the last batch. The gradient with respect to a row's logits is Σ_visits k (e_a - p), so
// equal states share one row.
func (d *Discrete) Gradient(c *objective.Coefficients) {
	rows, width := d.model.Rows(), d.heads.Width()
	g := &d.grad
	g.dout = resize(g.dout, rows*width)
	g.visits = resize(g.visits, rows)
	clear(g.visits)
	k := d.perStep(c.LogPF, c.StepLogPF)
	for i := range d.steps {
		g.visits[d.steps[i].row] -= k[i]
	}
	d.Params().Split(rows, worth/width, d.tasks.centre)
	for i := range d.steps {
		s := &d.steps[i]
		g.dout[int(s.row)*width+int(s.action)] += float32(k[i])
	}
	if d.heads.Flow && len(c.LogF) > 0 {
		at := d.heads.FlowAt()
		d.eachStep(func(i int32, s *step) {
			g.dout[int(s.row)*width+at] += float32(c.LogF[i])
		})
	}
	if d.heads.Backward > 0 {
		d.backwardGradient(c)
	}
	d.model.Backward(g.dout)
}

// centre sets the gradients of rows lo ≤ r < hi to minus the probabilities times their
// total coefficient, and those of the other outputs to 0.
func (d *Discrete) centre(lo, hi int) {
	n, width := d.heads.Actions, d.heads.Width()
	dout := d.grad.dout[lo*width : hi*width]
	if n < width {
		clear(dout)
	}
	vec.ScaleRows(dout, width, d.probs[lo*n:], n, d.grad.visits[lo:hi])
}

// perStep assigns to each step the coefficients of its trajectory plus those of its
// transition; either may be empty. The result is in the order of d.steps.
func (d *Discrete) perStep(trajectory, transition []float64) []float64 {
	k := resize(d.grad.perStep, len(d.steps))
	d.grad.perStep = k
	clear(k)
	if len(trajectory) > 0 {
		for i := range d.steps {
			k[i] = trajectory[d.steps[i].traj]
		}
	}
	if len(transition) > 0 {
		i := 0
		d.eachStep(func(at int32, _ *step) {
			k[i] += transition[at]
			i++
		})
	}
	return k
}

// backwardGradient adds the terms of the learned log P_B.
func (d *Discrete) backwardGradient(c *objective.Coefficients) {
	if len(c.LogPB) == 0 && len(c.StepLogPB) == 0 {
		return
	}
	g, width, at := &d.grad, d.heads.Width(), d.heads.BackwardAt()
	k := d.perStep(c.LogPB, c.StepLogPB)
	g.backs = resize(g.backs, d.model.Rows())
	clear(g.backs)
	for i := range d.steps {
		g.backs[d.steps[i].child] -= k[i]
	}
	vec.ScaleRows(g.dout[at:], width, d.backs, d.heads.Backward, g.backs)
	for i := range d.steps {
		s := &d.steps[i]
		g.dout[int(s.child)*width+at+int(s.back)] += float32(k[i])
	}
}
