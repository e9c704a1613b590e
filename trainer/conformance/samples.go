package conformance

import (
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/exact"
	"gfnbench/trainer"
)

// stageState is what the checks of a stage share.
type stageState struct {
	table   *table
	samples *trainer.Samples
	paths   []path
}

// drawn returns the policy and samples from it, with their paths.
func (k *kit) drawn() (*stageState, error) {
	if k.seen.samples != nil {
		return &k.seen, nil
	}
	t, err := k.table()
	if err != nil {
		return nil, err
	}
	s, err := k.session.Sample(k.ctx, k.o.Samples, 1, k.world.MaxSteps()+1)
	if err != nil {
		return nil, err
	}
	paths, err := k.world.follow(&s.Trajectories)
	if err != nil {
		return nil, err
	}
	k.seen = stageState{t, s, paths}
	return &k.seen, nil
}

// actions checks that samples are trajectories.
func (k *kit) actions() error {
	_, err := k.drawn()
	return err
}

// sampleLogPF checks log p_F of samples against the log-probabilities.
func (k *kit) sampleLogPF() error {
	s, err := k.drawn()
	if err != nil {
		return err
	}
	return k.compareSums("log_pf", s.samples.LogPF, s.paths, s.table.logPF(k.world), forwardSuspects)
}

// sampleLogPB checks log p_B of samples.
func (k *kit) sampleLogPB() error {
	s, err := k.drawn()
	if err != nil {
		return err
	}
	return k.compareSums("log_pb", s.samples.LogPB, s.paths, s.table.logPB(k.world), backwardSuspects)
}

// sampleLogR checks log-rewards of samples.
func (k *kit) sampleLogR() error {
	s, err := k.drawn()
	if err != nil {
		return err
	}
	err = k.compareSums("log_r", s.samples.LogR, s.paths, k.world.logR, rewardSuspects)
	if f, ok := err.(*finding); ok && f.hint == "" {
		wrong := map[int]bool{}
		for i := range s.paths {
			if !near(s.samples.LogR[i], k.world.logR(&s.paths[i])) {
				wrong[s.paths[i].end()] = true
			}
		}
		f.what += fmt.Sprintf("; %d of %d terminal states are wrong", len(wrong), len(k.world.ends))
		f.hint = "the formula of the reward, such as the edge of a region that is off by one, or an instance that was drawn anew and not read: see docs/environments.md"
	}
	return err
}

// compareSums compares values that a trainer reports for trajectories with the correct
// ones.
func (k *kit) compareSums(name string, got []float64, paths []path, want func(p *path) float64, suspects []suspect) error {
	for i := range paths {
		if x := want(&paths[i]); !near(got[i], x) {
			return found(k.suspected(suspects, got, paths), "%s of trajectory %d, %s, is %.6g: expected %.6g", name, i, k.world.describe(&paths[i]), got[i], x)
		}
	}
	return nil
}

// near reports whether sums of log-probabilities are equal up to the errors of float32.
func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-4*max(1, math.Abs(a), math.Abs(b))
}

// logPF returns the function that sums log P_F over a path.
func (t *table) logPF(w *world) func(p *path) float64 {
	return func(p *path) (sum float64) {
		for i, a := range p.actions {
			sum += t.forward[p.nodes[i]*w.Actions()+a]
		}
		return sum
	}
}

func (t *table) logPB(w *world) func(p *path) float64 {
	return func(p *path) (sum float64) {
		for i, b := range p.back {
			sum += t.backward[p.nodes[i+1]*w.BackwardActions()+b]
		}
		return sum
	}
}

func (w *world) logR(p *path) float64 { return w.LogReward(w.graph.State(p.end())) }

// distribution checks that samples come from the policy, with error rate [ErrorRate]. It
// tests the actions taken in each state, and the terminal states against the exact p_T.
func (k *kit) distribution() error {
	s, err := k.drawn()
	if err != nil {
		return err
	}
	return k.histogram(s.paths, s.table)
}

