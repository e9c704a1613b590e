package conformance

import (
	"fmt"
	"math"

	"gfnbench/gfn/objective"
	"gfnbench/trainer"
)

// A given is a batch that the trainer is given, with the trainer's answers about it.
type given struct {
	batch  *trainer.Trajectories
	paths  []path
	table  *table
	valued *trainer.Valued
}

// valued asks for the loss of a batch with a trajectory to each terminal state.
func (k *kit) valued() (*given, error) { return k.valuedOn(k.world.cover()) }

// valuedOn asks for the loss of a batch.
func (k *kit) valuedOn(batch *trainer.Trajectories) (*given, error) {
	g := &given{batch: batch}
	var err error
	if g.paths, err = k.world.follow(g.batch); err != nil {
		return nil, err
	}
	if g.table, err = k.table(); err != nil {
		return nil, err
	}
	k.seen.table = g.table
	g.valued, err = k.session.Loss(k.ctx, g.batch)
	return g, err
}

// objective returns the objective. The error is absent if its loss is defined only on the
// policy's own samples.
func (k *kit) objective() (*objective.Kind, objective.Objective, error) {
	kind := objective.Lookup(k.the.objective)
	o, err := kind.Make(k.cell.Spec().Objective)
	if err == nil && !kind.OffPolicy {
		err = onPolicyLoss
	}
	return kind, o, err
}

// lossLogs checks the log p_F and log p_B that come with a loss.
func (k *kit) lossLogs() error {
	g, err := k.valued()
	if err != nil {
		return err
	}
	err = k.compareSums("log_pf", g.valued.LogPF, g.paths, g.table.logPF(k.world), forwardSuspects)
	if err == nil {
		err = k.compareSums("log_pb", g.valued.LogPB, g.paths, g.table.logPB(k.world), backwardSuspects)
	}
	return err
}

// priced returns the objective and a batch with its loss, which has what the objective
// declares.
func (k *kit) priced() (*objective.Kind, objective.Objective, *given, error) {
	kind, o, err := k.objective()
	if err != nil {
		return nil, nil, nil, err
	}
	g, err := k.pricedOn(kind, k.world.cover())
	return kind, o, g, err
}

// pricedOn asks for the loss of a batch, which has what the objective declares.
func (k *kit) pricedOn(kind *objective.Kind, batch *trainer.Trajectories) (*given, error) {
	g, err := k.valuedOn(batch)
	if err == nil {
		err = declared(kind, g.valued)
	}
	return g, err
}

// afterStep asks for the loss of a batch after a step on it, which has what the objective
// declares.
func (k *kit) afterStep(kind *objective.Kind, batch *trainer.Trajectories) (*trainer.Valued, error) {
	k.ready = false
	if err := k.session.Update(k.ctx, batch); err != nil {
		return nil, err
	}
	after, err := k.session.Loss(k.ctx, batch)
	if err == nil {
		err = declared(kind, after)
	}
	return after, err
}

// loss checks the loss of a batch with a trajectory to each terminal state. It must be
// the objective's value for our log-probabilities and log-rewards and the trainer's own
// log Z and flows.
func (k *kit) loss() error {
	kind, o, g, err := k.priced()
	if err != nil {
		return err
	}
	if said := k.reported.LogZ; said != nil && g.valued.LogZ != nil && !near(*said, *g.valued.LogZ) {
		return found("a log Z of before the last step", "train says that log Z is %.6g, and loss that it is %.6g", *said, *g.valued.LogZ)
	}
	want := k.lossOf(o, kind, g, none)
	if nearLoss(g.valued.Loss.Loss, want) {
		return nil
	}
	where := fmt.Sprintf("the loss of %d trajectories, one to each terminal state, is %.6g: %s is %.6g on them", len(g.paths), g.valued.Loss.Loss, k.the.objective, want)
	hint := k.suspectedLoss(o, kind, g)
	if hint == "" && kind.MinBatch("") == 1 {
		more, err := k.locate(o, kind, g)
		if err != nil {
			return err
		}
		where += more
		hint = "the reward of those states, or the formula of the loss: see docs/environments.md and docs/objectives.md"
	}
	return found(hint, "%s", where)
}

// declared checks that a loss comes with the log Z or the flows that its objective has.
func declared(kind *objective.Kind, v *trainer.Valued) error {
	switch {
	case kind.NeedsFlows && v.LogF == nil:
		return found("", "the reply lacks log_f, and %s has state flows", kind.Name)
	case kind.LearnsLogZ && !kind.NeedsFlows && v.LogZ == nil:
		return found("", "the reply lacks log_z, and %s learns log Z", kind.Name)
	}
	return nil
}

// nearLoss compares losses, which are squares of sums in float32.
func nearLoss(a, b float64) bool { return math.Abs(a-b) <= 1e-3*max(1e-2, math.Abs(b)) }

// An alteration changes a batch in the way that a bug does.
type alteration func(k *kit, g *given, b *objective.Batch)

func none(*kit, *given, *objective.Batch) {}

// lossOf returns the objective's value on an altered batch.
func (k *kit) lossOf(o objective.Objective, kind *objective.Kind, g *given, alter alteration) float64 {
	return k.coefficients(o, kind, g, alter).Loss
}

// coefficients returns the objective's value and derivatives on an altered batch.
func (k *kit) coefficients(o objective.Objective, kind *objective.Kind, g *given, alter alteration) (c objective.Coefficients) {
	b := k.batchOf(g)
	alter(k, g, b)
	c.Fit(kind, o, b, k.the.learned)
	o.Coefficients(b, &c)
	return c
}

