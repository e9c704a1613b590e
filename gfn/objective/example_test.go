package objective_test

import (
	"fmt"
	"log"

	"gfnbench/gfn/objective"
)

// The coefficients k_n of reverse KL on a batch of three trajectories with c = log p_F -
// log p_B - log r of -1, -2 and -3. By da Silva et al. 2024 they are (1 + c)/N without a
// control variate, that is 0, -1/3, -2/3, and (c - mean c)/(N-1) with leave-one-out, that
// is 1/2, 0, -1/2.
func ExampleKind_Make() {
	kind := objective.Lookup("reverse-kl")
	batch := &objective.Batch{
		LogPF: []float64{-2, -3, -4},
		LogPB: []float64{-1, -1, -1},
		LogR:  []float64{0, 0, 0},
	}
	for _, cv := range []string{objective.None, objective.LeaveOneOut} {
		o, err := kind.Make(objective.Spec{Name: kind.Name, ControlVariate: cv})
		if err != nil {
			log.Fatal(err)
		}
		var c objective.Coefficients
		c.Fit(kind, o, batch, false) // the backward policy is fixed
		o.Coefficients(batch, &c)
		fmt.Printf("%-4s k = %.4f, loss %v\n", cv, c.LogPF, c.Loss)
	}
	// Output:
	// none k = [0.0000 -0.3333 -0.6667], loss -2
	// loo  k = [0.5000 0.0000 -0.5000], loss -2
}
