//go:build unix

package trainertest

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// A step is one transition of a trajectory, and what the policy says of it.
type step struct {
	key    string
	action int
	log    []float64 // of all actions
	logPB  float64
}

// A walk is a trajectory.
type walk struct {
	steps []step
	logR  float64
}

func (w *walk) logPF() (sum float64) {
	for _, s := range w.steps {
		sum += s.log[s.action]
	}
	return sum
}

func (w *walk) logPB() (sum float64) {
	for _, s := range w.steps {
		sum += s.logPB
	}
	return sum
}

// walk takes the actions that choose chooses.
func (t *tabular) walk(choose func(i int, log []float64) int) (walk, error) {
	s := make([]uint64, t.env.Words())
	t.env.Reset(s)
	w := walk{}
	for !t.env.Terminal(s) {
		log := t.logPolicy(s)
		a := choose(len(w.steps), log)
		if a < 0 || a >= len(log) || math.IsInf(log[a], -1) {
			return w, fmt.Errorf("action %d is not allowed in %s", a, t.env.Format(s))
		}
		st := step{key: t.key(s), action: a, log: log}
		before := t.env.Parents(s)
		t.env.Step(s, a)
		parents := t.env.Parents(s)
		if t.has("swapped P_B") {
			parents = max(1, before) // of the state before
		}
		st.logPB = -math.Log(float64(parents))
		w.steps = append(w.steps, st)
	}
	w.logR = t.env.LogReward(s)
	if t.has("an exit action counted twice") {
		last := &w.steps[len(w.steps)-1]
		w.steps = append(w.steps, *last)
		w.steps[len(w.steps)-1].logPB = 0
	}
	return w, nil
}

// draw samples n trajectories.
func (t *tabular) draw(rng *stream.Stream, n int) []walk {
	list := make([]walk, n)
	for i := range list {
		if t.has("one trajectory again and again") && i > 0 {
			list[i] = list[0]
			continue
		}
		list[i], _ = t.walk(func(_ int, log []float64) int { // its own actions are allowed
			u := rng.Float64()
			last := 0
			for a, x := range log {
				if p := math.Exp(x); p > 0 {
					last = a
					if u -= p; u < 0 {
						break
					}
				}
			}
			return last
		})
	}
	return list
}

