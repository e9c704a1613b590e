package objective

import (
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// References:
//
//	Hu, Zhang, Li, Huang. Beyond squared error: exploring loss design for enhanced
//	training of generative flow networks. ICLR 2025.

var shiftedCoshKind = Kind{
	Name:       "shifted-cosh",
	Label:      "shifted cosh",
	Doc:        "shifted-cosh loss of the tb residual: mode-seeking and mass-covering at once",
	Formula:    "mean of e^t + e^-t - 2, t = -(log Z + c)",
	Source:     "Hu et al. 2025",
	Revision:   1,
	LearnsLogZ: true,
	OffPolicy:  true,
	Score:      shiftedCoshScore,
	New:        func(Spec) Objective { return &shiftedCosh{} },
}

// shiftedCosh is the mean of e^t + e^-t - 2 with t = -(log Z + c). The coefficients are
// -(e^t - e^-t)/N; the derivative with respect to log Z is their sum.
type shiftedCosh struct{ up, down []float64 }

func (o *shiftedCosh) Coefficients(b *Batch, c *Coefficients) {
	n := float64(len(b.LogPF))
	o.up, o.down = resize(o.up, len(b.LogPF)), resize(o.down, len(b.LogPF))
	for i := range o.up {
		t := -(b.LogZ + b.residual(i))
		o.up[i], o.down[i] = t, -t
	}
	vec.Exp(o.up, o.up)
	vec.Exp(o.down, o.down)
	sum := 0.0
	c.LogZ = 0
	for i, up := range o.up {
		t, down := -(b.LogZ + b.residual(i)), o.down[i]
		sum += fmath.ExpGap(t, up) + fmath.ExpGap(-t, down)
		c.slope(i, -(up-down)/n)
	}
	c.Loss = sum / n
}
