package objective

import "gfnbench/gfn/param"

var tsallisKind = Kind{
	Name:            "tsallis",
	Label:           "Tsallis",
	Doc:             "Tsallis-alpha divergence of P_F from P_B, Amari-scaled",
	Formula:         "(∫ p_F^alpha p_B^(1-alpha) - 1)/(alpha(alpha-1))",
	Source:          "da Silva et al. 2024, Sec. 3; Amari 1985 (scale)",
	Revision:        1,
	Params:          []param.Param{alpha},
	ControlVariates: divergenceControlVariates,
	Score:           tsallisScore,
	New: func(s Spec) Objective {
		o := &tsallis{alphaDivergence{alpha: s.Params.Float(alpha.Name), cv: s.ControlVariate}}
		return linearise(o, &o.alphaDivergence)
	},
}

// tsallis has the gradient E[g s]/(alpha-1) up to the constant (Z e^-Shift)^(alpha-1),
// with g = (w e^-Shift)^(1-alpha). The loss is (mean g - 1)/(alpha(alpha-1)): the
// divergence itself if Shift is log Z, an increasing affine function of it otherwise.
type tsallis struct{ alphaDivergence }

func (o *tsallis) Coefficients(b *Batch, c *Coefficients) {
	o.exponentiate(b, b.Shift)
	c.Loss = (o.mean(o.g) - 1) / (o.alpha * (o.alpha - 1))
	o.coefficients(c, 1)
}