// replay follows trajectories of a message.
func (t *tabular) replay(f *trainer.Frame) ([]walk, error) {
	start, err := f.Ints("start", -1)
	if err != nil {
		return nil, err
	}
	actions, err := f.Ints("actions", -1)
	if err != nil {
		return nil, err
	}
	list := make([]walk, len(start)-1)
	for i := range list {
		if list[i], err = t.walk(func(k int, _ []float64) int { return int(actions[start[i]+int64(k)]) }); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// descend returns the loss of a batch and, where learn holds, takes a step of Adam.
func (t *tabular) descend(list []walk, learn bool) float64 {
	grad, gradZ, loss, n := map[string][]float64{}, 0.0, 0.0, float64(len(list))
	at := func(key string) []float64 {
		if grad[key] == nil {
			grad[key] = make([]float64, t.env.Actions()+1)
		}
		return grad[key]
	}
	score := func(s *step, d float64) {
		g := at(s.key)
		for a, x := range s.log {
			g[a] -= d * math.Exp(x)
		}
		g[s.action] += d
	}
	logZ := t.run.LogZ.Value[0]
	for i := range list {
		w := &list[i]
		if t.start.Objective.Name == "tb" {
			x := logZ + w.logPF() - w.logPB() - w.logR
			if t.has("a loss without log Z") {
				x -= logZ
			}
			loss += x * x / n
			gradZ += 2 * x / n
			for k := range w.steps {
				score(&w.steps[k], 2*x/n)
			}
			continue
		}
		for k := range w.steps {
			s := &w.steps[k]
			flow := len(s.log)
			x := s.log[s.action] - s.logPB + logZ + t.at(s.key).Value[flow]
			d := func(x float64) float64 { return 2 * x / n }
			if k+1 < len(w.steps) {
				x -= logZ + t.at(w.steps[k+1].key).Value[flow]
				at(w.steps[k+1].key)[flow] -= d(x)
			} else {
				x -= w.logR
				gradZ += d(x)
			}
			at(s.key)[flow] += d(x)
			score(s, d(x))
			loss += x * x / n
		}
	}
	if learn {
		t.adam(grad, gradZ)
	}
	return loss
}

// adam updates the rows that the batch visited and log Z.
func (t *tabular) adam(grad map[string][]float64, gradZ float64) {
	factor := t.sched.Factor(min(t.run.Step, t.sched.Steps-1))
	if t.has("a step uphill") {
		factor = -factor
	}
	t.run.Step++
	n := float64(t.run.Step)
	move := func(r *row, g []float64, lr float64) {
		for i, x := range g {
			r.M[i] += 0.1 * (x - r.M[i])
			r.V[i] += 0.001 * (x*x - r.V[i])
			r.Value[i] -= factor * lr * r.M[i] / (1 - math.Pow(0.9, n)) / (math.Sqrt(r.V[i]/(1-math.Pow(0.999, n))) + 1e-8)
		}
	}
	for key, g := range grad {
		move(t.at(key), g, t.lr[0])
	}
	if !t.has("log Z is not trained") {
		move(&t.run.LogZ, []float64{gradZ}, t.lr[1])
	}
}

func (t *tabular) train(f *trainer.Frame) (any, []trainer.Array, error) {
	var m trainer.Train
	if err := f.Decode(&m); err != nil {
		return nil, nil, err
	}
	if t.has("stale log-probabilities") && t.stale == nil {
		t.stale = map[string][]float64{}
	}
	loss := 0.0
	for t.run.Step < m.To {
		index := uint64(t.run.Step)
		if t.has("a run that depends on how often it is asked") {
			index = uint64(m.To)
		}
		loss = t.descend(t.draw(t.root.Stream("train", index), t.batch), true)
	}
	used := int64(t.run.Step * t.batch)
	logZ := t.run.LogZ.Value[0]
	if t.has("divergence") && t.run.Step >= 20 {
		return trainer.Trained{Step: m.To - 1, Diverged: true}, nil, nil
	}
	return trainer.Trained{Step: m.To, Loss: &loss, LogZ: &logZ, Trajectories: &used}, nil, nil
}

func (t *tabular) policy(f *trainer.Frame) (any, []trainer.Array, error) {
	states, err := f.Bytes("states", -1, t.env.Features())
	if err != nil {
		return nil, nil, err
	}
	width, n := t.env.Features(), f.Shape("states")[0]
	codes := t.codes()
	var all []float64
	for i := range n {
		key := string(states[i*width : (i+1)*width])
		s, ok := codes[key]
		if !ok {
			return nil, nil, fmt.Errorf("state %d is none", i)
		}
		log := t.spoil(t.logPolicy(s))
		if old, ok := t.stale[key]; ok {
			log = old
		} else if t.stale != nil {
			t.stale[key] = log
		}
		all = append(all, log...)
	}
	shape := []int{n, t.env.Actions()}
	if t.has("shape") {
		shape = []int{t.env.Actions(), n}
	}
	return nil, []trainer.Array{trainer.Floats("log_p", all, shape...)}, nil
}

// codes returns the states that are not terminal by their bytes.
func (t *tabular) codes() map[string][]uint64 {
	if t.known != nil {
		return t.known
	}
	found, words := map[string][]uint64{}, t.env.Words()
	index := env.NewIndex(words)
	s := make([]uint64, words)
	t.env.Reset(s)
	index.Add(s)
	mask := make([]uint64, env.MaskWords(t.env.Actions()))
	for i := 0; i < index.Len(); i++ {
		at := append([]uint64(nil), index.Code(i)...)
		if t.env.Terminal(at) {
			continue
		}
		found[t.key(at)] = at
		t.env.Mask(at, mask)
		for a := range t.env.Actions() {
			if mask[a>>6]>>(a&63)&1 != 0 {
				copy(s, at)
				t.env.Step(s, a)
				index.Add(s)
			}
		}
	}
	t.known = found
	return found
}

func (t *tabular) sample(f *trainer.Frame) (any, []trainer.Array, error) {
	var m trainer.Sample
	if err := f.Decode(&m); err != nil {
		return nil, nil, err
	}
	seed := m.Seed
	if t.has("samples of one seed") {
		seed = 0
	}
	list := t.draw(t.root.Stream("sample", uint64(seed)), m.N)
	start, actions := []int64{0}, []int64{}
	var logPF, logPB, logR []float64
	for i := range list {
		w := &list[i]
		for _, s := range w.steps {
			actions = append(actions, int64(s.action))
		}
		start = append(start, int64(len(actions)))
		f, r := w.logPF(), w.logR
		if t.has("log p_F of another action") && len(w.steps) > 1 {
			f += w.steps[0].log[w.steps[1].action] - w.steps[0].log[w.steps[0].action]
		}
		if t.has("a reward, not its logarithm") {
			r = math.Exp(r)
		}
		if t.has("ε in samples, not in log p_F") {
			f = w.logPF()
		}
		logPF, logPB, logR = append(logPF, f), append(logPB, w.logPB()), append(logR, r)
	}
	n := len(list)
	return nil, []trainer.Array{trainer.Ints("start", start, n+1), trainer.Ints("actions", actions, len(actions)),
		trainer.Floats("log_pf", logPF, n), trainer.Floats("log_pb", logPB, n), trainer.Floats("log_r", logR, n)}, nil
}

func (t *tabular) loss(f *trainer.Frame) (any, []trainer.Array, error) {
	list, err := t.replay(f)
	if err != nil {
		return nil, nil, err
	}
	var logPF, logPB, logF []float64
	for i := range list {
		w := &list[i]
		logPF, logPB = append(logPF, w.logPF()), append(logPB, w.logPB())
		for _, s := range w.steps {
			logF = append(logF, t.run.LogZ.Value[0]+t.at(s.key).Value[len(s.log)])
		}
	}
	n := len(list)
	arrays := []trainer.Array{trainer.Floats("log_pf", logPF, n), trainer.Floats("log_pb", logPB, n)}
	if t.start.Objective.Name == "db" {
		arrays = append(arrays, trainer.Floats("log_f", logF, len(logF)))
	}
	logZ := t.run.LogZ.Value[0]
	return trainer.Loss{Loss: t.descend(list, false), LogZ: &logZ}, arrays, nil
}

func (t *tabular) update(f *trainer.Frame) (any, []trainer.Array, error) {
	list, err := t.replay(f)
	if err == nil {
		t.descend(list, true)
	}
	return nil, nil, err
}

func (t *tabular) fit(f *trainer.Frame) (any, []trainer.Array, error) {
	var m trainer.Fit
	states, err := f.Bytes("states", -1, t.env.Features())
	if err == nil {
		err = f.Decode(&m)
	}
	n, width := f.Shape("states")[0], t.env.Features()
	log, err2 := f.Floats("log_p", n, t.env.Actions())
	flows, err3 := f.Floats("log_f", n)
	if err != nil || err2 != nil || err3 != nil {
		return nil, nil, fmt.Errorf("%w, %w, %w", err, err2, err3)
	}
	t.run.LogZ.Value[0] = m.LogZ
	for i := range n {
		r := t.at(string(states[i*width : (i+1)*width]))
		for a := range t.env.Actions() {
			r.Value[a] = max(log[i*t.env.Actions()+a], -1e300)
		}
		r.Value[t.env.Actions()] = flows[i] - m.LogZ
	}
	return nil, nil, nil
}
