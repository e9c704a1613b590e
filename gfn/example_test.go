package gfn_test

import (
	"fmt"
	"log"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/stream"
)

// Train reverse KL with leave-one-out on an 8 × 8 hypergrid, and print the exact
// L1 distance to the target at each evaluation.
func Example() {
	spec := gfn.Default("hypergrid", env.Params{"r0": 0.1}, objective.Spec{Name: "reverse-kl", ControlVariate: "loo"}, 1)
	spec.EvalEvery = 250
	for row, err := range gfn.Train(spec) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("step %4d  L1 %.4f\n", row.Step, row.Metrics[gfn.L1].Value)
	}
	// Output:
	// step    0  L1 1.4000
	// step  250  L1 0.1287
	// step  500  L1 0.0438
	// step  750  L1 0.0254
	// step 1000  L1 0.0203
}

// Evaluations arrive while training goes on, so a run can end when it is good
// enough: here at an L1 distance of 0.1.
func ExampleTrain() {
	spec := gfn.Default("sets", env.Params{"elements": 12, "size": 6, "instance_seed": 1}, objective.Spec{Name: "tb"}, 1)
	spec.EvalEvery = 20
	for row, err := range gfn.Train(spec) {
		if err != nil {
			log.Fatal(err)
		}
		if l1 := row.Metrics[gfn.L1]; l1.Present && l1.Value < 0.1 {
			fmt.Printf("L1 %.3f after %d of %d steps\n", l1.Value, row.Step, spec.Steps)
			break
		}
	}
	// Output: L1 0.095 after 100 of 1000 steps
}

// A metric of one's own: the share of the policy's samples that lie where the
// reward is lowest, before and after training.
func ExampleTrainer_States() {
	spec := gfn.Default("hypergrid", env.Params{"r0": 0.1}, objective.Spec{Name: "tb"}, 1)
	instance, err := gfn.NewInstance(spec.Environment, spec.Params)
	if err != nil {
		log.Fatal(err)
	}
	trainer, err := gfn.New(spec, instance)
	if err != nil {
		log.Fatal(err)
	}
	rng := stream.NewKey("a metric of my own").Stream("states", 0)
	low := func() (share float64) {
		const n = 4096
		for _, logR := range trainer.States(rng, n) {
			if logR < -2 { // r is 0.1, 0.6 or 2.6
				share += 1.0 / n
			}
		}
		return share
	}
	before := low()
	for err == nil && !trainer.Done() {
		_, _, err = trainer.Step()
	}
	fmt.Printf("%.2f before, %.2f after\n", before, low())
	// Output: 0.38 before, 0.23 after
}
