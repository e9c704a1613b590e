package objective

import "gfnbench/gfn/internal/vec"

var forwardKLKind = Kind{
	Name:            "forward-kl",
	Label:           "forward KL",
	Doc:             "forward Kullback-Leibler divergence KL(P_B‖P_F), importance sampled from P_F",
	Formula:         "E[w log w]/Z - log Z",
	Source:          "da Silva et al. 2024, Sec. 3 and App. C.3",
	Revision:        1,
	ControlVariates: divergenceControlVariates,
	PaperIsLOO:      true,
	Score:           forwardKLScore,
	New:             func(s Spec) Objective { return &forwardKL{cv: s.ControlVariate} },
}

// forwardKL is KL(P_B‖P_F) times the constant Z e^-Shift. With u = w e^-Shift the
// gradient is -E[u s]. (Lemma 2 of the paper prints the ratio upside down; App. C.3 is
// right.) The loss is the mean of u log u, an estimate of Ẑ KL(P_B‖P_F) + Ẑ log Ẑ with Ẑ
// = Z e^-Shift.
//
// A learned backward policy enters through E_B[log p_B(τ)/p_F(τ)], with the gradient E[u
// log u ∇ log p_B(τ|x)]. Since E[u ∇ log p_B(τ|x)] = Ẑ E_B[∇ log p_B(τ|x)] = 0, any
// constant may be subtracted from log u. The control variates subtract the baseline from
// it that they subtract from u for the forward policy.
type forwardKL struct {
	cv string
	importance
	logU, u []float64
}

func (o *forwardKL) Coefficients(b *Batch, c *Coefficients) {
	o.weigh(b)
	n := len(b.LogPF)
	o.logU, o.u = resize(o.logU, n), resize(o.u, n)
	for i := range o.logU {
		o.logU[i] = -b.residual(i) - b.Shift
	}
	vec.Exp(o.u, o.logU)
	sum := 0.0
	for i, u := range o.u {
		if u > 0 { // u log u is 0 at u = 0, where log u may be -Inf
			sum += float64(o.at(i) * u * o.logU[i])
		}
	}
	c.Loss = sum / float64(n)
	c.LogZ = 0
	if len(c.LogPB) > 0 {
		centre(o.cv, o.logU, c.LogPB)
		o.scale(c.LogPB)
		for i, u := range o.u {
			c.LogPB[i] *= u
		}
	}
	for i := range o.logU {
		o.logU[i] = -o.u[i]
	}
	centre(o.cv, o.logU, c.LogPF)
	o.scale(c.LogPF)
}
