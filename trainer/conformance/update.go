package conformance

import (
	"math"
	"slices"

	"gfnbench/gfn/exact"
	"gfnbench/gfn/objective"
)

// trained checks the trainer's reply to training, and that the policy has changed.
func (k *kit) trained() error {
	if err := k.start(coarse, false); err != nil {
		return err
	}
	before, err := k.snapshot()
	if err != nil {
		return err
	}
	t, err := k.session.Train(k.ctx, trainedSteps)
	if err != nil {
		return err
	}
	k.reported = t
	if t.Diverged {
		return found("", "the training diverged at step %d, with the learning rate %v", t.Step, k.cell.Spec().Optimizer.LR)
	}
	if t.Loss != nil && (math.IsNaN(*t.Loss) || math.IsInf(*t.Loss, 0)) {
		return found("", "the loss is %v at step %d, and it does not say that it diverged", *t.Loss, t.Step)
	}
	if want := int64(trainedSteps * k.cell.Spec().Batch); t.Trajectories != nil && *t.Trajectories != want && k.follows("batch") {
		return found("the batch is not that of the cell, or samples are counted otherwise", "it says that it used %d trajectories in %d steps of %d: expected %d", *t.Trajectories, trainedSteps, k.cell.Spec().Batch, want)
	}
	after, err := k.snapshot()
	if err == nil && slices.Equal(before, after) {
		return found("stale log-probabilities: kept from before, or of a copy of the network that is not trained", "its answers are those of before, after %d steps", trainedSteps)
	}
	return err
}

// trainedSteps is the number of steps before a trained run is examined.
const trainedSteps = 60

// Learning is examined after learnedSteps steps, and only if the divergence from the
// target starts above worthwhile, in nats.
const (
	learnedSteps = 200
	worthwhile   = 0.2
)

// learns checks that training brings the policy closer to the target: at least one of the
// two divergences between their trajectories must fall.
func (k *kit) learns() error {
	if objective.Lookup(k.the.objective).NeedsFlows {
		return flowsFirst
	}
	k.ready = false
	if _, err := k.session.Train(k.ctx, learnedSteps); err != nil {
		return err
	}
	after, err := k.metrics()
	if err != nil {
		return err
	}
	if err := k.start(coarse, false); err != nil {
		return err
	}
	before, err := k.metrics()
	if err == nil && before.TrajKLRev > worthwhile && !(after.TrajKLRev < before.TrajKLRev) && !(after.TrajKLFwd < before.TrajKLFwd) {
		return found("steps that go uphill, or a loss that is not the objective", "in %d steps KL(p_F‖p_B) went from %.4g to %.4g, and KL(p_B‖p_F) from %.4g to %.4g", learnedSteps, before.TrajKLRev, after.TrajKLRev, before.TrajKLFwd, after.TrajKLFwd)
	}
	return err
}

// metrics evaluates the policy exactly.
func (k *kit) metrics() (m exact.Metrics, err error) {
	t, err := k.table()
	if err != nil {
		return m, err
	}
	return exact.NewEvaluator(k.world.graph).Evaluate(lookup{k.world, t}, exact.Options{LearnedBackward: k.the.learned}), nil
}

// step checks that gradient steps on a batch lower its loss.
func (k *kit) step() error {
	_, _, err := k.objective()
	if err != nil {
		return err
	}
	g, err := k.valued()
	if err != nil {
		return err
	}
	k.ready = false // the run continues
	last := g.valued.Loss.Loss
	for i := range 3 {
		if err := k.session.Update(k.ctx, g.batch); err != nil {
			return err
		}
		v, err := k.session.Loss(k.ctx, g.batch)
		if err != nil {
			return err
		}
		switch x := v.Loss.Loss; {
		case x == last:
			return found("a step that is not taken, or a loss of parameters that are kept from before", "step %d on a batch did not change its loss, %.6g", i+1, x)
		case x > last:
			return found("a step uphill: the wrong sign of the gradient, or gradients that are not set to zero", "step %d on a batch raised its loss from %.6g to %.6g", i+1, last, x)
		default:
			last = x
		}
	}
	return nil
}

