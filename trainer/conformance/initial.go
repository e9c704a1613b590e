package conformance

import (
	"math"
	"slices"

	"gfnbench/trainer"
)

// initial checks the policy and log Z at step 0: uniform over the allowed actions, because
// the output layer starts at zero unless the cell says otherwise, and 0.
func (k *kit) initial() error {
	if err := k.startsUniform(); err != nil {
		return err
	}
	if err := k.startsAtZero(); err != nil {
		return err
	}
	if !k.follows("policy.output_init") {
		return nil
	}
	k.ready = false
	first, err := k.startsWith(false)
	if err != nil {
		return err
	}
	second, err := k.startsWith(true)
	switch {
	case err != nil:
		return err
	case slices.Equal(first, second):
		return found("initial weights that are not of the request's seed", "two runs with different seeds and output_init = \"torch\" begin with the same policy")
	}
	return nil
}

// startsUniform checks the policy at step 0.
func (k *kit) startsUniform() error {
	const hint = "an output layer that does not start at zero, as it does unless policy.output_init is \"torch\""
	return k.eachRow(func(of string, n int, mask []uint64, row []float64) error {
		for a, x := range row {
			if want := 1 / float64(count(mask)); of == "forward" && allows(mask, a) && math.Abs(math.Exp(x)-want) > trainer.Tolerance {
				return found(hint, "the policy at step 0 is not uniform: action %d has the probability %.4g in %s, where %d actions are allowed", a, math.Exp(x), k.world.name(n), count(mask))
			}
		}
		return nil
	})
}

// startsAtZero checks log Z at step 0.
func (k *kit) startsAtZero() error {
	kind, _, err := k.objective()
	if err != nil || !kind.LearnsLogZ || kind.NeedsFlows || !k.session.Offers(trainer.MessageLoss) {
		return nil
	}
	g, err := k.valued()
	if err != nil {
		return err
	}
	if z := g.valued.LogZ; z != nil && math.Abs(*z) > 1e-6 {
		return found("a log Z that does not start at 0, as it does unless optimizer.log_z_init says otherwise", "log Z is %.6g at step 0", *z)
	}
	return nil
}

// startsWith returns the policy at step 0 with an output layer as PyTorch's.
func (k *kit) startsWith(other bool) ([]float64, error) {
	if err := k.start(torch, other); err != nil {
		return nil, err
	}
	if k.startsUniform() == nil {
		return nil, found("the setting policy.output_init, which is declared and not obeyed", "with output_init = \"torch\" the policy at step 0 is uniform")
	}
	return k.snapshot()
}
