package objective

// References:
//
//	Richter, Boustati, Nüsken, Ruiz, Akyildiz. VarGrad: a low-variance gradient
//	estimator for variational inference. NeurIPS 2020.
//	Zhang, Rainone, Peschl, Bondesan. Robust scheduling with GFlowNets. ICLR
//	2023, Sec. 3.2 (as a GFlowNet objective).

var vargradKind = Kind{
	Name:      "vargrad",
	Label:     "VarGrad",
	Doc:       "log-variance: trajectory balance with log Z at its batch estimate",
	Formula:   "unbiased batch variance of c",
	Source:    "Richter et al. 2020; Zhang et al. 2023",
	Revision:  1,
	OffPolicy: true,
	Score:     linearScore(2),
	Smallest:  2,
	New:       func(Spec) Objective { return vargrad{} },
}

// vargrad is the unbiased variance Σ (c_n - mean c)²/(N-1). The coefficients are 2(c_n -
// mean c)/(N-1), twice those of reverse-kl with loo.
type vargrad struct{}

func (vargrad) Coefficients(b *Batch, c *Coefficients) {
	n := float64(len(b.LogPF))
	centre := 0.0
	for i := range b.LogPF {
		centre += b.residual(i)
	}
	centre /= n
	sum := 0.0
	for i := range b.LogPF {
		x := b.residual(i) - centre
		sum += float64(x * x)
		c.slope(i, 2*x/(n-1))
	}
	c.Loss = sum / (n - 1)
	c.LogZ = 0 // nothing is learned
}
