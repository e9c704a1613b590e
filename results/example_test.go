package results_test

import (
	"fmt"
	"log"
	"os"

	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// Runs are recorded as they finish, and a directory can be read at any moment.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "results")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := record(dir); err != nil {
		log.Fatal(err)
	}
	set, err := results.Read(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, run := range set.Runs {
		final := run.Final()
		if l1, ok := final.Get(metric.L1); ok {
			fmt.Printf("%s on %s, seed %d, %s after %d steps: l1 %.3f\n", run.Objective, run.Environment, run.Seed, run.Status, run.Step, l1)
		}
	}
	// Output:
	// tb on grid, seed 0, done after 1000 steps: l1 0.021
	// tb on grid, seed 1, done after 1000 steps: l1 0.034
}

// record writes two runs with invented numbers.
func record(dir string) error {
	d, err := results.Create(dir, results.Options{})
	if err != nil {
		return err
	}
	for seed, l1 := range []float64{0.021, 0.034} {
		p := results.Point{Step: 1000}
		p.Set(metric.L1, l1)
		cell := results.Cell{ID: fmt.Sprintf("%016x", seed), Environment: "grid", Objective: "tb", Seed: int64(seed)}
		if err := d.Append(results.Run{Cell: cell, Status: results.Done, Step: 1000, Curve: []results.Point{p}}); err != nil {
			return err
		}
	}
	return nil
}