// fresh checks that the log-probabilities after a step agree with those of the loss, and
// differ from those before.
func (k *kit) fresh() error {
	before, err := k.valued()
	if err != nil {
		return err
	}
	k.ready = false
	if err := k.session.Update(k.ctx, before.batch); err != nil {
		return err
	}
	after, err := k.valued()
	if err != nil {
		return err
	}
	if slices.Equal(before.table.forward, after.table.forward) {
		return found("stale log-probabilities: kept from before the step, or of a copy of the network that is not trained", "a step on a batch did not change the log-probabilities")
	}
	if err := k.compareSums("after a step log_pf", after.valued.LogPF, after.paths, after.table.logPF(k.world), forwardSuspects); err != nil {
		f, _ := err.(*finding)
		return found("stale log-probabilities: one of the two is of the parameters before the step", "%s", f.what)
	}
	return nil
}

// logZ checks that a step moves log Z against its gradient, if log Z is a parameter.
func (k *kit) logZ() error {
	kind, o, err := k.objective()
	if err == nil && (!kind.LearnsLogZ || kind.NeedsFlows) {
		err = noLogZ
	}
	if err != nil {
		return err
	}
	before, err := k.pricedOn(kind, k.world.cover())
	if err != nil {
		return err
	}
	c := k.coefficients(o, kind, before, none)
	after, err := k.afterStep(kind, before.batch)
	if err != nil {
		return err
	}
	switch moved := *after.LogZ - *before.valued.LogZ; {
	case moved == 0 && c.LogZ != 0:
		return found("log Z is no parameter of the optimiser", "log Z stays %.6g in a step, where the loss has the derivative %.4g by it", *after.LogZ, c.LogZ)
	case moved*c.LogZ > 0:
		return found("the wrong sign of log Z or of its gradient", "log Z goes from %.6g to %.6g in a step, uphill: the loss has the derivative %.4g by it", *before.valued.LogZ, *after.LogZ, c.LogZ)
	}
	return nil
}

// fit sets the policy to the optimum.
func (k *kit) fit() error {
	if err := k.start(coarse, false); err != nil {
		return err
	}
	w := k.world
	all, flows := w.graph.Optimum()
	logPF, logF := make([]float64, 0, len(w.inner)*w.Actions()), make([]float64, 0, len(w.inner))
	for _, n := range w.inner {
		logPF, logF = append(logPF, all[n*w.Actions():(n+1)*w.Actions()]...), append(logF, flows[n])
	}
	return k.session.Fit(k.ctx, w.encode(w.inner), logPF, logF, w.graph.LogZ())
}

// fitted checks that the policy is the table that was set.
func (k *kit) fitted() error {
	t, err := k.table()
	if err != nil {
		return err
	}
	want, _ := k.world.graph.Optimum()
	width := k.world.Actions()
	for _, n := range k.world.inner {
		got := t.forward[n*width : (n+1)*width]
		if !sameRow(got, want[n*width:(n+1)*width]) {
			return found("a table that only a part of the trainer uses, exploration, or a temperature", "in %s it has the probabilities %.4g, and the table %.4g", k.world.name(n), probabilities(got), probabilities(want[n*width:(n+1)*width]))
		}
	}
	return nil
}

// optimum checks that the loss is 0 at the optimum from dynamic programming, for
// objectives whose loss is 0 there.
func (k *kit) optimum() error {
	kind, o, g, err := k.priced()
	if err != nil {
		return err
	}
	got := g.valued.Loss.Loss
	if want := k.lossOf(o, kind, g, none); math.Abs(got) <= 1e-6 || want > 1e-9 && math.Abs(got-want) <= 1e-3*want {
		return nil
	}
	hint := k.suspectedLoss(o, kind, g)
	if hint == "" {
		hint = "a reward, a P_B or a log Z that is not the environment's"
	}
	return found(hint, "at the optimum, the policy of dynamic programming with log Z = %.6g, the loss is %.6g in place of 0", k.world.graph.LogZ(), got)
}
