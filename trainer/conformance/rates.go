package conformance

import (
	"math"
	"slices"

	"gfnbench/gfn"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/trainer"
)

// rateSteps is the number of steps in which log Z is followed.
const rateSteps = 5

// rates checks the optimiser by log Z, the one parameter that is visible: it must move as
// Adam moves it with its gradients on two trajectories in turn, which are known, and the
// schedule of the cell. The network, which has a learning rate near 0 if the trainer has the
// setting, must not move.
// With state flows log Z is the scalar that every log F contains.
func (k *kit) rates() error {
	kind, o, err := k.objective()
	if err == nil && (!kind.LearnsLogZ || kind.NeedsFlows && !(k.follows("optimizer.lr") && k.follows("optimizer.log_z_lr"))) {
		err = noLogZ
	}
	if err != nil {
		return err
	}
	all, err := k.pricedOn(kind, k.world.cover())
	if err != nil {
		return err
	}
	batches := k.extremes(kind, o, all)
	var gradients, moves []float64
	for t := range rateSteps {
		g, err := k.pricedOn(kind, batches[t%2])
		if err != nil {
			return err
		}
		gradients = append(gradients, k.coefficients(o, kind, g, none).LogZ)
		after, err := k.afterStep(kind, g.batch)
		if err != nil {
			return err
		}
		moves = append(moves, scalar(kind, after)-scalar(kind, g.valued))
	}
	return k.judgeRates(all.table.forward, gradients, moves)
}

// extremes returns two batches of one trajectory with derivatives by log Z that are far
// apart. Adam normalises gradients, so that one batch alone would show their sign only.
func (k *kit) extremes(kind *objective.Kind, o objective.Objective, g *given) (batches [2]*trainer.Trajectories) {
	slope := make([]float64, len(g.paths))
	largest, opposite := 0, 0
	for i := range slope {
		one := g.alone(i)
		one.valued = &trainer.Valued{Loss: g.valued.Loss}
		if g.valued.LogF != nil {
			one.valued.LogF = g.valued.LogF[g.batch.Start[i]:g.batch.Start[i+1]]
		}
		slope[i] = k.coefficients(o, kind, one, none).LogZ
		if math.Abs(slope[i]) > math.Abs(slope[largest]) {
			largest = i
		}
	}
	for i, x := range slope {
		if x*slope[largest] < slope[opposite]*slope[largest] {
			opposite = i
		}
	}
	return [2]*trainer.Trajectories{g.alone(largest).batch, g.alone(opposite).batch}
}

// scalar returns log Z or, with state flows, log F of the first state, which differs from the
// scalar in every log F by the network's output.
func scalar(kind *objective.Kind, v *trainer.Valued) float64 {
	if kind.NeedsFlows {
		return v.LogF[0]
	}
	return *v.LogZ
}

// judgeRates compares the moves of log Z with Adam's, and the policy with the first.
func (k *kit) judgeRates(first, gradients, moves []float64) error {
	s := k.cell.Spec()
	if want := adamMoves(s.Optimizer, s.Steps, gradients); !sameMoves(moves, want) {
		hint := "a learning rate of log Z, a schedule or an optimiser that is not the cell's: Adam with optimizer.log_z_lr times the factor of optimizer.schedule"
		for _, r := range rateSuspects {
			if sameMoves(moves, r.moves(s.Optimizer, s.Steps, gradients)) {
				hint = r.bug
				break
			}
		}
		return found(hint, "in %d steps log Z moves by %.4g: with the rate %v Adam moves it by %.4g", rateSteps, moves, s.Optimizer.LogZLR, want)
	}
	t, err := k.table()
	if err == nil && k.follows("optimizer.lr") && !sameRow(t.forward, first) {
		return found("the learning rate of log Z trains the network, too", "the policy changes in %d steps with the learning rate %v", rateSteps, s.Optimizer.LR)
	}
	return err
}

// sameMoves compares moves of log Z, which float32 and the gradient's errors make inexact.
func sameMoves(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Abs(b)+2e-6 })
}

// adamMoves returns the moves of a parameter that has the gradients g, one after another,
// by Adam (Kingma and Ba 2015, Algorithm 1) with the rates of log Z.
func adamMoves(o gfn.Optimizer, steps int, g []float64) []float64 {
	return adamLike(o, steps, g, 0, true)
}

// adamLike is Adam with a schedule that is ahead steps in advance, and with or without the
// corrections of the moments' bias.
func adamLike(o gfn.Optimizer, steps int, g []float64, ahead int, corrected bool) (moves []float64) {
	schedule := network.Schedule{Kind: o.Schedule, Power: o.Power, Steps: steps}
	m, v := 0.0, 0.0
	for t, x := range g {
		m, v = o.Beta1*m+(1-o.Beta1)*x, o.Beta2*v+(1-o.Beta2)*x*x
		c1, c2 := 1.0, 1.0
		if corrected {
			c1, c2 = 1-math.Pow(o.Beta1, float64(t+1)), 1-math.Pow(o.Beta2, float64(t+1))
		}
		moves = append(moves, -o.LogZLR*schedule.Factor(t+ahead)*m/c1/(math.Sqrt(v/c2)+o.Epsilon))
	}
	return moves
}

// A rateSuspect is a known bug of an optimiser: moves are those of log Z with it.
type rateSuspect struct {
	bug   string
	moves func(o gfn.Optimizer, steps int, g []float64) []float64
}

var rateSuspects = []rateSuspect{
	{"no log Z that is trained, or no scalar in log F, with the learning rate optimizer.log_z_lr", func(_ gfn.Optimizer, _ int, g []float64) []float64 { return make([]float64, len(g)) }},
	{"a schedule that is one step ahead", func(o gfn.Optimizer, steps int, g []float64) []float64 { return adamLike(o, steps, g, 1, true) }},
	{"a schedule that is not applied to log Z", func(o gfn.Optimizer, steps int, g []float64) []float64 {
		o.Schedule = "constant"
		return adamMoves(o, steps, g)
	}},
	{"log Z has the learning rate of the network", func(o gfn.Optimizer, steps int, g []float64) []float64 {
		o.LogZLR = o.LR
		return adamMoves(o, steps, g)
	}},
	{"Adam without its corrections of the moments' bias", func(o gfn.Optimizer, steps int, g []float64) []float64 { return adamLike(o, steps, g, 0, false) }},
	{"gradient descent in place of Adam", func(o gfn.Optimizer, steps int, g []float64) (moves []float64) {
		schedule := network.Schedule{Kind: o.Schedule, Power: o.Power, Steps: steps}
		for t, x := range g {
			moves = append(moves, -o.LogZLR*schedule.Factor(t)*x)
		}
		return moves
	}},
}
