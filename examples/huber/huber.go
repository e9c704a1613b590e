// Package huber is an example of an objective from outside the program: trajectory
// balance with Huber's loss instead of the square. docs/extending.md explains it.
package huber

import (
	"math"

	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// References:
//
//	Huber: Robust estimation of a location parameter. Annals of Mathematical
//	Statistics 35 (1964).
//	Malkin et al.: Trajectory balance: improved credit assignment in GFlowNets.
//	NeurIPS 2022.

// Kind describes the objective to the library. Register it with
//
//	objective.Kinds = append(objective.Kinds, huber.Kind)
//
// or, in a file of package objective itself, by its line in registry.go. The programs
// below this folder are sweep and report with it.
var Kind = &objective.Kind{
	Name:     "huber-tb",
	Doc:      "trajectory balance with Huber's loss: residuals beyond delta count linearly",
	Formula:  "mean of h(log Z + c), h(x) = x² for |x| ≤ δ, 2δ|x| - δ² beyond",
	Source:   "Huber 1964; Malkin et al. 2022",
	Revision: 1,
	Params: []param.Param{{
		Name: "delta", Type: param.Float, Default: param.Of(1.0), Range: param.Above(0).To(1e6),
		Doc: "residual beyond which the loss is linear, in nats",
	}},
	LearnsLogZ: true,
	OffPolicy:  true, // the loss is 0 at the optimum on any trajectory
	New:        func(s objective.Spec) objective.Objective { return huber{s.Params.Float("delta")} },
}

type huber struct{ delta float64 }

// Coefficients computes the loss and its derivatives with respect to each
// log-probability. With x_n = log Z + log p_F - log p_B - log r they are h'(x_n)/N for
// log p_F, minus that for log p_B if it is learned, and their sum for log Z.
func (h huber) Coefficients(b *objective.Batch, c *objective.Coefficients) {
	n := float64(len(b.LogPF))
	c.Loss, c.LogZ = 0, 0
	for i := range b.LogPF {
		x := b.LogZ + b.LogPF[i] - b.LogPB[i] - b.LogR[i]
		slope := 2 * max(-h.delta, min(x, h.delta)) / n
		if math.Abs(x) <= h.delta {
			c.Loss += float64(x * x) // the conversion keeps arm64 from fusing the two
		} else {
			c.Loss += float64(2*h.delta*math.Abs(x)) - float64(h.delta*h.delta)
		}
		c.LogPF[i] = slope
		if len(c.LogPB) > 0 {
			c.LogPB[i] = -slope
		}
		c.LogZ += slope
	}
	c.Loss /= n
}
