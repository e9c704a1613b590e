package objective

import (
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
)

var renyiKind = Kind{
	Name:            "renyi",
	Label:           "Rényi",
	Doc:             "Renyi-alpha divergence of P_F from P_B, Amari-scaled",
	Formula:         "log ∫ p_F^alpha p_B^(1-alpha) / (alpha(alpha-1))",
	Source:          "da Silva et al. 2024, Sec. 3; Amari 1985 (scale)",
	Revision:        1,
	Params:          []param.Param{alpha},
	ControlVariates: divergenceControlVariates,
	Score:           renyiScore,
	New: func(s Spec) Objective {
		o := &renyi{alphaDivergence{alpha: s.Params.Float(alpha.Name), cv: s.ControlVariate}}
		return linearise(o, &o.alphaDivergence)
	},
}

// renyi has the gradient E[g s]/((alpha-1) E[g]). The ratio of two batch means is biased
// by O(1/N). Any shift cancels in the ratio, so each batch uses its own and nothing
// overflows. The loss is log mean(g)/(alpha(alpha-1)), an estimate of the divergence
// minus (log Z)/alpha.
type renyi struct{ alphaDivergence }

func (o *renyi) Coefficients(b *Batch, c *Coefficients) {
	shift := o.largest(b)
	o.exponentiate(b, shift)
	m := o.mean(o.g)
	c.Loss = (fmath.Log(m) + float64((1-o.alpha)*shift)) / (o.alpha * (o.alpha - 1))
	o.coefficients(c, m)
}