// histogram does the same for paths and a table.
func (k *kit) histogram(paths []path, t *table) error {
	w := k.world
	actions := w.Actions()
	// Count the visits to each state and the actions taken there, and the tests.
	visits, taken := make([]int, w.graph.Nodes()), make([]int, w.graph.Nodes()*actions)
	for i := range paths {
		for j, n := range paths[i].nodes {
			visits[n]++
			if j < len(paths[i].actions) {
				taken[n*actions+paths[i].actions[j]]++
			}
		}
	}
	tests := len(w.ends)
	for _, n := range w.inner {
		if visits[n] > 0 {
			tests += count(w.forwardMask(n))
		}
	}
	// Test the actions, and keep the smallest p.
	worst, where := 1.0, ""
	note := func(p float64, say func() string) {
		if p < worst {
			worst, where = p, say()
		}
	}
	for _, n := range w.inner {
		for a := range actions {
			i := n*actions + a
			note(binomial(taken[i], visits[n], math.Exp(t.forward[i])), func() string {
				return fmt.Sprintf("in %s, action %d was taken %d times of %d: its probability is %.4g", w.name(n), a, taken[i], visits[n], math.Exp(t.forward[i]))
			})
		}
	}
	// Test the terminal states against the exact p_T.
	e := exact.NewEvaluator(w.graph)
	e.Evaluate(lookup{w, t}, exact.Options{})
	for i, n := range w.ends {
		p := math.Exp(e.LogPT()[i])
		note(binomial(visits[n], len(paths), p), func() string {
			return fmt.Sprintf("%d of %d samples end in %s: exact p_T is %.4g", visits[n], len(paths), w.name(n), p)
		})
	}
	// Adjust for the number of tests.
	if worst*float64(tests) > ErrorRate {
		return nil
	}
	hint := "samples with exploration, with a temperature, of earlier parameters or of one trajectory"
	if distinct(paths) == 1 {
		hint = "one trajectory again and again"
	}
	return found(hint, "%s (p = %.1g, of %d tests)", where, worst, tests)
}

// distinct returns the number of different trajectories.
func distinct(paths []path) int {
	seen := map[string]bool{}
	for i := range paths {
		seen[fmt.Sprint(paths[i].actions)] = true
	}
	return len(seen)
}

// lookup is the policy of a table.
type lookup struct {
	w *world
	t *table
}

// LogForward writes rows of the table.
func (l lookup) LogForward(states []uint64, n int, dst []float64) {
	l.copy(states, n, l.w.Actions(), l.t.forward, dst)
}

// LogBackward writes rows of the table.
func (l lookup) LogBackward(states []uint64, n int, dst []float64) {
	l.copy(states, n, l.w.BackwardActions(), l.t.backward, dst)
}

func (l lookup) copy(states []uint64, n, width int, from, dst []float64) {
	words := l.w.Words()
	for i := range n {
		node := l.w.node[text(states[i*words:(i+1)*words])]
		copy(dst[i*width:(i+1)*width], from[node*width:])
	}
}

// sampleSeeds checks that samples depend on their seed, and only on it, and that drawing
// them does not change the policy.
func (k *kit) sampleSeeds() error {
	var batch [3]*trainer.Samples
	before, err := k.table()
	if err != nil {
		return err
	}
	for i, seed := range []int64{7, 7, 8} {
		if batch[i], err = k.session.Sample(k.ctx, 200, seed, k.world.MaxSteps()+1); err != nil {
			return err
		}
	}
	after, err := k.table()
	switch {
	case err != nil:
		return err
	case !slices.Equal(batch[0].Actions, batch[1].Actions):
		return found("samples from the training's random numbers or from the system's, and not from those of the request's seed", "the same seed gave two different samples of 200 trajectories")
	case slices.Equal(batch[0].Actions, batch[2].Actions):
		return found("a shared seed: that of the request is not used", "two seeds gave the same sample of 200 trajectories")
	case !slices.Equal(before.forward, after.forward):
		return found("", "the policy is another one after drawing samples")
	}
	return nil
}
