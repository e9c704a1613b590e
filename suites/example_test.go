package suites_test

import (
	"fmt"
	"log"

	"gfnbench/gfn"
	"gfnbench/suites"
)

// The cells of a shipped suite that a filter selects, with one setting changed. Each is a
// run that gfn trains.
func ExampleRead() {
	suite, err := suites.Read("smoke", "steps=20")
	if err != nil {
		log.Fatal(err)
	}
	cells, err := suite.Filter([]string{"environment=gmm,objective=reverse-kl"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range cells {
		spec := c.Spec()
		trainer, err := gfn.New(spec, c.Instance())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.EnvironmentName(), "seed", c.Seed, "control variate", c.Value("control_variate"), trainer.StepsTaken(), "of", spec.Steps, "steps")
	}
	// Output:
	// gmm seed 0 control variate none 0 of 20 steps
	// gmm seed 0 control variate loo 0 of 20 steps
	// gmm seed 0 control variate batch-mean 0 of 20 steps
}
