package conformance

import (
	"math"

	"gfnbench/gfn/objective"
	"gfnbench/trainer"
)

// fitOne sets the policy to one that takes, as good as always, one trajectory.
func (k *kit) fitOne() error {
	if err := k.start(coarse, false); err != nil {
		return err
	}
	g, err := k.one()
	if err != nil {
		return err
	}
	w := k.world
	_, flows := w.graph.Optimum()
	var logPF, logF []float64
	for _, n := range w.inner {
		logPF, logF = append(logPF, g.table.forward[n*w.Actions():(n+1)*w.Actions()]...), append(logF, flows[n])
	}
	return k.session.Fit(k.ctx, w.encode(w.inner), logPF, logF, *g.valued.LogZ)
}

// rare is the probability of each other action on the one trajectory: small enough that
// none is taken in all checks.
const rare = 1e-13

// one returns that policy, its log Z and its flows, and the batch that it samples: as many
// copies of the trajectory as the batch has.
func (k *kit) one() (*given, error) {
	w := k.world
	all := w.cover()
	n := len(all.Start) / 2
	actions := all.Actions[all.Start[n-1]:all.Start[n]]
	g := &given{batch: &trainer.Trajectories{Start: []int64{0}}, table: w.uniform()}
	for range k.cell.Spec().Batch {
		g.batch.Actions = append(g.batch.Actions, actions...)
		g.batch.Start = append(g.batch.Start, int64(len(g.batch.Actions)))
	}
	var err error
	if g.paths, err = w.follow(g.batch); err != nil {
		return nil, err
	}
	p := &g.paths[0]
	for i, a := range p.actions {
		row := g.table.forward[p.nodes[i]*w.Actions() : (p.nodes[i]+1)*w.Actions()]
		for b := range row {
			if !math.IsInf(row[b], -1) {
				row[b] = math.Log(rare)
			}
		}
		row[a] = math.Log1p(-rare * float64(count(w.forwardMask(p.nodes[i]))-1))
	}
	_, flows := w.graph.Optimum()
	logZ := w.graph.LogZ() + 2 // no residual is 0
	g.valued = &trainer.Valued{Loss: trainer.Loss{LogZ: &logZ}}
	for i := range g.paths {
		for _, n := range g.paths[i].nodes[:len(actions)] {
			g.valued.LogF = append(g.valued.LogF, flows[n])
		}
	}
	return g, nil
}

// trainsOn checks a step of the training itself, whose batch is known because the policy
// takes one trajectory: the loss must be that of this batch, and log Z moves once.
func (k *kit) trainsOn() error {
	kind, o, err := k.objective()
	if err != nil {
		return err
	}
	g, err := k.one()
	if err != nil {
		return err
	}
	k.ready = false
	t, err := k.session.Train(k.ctx, 1)
	if err != nil {
		return err
	}
	if t.Diverged {
		return found("", "the training of a table diverged at its first step")
	}
	moved, want := 0.0, 0.0 // of log Z
	if t.LogZ != nil && kind.LearnsLogZ && !kind.NeedsFlows {
		moved = *t.LogZ - *g.valued.LogZ
		want = adamMoves(k.cell.Spec().Optimizer, k.cell.Spec().Steps, []float64{k.coefficients(o, kind, g, none).LogZ})[0]
	}
	if math.Abs(moved) < 1.5*math.Abs(want) || moved*want <= 0 { // more is the step's fault, not the loss's
		if err := k.trainedLoss(kind, o, g, t.Loss); err != nil {
			return err
		}
	}
	if !sameMoves([]float64{moved}, []float64{want}) {
		return found("more or fewer steps than were asked for, or a log Z of before the step", "in the first step log Z moves by %.4g: Adam with the rate %v moves it by %.4g", moved, k.cell.Spec().Optimizer.LogZLR, want)
	}
	if t.Loss == nil {
		return noLoss
	}
	return nil
}

// trainedLoss checks the loss of the batch, if the trainer reports it.
func (k *kit) trainedLoss(kind *objective.Kind, o objective.Objective, g *given, loss *float64) error {
	want := k.lossOf(o, kind, g, none)
	if loss == nil || nearLoss(*loss, want) {
		return nil
	}
	g.valued.Loss.Loss = *loss
	hint := k.suspectedLoss(o, kind, g)
	if hint == "" {
		hint = "exploration or a temperature in training, or a reward in training that is not the environment's"
	}
	return found(hint, "trained from a policy that always takes %s, it has the loss %.6g: %s is %.6g on that trajectory", k.world.describe(&g.paths[0]), *loss, k.the.objective, want)
}