// batchOf returns the batch as an objective sees it.
func (k *kit) batchOf(g *given) *objective.Batch {
	b := &objective.Batch{Start: []int32{0}, LogF: append([]float64(nil), g.valued.LogF...)}
	if z := g.valued.LogZ; z != nil {
		b.LogZ = *z
	}
	w, logPF, logPB := k.world, g.table.logPF(k.world), g.table.logPB(k.world)
	for i := range g.paths {
		p := &g.paths[i]
		b.LogPF, b.LogPB, b.LogR = append(b.LogPF, logPF(p)), append(b.LogPB, logPB(p)), append(b.LogR, w.logR(p))
		for j := range p.actions {
			b.StepLogPF = append(b.StepLogPF, g.table.step(w, p, j))
			b.StepLogPB = append(b.StepLogPB, g.table.backward[p.nodes[j+1]*w.BackwardActions()+p.back[j]])
		}
		b.Start = append(b.Start, int32(len(b.StepLogPF)))
	}
	return b
}

// A lossSuspect is a known bug of a loss.
type lossSuspect struct {
	bug   string
	alter alteration
}

var lossSuspects = []lossSuspect{
	{"", none},
	{"log Z is missing from the loss", func(_ *kit, _ *given, b *objective.Batch) { b.LogZ = 0 }},
	{"the wrong sign of log r", func(_ *kit, _ *given, b *objective.Batch) { replace(b.LogR, func(x float64) float64 { return -x }) }},
	{"a reward in place of its logarithm", func(_ *kit, _ *given, b *objective.Batch) { replace(b.LogR, math.Exp) }},
	{"log r is missing from the loss", func(_ *kit, _ *given, b *objective.Batch) { clear(b.LogR) }},
	{"log p_B is missing from the loss", func(_ *kit, _ *given, b *objective.Batch) { clear(b.LogPB); clear(b.StepLogPB) }},
	{"the wrong sign of log p_B", func(_ *kit, _ *given, b *objective.Batch) {
		replace(b.LogPB, func(x float64) float64 { return -x })
		replace(b.StepLogPB, func(x float64) float64 { return -x })
	}},
	exponent(2), exponent(0.5),
	{"log Z has the wrong sign", func(_ *kit, _ *given, b *objective.Batch) { b.LogZ = -b.LogZ }},
	{"an exit action that is counted twice", func(k *kit, g *given, b *objective.Batch) {
		for i := range g.paths {
			b.LogPF[i] += g.table.step(k.world, &g.paths[i], len(g.paths[i].actions)-1)
		}
	}},
	swapped(0), swapped(1), swapped(2), swapped(3), swapped(4),
}

// exponent returns the bug of a factor on log r.
func exponent(x float64) lossSuspect {
	return lossSuspect{fmt.Sprintf("%v log r in place of log r: a reward exponent", x), func(_ *kit, _ *given, b *objective.Batch) {
		replace(b.LogR, func(y float64) float64 { return x * y })
	}}
}

// swapped returns the backward suspect i as a bug of the loss.
func swapped(i int) lossSuspect {
	return lossSuspect{backwardSuspects[i].bug, func(k *kit, g *given, b *objective.Batch) {
		for n := range g.paths {
			p := &g.paths[n]
			b.LogPB[n] = backwardSuspects[i].value(k, g.table, p)
			for j := range p.actions {
				b.StepLogPB[int(b.Start[n])+j] = backwardSuspects[i].step(k, g.table, p, j)
			}
		}
	}}
}

func replace(list []float64, f func(float64) float64) {
	for i, x := range list {
		list[i] = f(x)
	}
}

// suspectedLoss returns the bug that explains the loss, or "".
func (k *kit) suspectedLoss(o objective.Objective, kind *objective.Kind, g *given) string {
	got := g.valued.Loss.Loss
	n, transitions := float64(len(g.paths)), float64(len(g.batch.Actions))
	for _, s := range lossSuspects {
		x := k.lossOf(o, kind, g, s.alter)
		for _, scale := range []struct {
			bug    string
			factor float64
		}{
			{"", 1}, {"a sum over the trajectories in place of their mean", n}, {"half of it", 0.5}, {"twice of it", 2},
			{"a mean over the transitions in place of the trajectories", n / transitions}, {"the wrong sign", -1},
		} {
			if !nearLoss(got, x*scale.factor) {
				continue
			}
			switch {
			case s.bug == "":
				return scale.bug
			case scale.bug == "":
				return s.bug
			}
			return s.bug + ", and " + scale.bug
		}
	}
	return ""
}

// alone returns the trajectory i of the batch as a batch, without its value.
func (g *given) alone(i int) *given {
	from, to := g.batch.Start[i], g.batch.Start[i+1]
	return &given{
		batch: &trainer.Trajectories{Start: []int64{0, to - from}, Actions: g.batch.Actions[from:to]},
		paths: g.paths[i : i+1], table: g.table,
	}
}

// locate asks for the loss of each trajectory alone and names those that are wrong.
func (k *kit) locate(o objective.Objective, kind *objective.Kind, g *given) (string, error) {
	wrong, text := 0, ""
	for i := range g.paths {
		one := g.alone(i)
		var err error
		if one.valued, err = k.session.Loss(k.ctx, one.batch); err != nil {
			return "", err
		}
		want := k.lossOf(o, kind, one, none)
		if nearLoss(one.valued.Loss.Loss, want) {
			continue
		}
		if wrong++; wrong <= 3 {
			text += fmt.Sprintf("; alone, that to %s has %.6g and should have %.6g", k.world.name(one.paths[0].end()), one.valued.Loss.Loss, want)
		}
	}
	return fmt.Sprintf("; %d of them have a wrong loss alone%s", wrong, text), nil
}
