package objective

import (
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/param"
)

// References:
//
//	Hu, Zhang, Li, Huang. Beyond squared error: exploring loss design for enhanced
//	training of generative flow networks. ICLR 2025.

var linexKind = Kind{
	Name:     "linex",
	Label:    "linex",
	Doc:      "linear-exponential (linex) loss of the tb residual, related to the divergences with alpha = 1 - a",
	Formula:  "mean of (e^(a t) - a t - 1)/a², t = -(log Z + c)",
	Source:   "Hu et al. 2025",
	Revision: 1,
	Params: []param.Param{{
		Name: "a", Type: param.Float, Default: param.Of(1.0), Range: param.Except(param.Excluded{Value: 0, Why: "the objective tb, up to a factor of 2"}),
		Doc: "sharpness of the linear-exponential loss; on-policy its expected gradient is that of alpha = 1 - a, up to a factor",
	}},
	LearnsLogZ: true,
	OffPolicy:  true,
	Score:      linexScore,
	New:        func(s Spec) Objective { return &linex{a: s.Params.Float("a")} },
}

// linex is the mean of (e^{at} - at - 1)/a² with t = -(log Z + c). The coefficients are
// -(e^{at} - 1)/(aN); the derivative with respect to log Z is their sum. An exponential
// that overflows gives an infinite loss: the run diverged.
type linex struct {
	a   float64
	exp []float64
}

func (o *linex) Coefficients(b *Batch, c *Coefficients) {
	n := float64(len(b.LogPF))
	o.exp = resize(o.exp, len(b.LogPF))
	for i := range o.exp {
		o.exp[i] = -float64(o.a * (b.LogZ + b.residual(i)))
	}
	vec.Exp(o.exp, o.exp)
	sum := 0.0
	c.LogZ = 0
	for i, e := range o.exp {
		at := -float64(o.a * (b.LogZ + b.residual(i)))
		sum += fmath.ExpGap(at, e)
		c.slope(i, -(e-1)/(o.a*n))
	}
	c.Loss = sum / (o.a * o.a * n)
}
