package gfn_test

import (
	"fmt"
	"log"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// Train reverse KL with leave-one-out on an 8 × 8 hypergrid, and print the exact
// L1 distance to the target at each evaluation.
func Example() {
	spec := gfn.Default("hypergrid", param.Values{"r0": param.Of(0.1)}, objective.Spec{Name: "reverse-kl", ControlVariate: "loo"}, 1)
	spec.EvalEvery = 250
	for row, err := range gfn.Train(spec) {
		if err != nil {
			log.Fatal(err)
		}
		if l1 := row.Metrics[metric.L1]; l1.Present {
			fmt.Printf("step %4d  L1 %.4f\n", row.Step, l1.Value)
		}
	}
	// Output:
	// step    0  L1 1.4000
	// step  250  L1 0.1287
	// step  500  L1 0.0438
	// step  750  L1 0.0254
	// step 1000  L1 0.0203
}

// Evaluations arrive while training goes on, so a run can stop when it is good enough,
// here at an L1 distance of 0.1.
func ExampleTrain() {
	spec := gfn.Default("sets", param.Values{"elements": param.Of(12), "size": param.Of(6), "instance_seed": param.Of(1)}, objective.Spec{Name: "tb"}, 1)
	spec.EvalEvery = 20
	for row, err := range gfn.Train(spec) {
		if err != nil {
			log.Fatal(err)
		}
		if l1 := row.Metrics[metric.L1]; l1.Present && l1.Value < 0.1 {
			fmt.Printf("L1 %.3f after %d of %d steps\n", l1.Value, row.Step, spec.Steps)
			break
		}
	}
	// Output: L1 0.095 after 100 of 1000 steps
}

// A metric of your own: the share of the policy's samples where the reward is lowest,
// before and after training.
func ExampleTrainer_States() {
	spec := gfn.Default("hypergrid", param.Values{"r0": param.Of(0.1)}, objective.Spec{Name: "tb"}, 1)
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

// A checkpoint taken halfway, from which another trainer ends the run with the same
// numbers.
func ExampleTrainer_MarshalBinary() {
	spec := gfn.Default("hypergrid", param.Values{"height": param.Of(4)}, objective.Spec{Name: "tb"}, 1)
	spec.Steps = 100
	train := func(t *gfn.Trainer, steps int) (l1 gfn.Estimate) {
		for range steps {
			if row, evaluated, err := t.Step(); err != nil {
				log.Fatal(err)
			} else if evaluated {
				l1 = row.Metrics[metric.L1]
			}
		}
		return l1
	}
	one, other := trainerOf(spec), trainerOf(spec)
	train(one, 50)
	state, err := one.MarshalBinary()
	if err == nil {
		err = other.UnmarshalBinary(state)
	}
	if err != nil {
		log.Fatal(err)
	}
	x, y := train(one, 51), train(other, 51) // 50 gradient steps and the last evaluation
	fmt.Printf("L1 %.4f and %.4f, the same bits: %v\n", x.Value, y.Value, x.Present && x.Value == y.Value)
	// Output: L1 0.9240 and 0.9240, the same bits: true
}

// If states are enumerated, the policy's probability of each terminal state is exact.
// Here is the state that it misses most before any training.
func ExampleTrainer_Terminals() {
	spec := gfn.Default("hypergrid", param.Values{"height": param.Of(4), "r0": param.Of(0.1)}, objective.Spec{Name: "tb"}, 1)
	instance, err := gfn.NewInstance(spec.Environment, spec.Params)
	if err != nil {
		log.Fatal(err)
	}
	trainer, err := gfn.New(spec, instance)
	if err != nil {
		log.Fatal(err)
	}
	terminals, err := trainer.Terminals()
	if err != nil {
		log.Fatal(err)
	}
	sum, most, worst := 0.0, 0.0, ""
	for x, mass := range terminals {
		p, target := fmath.Exp(mass.LogPT), fmath.Exp(mass.LogTarget)
		sum += p
		if target-p > most {
			most, worst = target-p, fmt.Sprintf("%s has p_T %.4f, target %.4f", instance.Env.(env.Discrete).Format(x), p, target)
		}
	}
	fmt.Printf("sum %.4f; %s\n", sum, worst)
	// Output: sum 1.0000; (3,0) has p_T 0.0185, target 0.1667
}

// On a continuous environment the policy can be sampled, and its density is exact at any
// point. Since log Z is 0, the mean of log p_T - log r at its own samples estimates
// KL(p_T‖π).
func ExampleTrainer_LogDensity() {
	spec := gfn.Default("banana", nil, objective.Spec{Name: "tb"}, 1)
	trainer := trainerOf(spec)
	for range 200 {
		if _, _, err := trainer.Step(); err != nil {
			log.Fatal(err)
		}
	}
	const n = 2000
	var points []float64
	kl := 0.0
	for x, logR := range trainer.Points(stream.NewKey("a metric of my own").Stream("points", 0), n) {
		points = append(points, x...)
		kl -= logR / n
	}
	logP := make([]float64, n)
	if err := trainer.LogDensity(logP, points, n); err != nil {
		log.Fatal(err)
	}
	for _, x := range logP {
		kl += x / n
	}
	fmt.Printf("%.2f nats after %d of %d steps\n", kl, trainer.StepsTaken(), spec.Steps)
	// Output: 0.89 nats after 200 of 1000 steps
}

// trainerOf returns a trainer at step 0.
func trainerOf(spec gfn.Spec) *gfn.Trainer {
	instance, err := gfn.NewInstance(spec.Environment, spec.Params)
	if err != nil {
		log.Fatal(err)
	}
	trainer, err := gfn.New(spec, instance)
	if err != nil {
		log.Fatal(err)
	}
	return trainer
}
