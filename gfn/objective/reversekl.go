package objective

var reverseKLKind = Kind{
	Name:            "reverse-kl",
	Label:           "reverse KL",
	Doc:             "reverse Kullback-Leibler divergence KL(P_F‖P_B)",
	Formula:         "E[c] + log Z",
	Source:          "da Silva et al. 2024, Sec. 3",
	Revision:        1,
	ControlVariates: divergenceControlVariates,
	PaperIsLOO:      true,
	Score:           linearScore(1),
	New:             func(s Spec) Objective { return &reverseKL{cv: s.ControlVariate} },
}

// reverseKL is KL(P_F‖P_B) = E[c] + log Z, with the gradient E[c s]. Its loss leaves out
// log Z. The naive estimator keeps the term E[s] = 0 of the paper's gradient: (1 +
// c_n)/N.
//
// A learned backward policy enters through -E[log p_B(τ|x)], which gives -1/N.
type reverseKL struct {
	cv string
	importance
	c []float64
}

func (o *reverseKL) Coefficients(b *Batch, c *Coefficients) {
	o.weigh(b)
	n := len(b.LogPF)
	o.c = resize(o.c, n)
	for i := range o.c {
		o.c[i] = b.residual(i)
	}
	c.Loss = o.mean(o.c)
	c.LogZ = 0
	if o.cv == None {
		for i := range o.c {
			o.c[i]++
		}
	}
	centre(o.cv, o.c, c.LogPF)
	o.scale(c.LogPF)
	for i := range c.LogPB {
		c.LogPB[i] = -o.at(i) / float64(n)
	}
}
