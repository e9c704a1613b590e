//go:build unix

package trainertest

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/trainer"
)

func (t *tabular) policy(f *trainer.Frame) (any, []trainer.Array, error) {
	var m trainer.Policy
	if err := f.Decode(&m); err != nil {
		return nil, nil, err
	}
	states, err := f.Bytes("states", -1, t.env.Features())
	if err != nil {
		return nil, nil, err
	}
	width, n, columns := t.env.Features(), f.Shape("states")[0], t.env.Actions()
	var terminal []byte
	if m.Of == "backward" {
		columns = t.env.BackwardActions()
		if terminal, err = f.Bytes("terminal", n); err != nil {
			return nil, nil, err
		}
	}
	var all []float64
	for i := range n {
		key := string(states[i*width : (i+1)*width])
		if terminal != nil && terminal[i] == 1 {
			key = "terminal " + key
		}
		s, ok := t.states()[key]
		if !ok {
			return nil, nil, fmt.Errorf("state %d is none", i)
		}
		if terminal != nil {
			all = append(all, t.spoilBack(s, t.logBack(s))...)
		} else {
			all = append(all, t.spoil(key, t.logPolicy(s))...)
		}
	}
	t.calls++
	return nil, []trainer.Array{t.spoilRows(all, n, columns)}, nil
}

// states returns the codes of all states by their bytes, with the prefix "terminal " for
// terminal states.
func (t *tabular) states() map[string][]uint64 {
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
			found["terminal "+t.key(at)] = at
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
	list := t.draw(t.root.Stream("sample", t.sampleSeed(m.Seed)), m.N, t.samplesWith())
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
		if t.has("a reward in place of its logarithm") {
			r = math.Exp(r)
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
	if err == nil && !t.has("a step that is not taken") {
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
