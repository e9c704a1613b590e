//go:build unix

package trainertest

import (
	"math"

	"gfnbench/trainer"
)

// A gradient is the gradient with respect to the rows of the table and log Z.
type gradient struct {
	rows map[string][]float64
	logZ float64
}

// at returns the gradient with respect to the n values of a row.
func (g *gradient) at(key string, n int) []float64 {
	if g.rows[key] == nil {
		g.rows[key] = make([]float64, n)
	}
	return g.rows[key]
}

// score adds d times the gradient of log P_F of a step and, if the backward policy is
// learned, -d times the gradient of log P_B.
func (g *gradient) score(s *step, d float64) {
	softmax(g.at(s.key, len(s.log)+1), s.log, s.action, d)
	if s.logBack != nil {
		softmax(g.at(s.backKey, len(s.logBack)), s.logBack, s.back, -d)
	}
}

// softmax adds d times the gradient of the log-probability of a choice.
func softmax(g, log []float64, choice int, d float64) {
	for a, x := range log {
		g[a] -= d * math.Exp(x)
	}
	g[choice] += d
}

// descend returns the loss of a batch and, if learn is set, takes an Adam step.
func (t *tabular) descend(list []walk, learn bool) float64 {
	g, loss := &gradient{rows: map[string][]float64{}}, 0.0
	for i := range list {
		if t.start.Objective.Name == "tb" {
			loss += t.trajectoryBalance(g, &list[i], float64(len(list)))
		} else {
			loss += t.detailedBalance(g, &list[i], float64(len(list)))
		}
	}
	if learn {
		t.adam(g)
	}
	if t.has("a loss that is summed") {
		loss *= float64(len(list))
	}
	return loss
}

// trajectoryBalance adds the gradient of one of n trajectories and returns its loss.
func (t *tabular) trajectoryBalance(g *gradient, w *walk, n float64) float64 {
	logZ := t.run.LogZ.Value[0]
	x := logZ + w.logPF() - w.logPB() - w.logR
	if t.has("a loss without log Z") {
		x -= logZ
	}
	g.logZ += 2 * x / n
	for k := range w.steps {
		g.score(&w.steps[k], 2*x/n)
	}
	return x * x / n
}

// detailedBalance does the same for detailed balance.
func (t *tabular) detailedBalance(g *gradient, w *walk, n float64) (loss float64) {
	if t.has("a mean over transitions") {
		n *= float64(len(w.steps))
	}
	logZ := t.run.LogZ.Value[0]
	for k := range w.steps {
		s := &w.steps[k]
		flow := len(s.log)
		x := s.log[s.action] - s.logPB + logZ + t.at(s.key).Value[flow]
		if k+1 < len(w.steps) {
			next := w.steps[k+1].key
			x -= logZ + t.at(next).Value[flow]
			if t.has("a target that is not differentiated") {
				g.logZ += 2 * x / n
			} else {
				g.at(next, flow+1)[flow] -= 2 * x / n
			}
		} else {
			x -= w.logR
			g.logZ += 2 * x / n
		}
		g.at(s.key, flow+1)[flow] += 2 * x / n
		g.score(s, 2*x/n)
		loss += x * x / n
	}
	return loss
}

// adam updates log Z and the rows that the batch visited.
func (t *tabular) adam(g *gradient) {
	t.distort(g)
	factor := t.factor()
	t.run.Step++
	n := float64(t.run.Step)
	move := func(r *row, g []float64, lr float64) {
		for i, x := range g {
			r.M[i] += 0.1 * (x - r.M[i])
			r.V[i] += 0.001 * (x*x - r.V[i])
			m, v := r.M[i]/(1-math.Pow(0.9, n)), r.V[i]/(1-math.Pow(0.999, n))
			switch {
			case t.has("no bias correction"):
				m, v = r.M[i], r.V[i]
			case t.has("gradient descent"):
				m, v = x, 1
			}
			r.Value[i] -= factor * lr * m / (math.Sqrt(v) + 1e-8)
		}
	}
	table, logZ := t.rates()
	for key, x := range g.rows {
		move(t.row(key, len(x)), x, table)
	}
	if !t.has("log Z is not trained") && !(t.has("a flow without its scalar") && t.start.Objective.Name == "db") {
		move(&t.run.LogZ, []float64{g.logZ}, logZ)
	}
}

func (t *tabular) train(f *trainer.Frame) (any, []trainer.Array, error) {
	var m trainer.Train
	if err := f.Decode(&m); err != nil {
		return nil, nil, err
	}
	t.training, t.to = true, m.To
	loss, before := 0.0, 0.0
	for t.run.Step < m.To+t.extra() {
		before = t.run.LogZ.Value[0]
		rng := t.root.Stream("train", t.index(m.To))
		if t.density != nil {
			loss = t.descendDensity(rng)
		} else {
			loss = t.descend(t.draw(rng, t.batch, t.trainsWith()), true)
		}
	}
	t.training = false
	used := int64(m.To * t.batch)
	logZ := t.run.LogZ.Value[0]
	if t.has("a log Z of the step before") {
		logZ = before
	}
	if t.has("divergence") && t.run.Step >= 20 {
		return trainer.Trained{Step: m.To - 1, Diverged: true}, nil, nil
	}
	return trainer.Trained{Step: m.To, Loss: &loss, LogZ: &logZ, Trajectories: &used}, nil, nil
}
