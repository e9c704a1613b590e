package conformance

import "math"

// A suspect is a known bug: value is what a trainer with it reports for a trajectory.
type suspect struct {
	bug   string
	value func(k *kit, t *table, p *path) float64
	step  func(k *kit, t *table, p *path, i int) float64 // of step i; nil: the bug is not one of single steps
}

// stepwise returns a bug of every step.
func stepwise(bug string, step func(k *kit, t *table, p *path, i int) float64) suspect {
	return suspect{bug, func(k *kit, t *table, p *path) (sum float64) {
		for i := range p.actions {
			sum += step(k, t, p, i)
		}
		return sum
	}, step}
}

// whole returns a bug of the sum over the trajectory.
func whole(bug string, value func(k *kit, t *table, p *path) float64) suspect {
	return suspect{bug: bug, value: value}
}

// suspected returns the bug that explains all values that the trainer reported, or "".
func (k *kit) suspected(list []suspect, got []float64, paths []path) string {
	if k.seen.table == nil {
		return ""
	}
	for _, s := range list {
		all := true
		for i := range paths {
			if all = near(got[i], s.value(k, k.seen.table, &paths[i])); !all {
				break
			}
		}
		if all {
			return s.bug
		}
	}
	return ""
}

// step returns log P_F of step i of a path.
func (t *table) step(w *world, p *path, i int) float64 {
	return t.forward[p.nodes[i]*w.Actions()+p.actions[i]]
}

// logPF returns the correct log p_F of a path.
func logPF(k *kit, t *table, p *path) float64 { return t.logPF(k.world)(p) }

// logPB returns the correct log p_B of a path.
func logPB(k *kit, t *table, p *path) float64 { return t.logPB(k.world)(p) }

var forwardSuspects = []suspect{
	whole("an exit action that is counted twice", func(k *kit, t *table, p *path) float64 {
		return logPF(k, t, p) + t.step(k.world, p, len(p.actions)-1)
	}),
	whole("the last action is left out of the sum", func(k *kit, t *table, p *path) float64 {
		return logPF(k, t, p) - t.step(k.world, p, len(p.actions)-1)
	}),
	whole("the first action is left out of the sum", func(k *kit, t *table, p *path) float64 { return logPF(k, t, p) - t.step(k.world, p, 0) }),
	whole("the wrong sign", func(k *kit, t *table, p *path) float64 { return -logPF(k, t, p) }),
	whole("a probability in place of its logarithm", func(k *kit, t *table, p *path) float64 { return math.Exp(logPF(k, t, p)) }),
	whole("log p_B in place of log p_F", logPB),
	mixed(0.01), mixed(0.05), mixed(0.1), mixed(0.2), mixed(0.5),
	unmixed(0.01), unmixed(0.05), unmixed(0.1), unmixed(0.2), unmixed(0.5),
}

// mixed returns the bug of an exploration that is left in log p_F.
func mixed(epsilon float64) suspect {
	return stepwise("an ε of exploration that is left in log p_F", func(k *kit, t *table, p *path, i int) float64 {
		n := float64(count(k.world.forwardMask(p.nodes[i])))
		return math.Log((1-epsilon)*math.Exp(t.step(k.world, p, i)) + epsilon/n)
	})
}

// unmixed returns the bug of an exploration that is left in the log-probabilities alone.
func unmixed(epsilon float64) suspect {
	return stepwise("an ε of exploration that is left in log_probabilities", func(k *kit, t *table, p *path, i int) float64 {
		n := float64(count(k.world.forwardMask(p.nodes[i])))
		return math.Log((math.Exp(t.step(k.world, p, i)) - epsilon/n) / (1 - epsilon))
	})
}

var backwardSuspects = []suspect{
	stepwise("swapped P_B: parents are counted of the state that an action starts from, not of the one that it leads to", func(k *kit, _ *table, p *path, i int) float64 {
		return -math.Log(float64(max(1, count(k.world.backwardMask(p.nodes[i])))))
	}),
	stepwise("a uniform P_B over the wrong number of parents: over all backward actions, not the allowed ones", func(k *kit, _ *table, _ *path, _ int) float64 {
		return -math.Log(float64(k.world.BackwardActions()))
	}),
	stepwise("a uniform P_B over the wrong number of parents: over all backward actions and the exit, not the allowed ones", func(k *kit, _ *table, _ *path, _ int) float64 {
		return -math.Log(float64(k.world.BackwardActions() + 1))
	}),
	stepwise("a uniform P_B over the wrong number of parents: the finished copy of a state has one parent, not those of the state", func(k *kit, _ *table, p *path, i int) float64 {
		n := count(k.world.backwardMask(p.nodes[i+1]))
		if i == len(p.actions)-1 {
			n = max(1, count(k.world.backwardMask(p.nodes[i])))
		}
		return -math.Log(float64(n))
	}),
	stepwise("P_B over the children: the actions that are allowed forward are counted", func(k *kit, _ *table, p *path, i int) float64 {
		return -math.Log(float64(count(k.world.forwardMask(p.nodes[i]))))
	}),
	whole("log p_B is left out", func(*kit, *table, *path) float64 { return 0 }),
	whole("the wrong sign", func(k *kit, t *table, p *path) float64 { return -logPB(k, t, p) }),
	whole("log p_F in place of log p_B", logPF),
}

var rewardSuspects = []suspect{
	whole("the wrong sign of log r: an energy in place of a reward", func(k *kit, _ *table, p *path) float64 { return -k.world.logR(p) }),
	whole("a reward in place of its logarithm", func(k *kit, _ *table, p *path) float64 { return math.Exp(k.world.logR(p)) }),
	whole("log r is left out", func(*kit, *table, *path) float64 { return 0 }),
	scaled("2 log r in place of log r: a reward exponent", 2), scaled("0.5 log r in place of log r: a reward exponent", 0.5),
	scaled("logarithms of base 2", 1/math.Ln2), scaled("logarithms of base 10", 1/math.Ln10),
}

// scaled returns the bug of a factor on log r.
func scaled(bug string, factor float64) suspect {
	return whole(bug, func(k *kit, _ *table, p *path) float64 { return factor * k.world.logR(p) })
}
