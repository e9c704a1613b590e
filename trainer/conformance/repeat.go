package conformance

import (
	"bytes"
	"slices"

	"gfnbench/trainer"
)

// Steps of the compared runs, and the step at which they are interrupted.
const (
	runSteps  = 20
	interrupt = 7
)

// snapshot returns what distinguishes one state of a run from another: all probabilities,
// or the densities of some points.
func (k *kit) snapshot() ([]float64, error) {
	if k.world != nil {
		t, err := k.table()
		if err != nil {
			return nil, err
		}
		return append(t.forward, t.backward...), nil
	}
	return k.densities(k.points())
}

// run trains a new run and returns its snapshot. If midway is not nil, it is called at
// step interrupt.
func (k *kit) run(other bool, midway func() error) ([]float64, error) {
	k.ready = false
	if err := k.start(falling, other); err != nil {
		return nil, err
	}
	if midway != nil {
		if _, err := k.session.Train(k.ctx, interrupt); err != nil {
			return nil, err
		}
		if err := midway(); err != nil {
			return nil, err
		}
	}
	if _, err := k.session.Train(k.ctx, runSteps); err != nil {
		return nil, err
	}
	return k.snapshot()
}

// compare trains two runs and reports whether their snapshots are equal.
func (k *kit) compare(other bool, midway func() error) (same bool, err error) {
	first, err := k.run(false, nil)
	if err != nil {
		return false, err
	}
	second, err := k.run(other, midway)
	return slices.Equal(first, second), err
}

// sameSeed checks that a run with the same seed is the same.
func (k *kit) sameSeed() error {
	same, err := k.compare(false, nil)
	if err == nil && !same {
		return found("random numbers that are not the seed's: of the system, or left over from the run before", "two runs of %d steps with the same seed have different policies", runSteps)
	}
	return err
}

// otherSeed checks that another seed gives another run.
func (k *kit) otherSeed() error {
	same, err := k.compare(true, nil)
	if err == nil && same {
		return found("a shared seed: that of the request is not used", "two runs of %d steps with different seeds have the same policy", runSteps)
	}
	return err
}

// division checks that a run does not depend on the number of train messages.
func (k *kit) division() error {
	same, err := k.compare(false, func() error { return nil })
	if err == nil && !same {
		return found("random numbers or a schedule that depend on `to`, and not on the step", "%d steps at once and %d + %d give different policies", runSteps, interrupt, runSteps-interrupt)
	}
	return err
}

// asking checks that questions do not change a run.
func (k *kit) asking() error {
	same, err := k.compare(false, func() error {
		_, err := k.snapshot()
		if err == nil && k.world != nil && k.session.Offers(trainer.MessageSample) {
			_, err = k.session.Sample(k.ctx, 50, 3, k.world.MaxSteps()+1)
		}
		if err == nil && k.world != nil && k.session.Offers(trainer.MessageLoss) {
			_, err = k.valued()
		}
		return err
	})
	if err == nil && !same {
		return found("answers that take the training's random numbers, or leave gradients behind", "a run is another one after questions at step %d", interrupt)
	}
	return err
}

// saving checks that a run loaded from a save by a new process continues as if it had not
// been interrupted.
func (k *kit) saving() error {
	same, err := k.compare(false, func() error {
		state, err := k.session.Save(k.ctx)
		if err != nil {
			return err
		}
		k.end()
		if err := k.begin(); err != nil {
			return err
		}
		if err := k.start(falling, false); err != nil {
			return err
		}
		return k.session.Load(k.ctx, bytes.Clone(state))
	})
	if err == nil && !same {
		return found("a save without the optimiser's moments, the step or the random numbers, or with numbers that were rounded, as text is", "a run that was saved at step %d and loaded in a new process has another policy at step %d", interrupt, runSteps)
	}
	return err
}
