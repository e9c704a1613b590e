// Package huber is an objective of one's own, from outside the program:
// trajectory balance with Huber's loss in place of the square. It is the
// subject of docs/extending.md.
package huber

import (
	"math"

	"gfnbench/gfn/objective"
)

// References:
//
//	Huber: Robust estimation of a location parameter. Annals of Mathematical
//	Statistics 35 (1964).
//	Malkin et al.: Trajectory balance: improved credit assignment in GFlowNets.
//	NeurIPS 2022.

// Kind is the objective as the library knows it. Register it with
//
//	objective.Kinds = append(objective.Kinds, huber.Kind)
//
// or, in a file of package objective itself, by its line in registry.go.
var Kind = &objective.Kind{
	Name:       "huber-tb",
	Doc:        "trajectory balance with Huber's loss: residuals beyond 1 count linearly",
	Formula:    "mean of h(log Z + c), h(x) = x² for |x| ≤ 1, 2|x| - 1 beyond",
	Source:     "Huber 1964; Malkin et al. 2022",
	Revision:   1,
	LearnsLogZ: true,
	OffPolicy:  true, // the loss is 0 at the optimum on any trajectory
	New:        func(objective.Spec) objective.Objective { return huber{} },
}

type huber struct{}

// Coefficients are the derivatives of the loss by each log-probability: with
// x_n = log Z + log p_F - log p_B - log r that is h'(x_n)/N for log p_F, minus
// that for log p_B where it is learned, and their sum for log Z.
func (huber) Coefficients(b *objective.Batch, c *objective.Coefficients) {
	n := float64(len(b.LogPF))
	c.Loss, c.LogZ = 0, 0
	for i := range b.LogPF {
		x := b.LogZ + b.LogPF[i] - b.LogPB[i] - b.LogR[i]
		slope := 2 * max(-1, min(x, 1)) / n
		if math.Abs(x) <= 1 {
			c.Loss += float64(x * x) // the conversion keeps arm64 from fusing the two
		} else {
			c.Loss += float64(2*math.Abs(x)) - 1
		}
		c.LogPF[i] = slope
		if len(c.LogPB) > 0 {
			c.LogPB[i] = -slope
		}
		c.LogZ += slope
	}
	c.Loss /= n
}
