package sweepcmd

import (
	"testing"

	"gfnbench/suites"
	"gfnbench/sweep"
)

// Four pairs reach 1/2^4, and two samples of four 1/C(8, 4) = 1/70.
func TestPower(t *testing.T) {
	seeds := func(n int) sweep.Units { return sweep.Units{Over: suites.OverSeeds, Count: n} }
	for want, got := range map[string]string{
		"4 seeds: the smallest p of a one-sided paired exact test is 0.062, above 0.05; 5 seeds reach 0.031":                                                    power(seeds(4), false),
		"4 seeds: the smallest p of a one-sided paired exact test is 0.062, above 0.05; 5 seeds reach 0.031; of an unpaired one, with a trainer's cells, 0.014": power(seeds(4), true),
		"4 instances: the smallest p of a one-sided paired exact test is 0.062, above 0.05; 5 instances reach 0.031":                                            power(sweep.Units{Over: suites.OverInstances, Count: 4}, false),
		"30 seeds: any p of interest can be reached": power(seeds(30), true),
	} {
		if got != want {
			t.Errorf("%s; want %s", got, want)
		}
	}
}
