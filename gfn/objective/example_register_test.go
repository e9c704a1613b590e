package objective_test

import (
	"fmt"
	"math"

	"gfnbench/gfn/objective"
)

var absolute = &objective.Kind{
	Name: "abs-tb", Doc: "trajectory balance with absolute residuals", Formula: "mean of |log Z + c|",
	Revision: 1, LearnsLogZ: true, OffPolicy: true,
	New: func(objective.Spec) objective.Objective { return abs{} },
}

type abs struct{}

// Coefficients are the signs of the residuals over N; for log Z, their sum.
func (abs) Coefficients(b *objective.Batch, c *objective.Coefficients) {
	n := float64(len(b.LogPF))
	c.Loss, c.LogZ = 0, 0
	for i := range b.LogPF {
		x := b.LogZ + b.LogPF[i] - b.LogPB[i] - b.LogR[i]
		c.Loss += math.Abs(x) / n
		c.LogPF[i] = math.Copysign(1/n, x)
		if len(c.LogPB) > 0 { // the backward policy is learned
			c.LogPB[i] = -c.LogPF[i]
		}
		c.LogZ += c.LogPF[i]
	}
}

// An objective of your own: once it is registered, gfn.Default and gfn.New know it by its
// name.
func Example_register() {
	objective.Kinds = append(objective.Kinds, absolute)
	kind := objective.Lookup("abs-tb")
	o, err := kind.Make(objective.Spec{Name: kind.Name})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := &objective.Batch{LogPF: []float64{-1, -2}, LogPB: []float64{0, 0}, LogR: []float64{0.5, 0.5}, LogZ: 2}
	var c objective.Coefficients
	c.Fit(kind, o, b, false)
	o.Coefficients(b, &c)
	fmt.Println(c.Loss, c.LogPF, c.LogZ)
	// Output: 0.5 [0.5 -0.5] 0
}
