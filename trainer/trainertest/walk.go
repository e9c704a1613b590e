//go:build unix

package trainertest

import (
	"fmt"
	"math"

	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// A step is one transition of a trajectory, with what the policy says about it.
type step struct {
	key    string
	action int
	log    []float64 // of all actions
	logPB  float64

	backKey string // if the backward policy is learned
	back    int
	logBack []float64
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

// walk follows the actions that choose returns.
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
		st.back = t.env.Step(s, a)
		if t.learned {
			st.backKey, st.logBack = t.backKey(s), t.logBack(s)
			st.logPB = st.logBack[st.back]
		} else {
			st.logPB = -math.Log(float64(t.parents(s, before)))
		}
		w.steps = append(w.steps, st)
	}
	w.logR = t.logReward(s)
	if t.has("an exit action counted twice") {
		last := &w.steps[len(w.steps)-1]
		w.steps = append(w.steps, *last)
		w.steps[len(w.steps)-1].logPB = 0
	}
	return w, nil
}

// draw samples n trajectories.
func (t *tabular) draw(rng *stream.Stream, n int, epsilon float64) []walk {
	list := make([]walk, n)
	for i := range list {
		if t.has("one trajectory again and again") && i > 0 {
			list[i] = list[0]
			continue
		}
		list[i], _ = t.walk(func(_ int, log []float64) int { // its own actions are allowed
			if rng.Float64() < epsilon {
				a := rng.IntN(len(log))
				for math.IsInf(log[a], -1) {
					a = rng.IntN(len(log))
				}
				return a
			}
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

// replay follows the trajectories of a message.
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
