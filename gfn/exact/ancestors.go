package exact

import (
	"fmt"
	"math"
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// MaxTerminalActions is the most actions of a terminal state that Ancestors
// takes: it visits 2^n ancestors.
const MaxTerminalActions = 20

// Ancestors evaluates a policy at single terminal states of an environment
// whose states are too many to enumerate: those of an env.Unordered are the
// subsets of the terminal's n actions, numbered by the bits of the actions
// taken. It reuses its buffers and is used by one goroutine.
type Ancestors struct {
	env     env.Unordered
	learned bool
	n       int
	actions []int
	codes   []uint64  // 2^n states
	order   []int32   // states by number of actions taken
	logPF   []float64 // 2^n × n, of taking action i in a state that lacks it
	logPB   []float64 // 2^n × n, of undoing action i in a state that has it
	back    []uint16  // 2^n × n, the backward action that undoes action i
	logP    []float64 // 2^n
	visits  []float64 // 2^n
	rows    []float64
	terms   []float64
}

// NewAncestors returns an evaluator for e. A backward policy that is not learned
// is the uniform one.
func NewAncestors(e env.Unordered, learnedBackward bool) *Ancestors {
	width := e.Actions()
	if learnedBackward {
		width = max(width, e.BackwardActions())
	}
	return &Ancestors{env: e, learned: learnedBackward, rows: make([]float64, chunk*width)}
}

// Evaluate computes what a TargetSample holds of the terminal state x: exact
// log p_T(x), by dynamic programming over the ancestors of x, and the exact means
// of log p_F and log p_B over the backward policy's trajectories to x.
func (a *Ancestors) Evaluate(p Policy, x []uint64) (TargetSample, error) {
	a.actions = a.env.AppendTerminalActions(a.actions[:0], x)
	if n := len(a.actions); n > MaxTerminalActions {
		return TargetSample{}, fmt.Errorf("%s: a terminal state of %d actions has 2^%d ancestors; at most %d actions can be evaluated exactly", a.env.Kind(), n, n, MaxTerminalActions)
	}
	a.resize(len(a.actions))
	a.states()
	a.forwardPolicy(p)
	s := TargetSample{LogReward: a.env.LogReward(x), LogPT: a.logPT()}
	if a.learned {
		a.backwardPolicy(p)
		s.LogPF, s.LogPB = a.means()
	} else {
		s.LogPF, s.LogPB = a.uniformMeans()
	}
	return s, nil
}

// resize makes room for terminal states of n actions.
func (a *Ancestors) resize(n int) {
	if a.order != nil && a.n == n {
		return
	}
	size, words := 1<<n, a.env.Words()
	a.n = n
	a.codes = make([]uint64, size*words)
	a.logPF, a.logP = make([]float64, size*n), make([]float64, size)
	if a.learned {
		a.logPB, a.back = make([]float64, size*n), make([]uint16, size*n)
		a.visits = make([]float64, size)
	}
	a.order = make([]int32, 0, size)
	widest := 0
	for k := range n + 1 {
		before := len(a.order)
		for s := range size {
			if bits.OnesCount(uint(s)) == k {
				a.order = append(a.order, int32(s))
			}
		}
		widest = max(widest, k*(len(a.order)-before))
	}
	a.terms = make([]float64, widest)
}

// states writes the code of every subset, each by one step from a smaller one.
func (a *Ancestors) states() {
	w := a.env.Words()
	a.env.Reset(a.codes[:w])
	step := func(s, i int) (back int) {
		from := s &^ (1 << i)
		copy(a.codes[s*w:(s+1)*w], a.codes[from*w:(from+1)*w])
		return a.env.Step(a.codes[s*w:(s+1)*w], a.actions[i])
	}
	for s := 1; s < 1<<a.n; s++ {
		if !a.learned {
			step(s, bits.TrailingZeros(uint(s)))
			continue
		}
		for m := uint(s); m != 0; m &= m - 1 {
			i := bits.TrailingZeros(m)
			a.back[s*a.n+i] = uint16(step(s, i))
		}
	}
}

func (a *Ancestors) forwardPolicy(p Policy) {
	w, actions, size := a.env.Words(), a.env.Actions(), 1<<a.n-1 // all but x
	for from := 0; from < size; from += chunk {
		k := min(chunk, size-from)
		rows := a.rows[:k*actions]
		p.LogForward(a.codes[from*w:(from+k)*w], k, rows)
		for r := range k {
			for i, action := range a.actions {
				a.logPF[(from+r)*a.n+i] = rows[r*actions+action]
			}
		}
	}
}

func (a *Ancestors) backwardPolicy(p Policy) {
	w, actions := a.env.Words(), a.env.BackwardActions()
	for from := 1; from < 1<<a.n; from += chunk {
		k := min(chunk, 1<<a.n-from)
		rows := a.rows[:k*actions]
		p.LogBackward(a.codes[from*w:(from+k)*w], k, rows)
		for r := range k {
			s := from + r
			for m := uint(s); m != 0; m &= m - 1 {
				i := bits.TrailingZeros(m)
				a.logPB[s*a.n+i] = rows[r*actions+int(a.back[s*a.n+i])]
			}
		}
	}
}

// logPT is log p_T(x), by dynamic programming from s0.
func (a *Ancestors) logPT() float64 {
	a.logP[0] = 0
	order := a.order[1:]
	for k := 1; len(order) > 0; k++ {
		count := int(binomial(a.n, k))
		layer, terms := order[:count], a.terms[:count*k]
		at := 0
		for _, s := range layer {
			own := terms[at : at : at+k]
			for m := uint(s); m != 0; m &= m - 1 {
				i := bits.TrailingZeros(m)
				from := int(s) &^ (1 << i)
				own = append(own, a.logP[from]+a.logPF[from*a.n+i])
			}
			top := largest(own)
			a.logP[s] = top
			if math.IsInf(top, 0) {
				top = 0
			}
			for i := range own {
				own[i] -= top
			}
			at += k
		}
		vec.Exp(terms, terms)
		for _, s := range layer {
			sum := 0.0
			for _, t := range terms[:k] {
				sum += t
			}
			terms = terms[k:]
			if !math.IsInf(a.logP[s], 0) {
				a.logP[s] += fmath.Log(sum)
			}
		}
		order = order[count:]
	}
	return a.logP[len(a.logP)-1]
}

// uniformMeans are the means of log p_F and log p_B over the n! orders, all equally
// likely: after k steps every subset of size k, then every missing action.
func (a *Ancestors) uniformMeans() (logPF, logPB float64) {
	order := a.order
	for k := range a.n {
		count := int(binomial(a.n, k))
		sum := 0.0
		for _, s := range order[:count] {
			for i := range a.n {
				if s>>i&1 == 0 {
					sum += a.logPF[int(s)*a.n+i]
				}
			}
		}
		logPF += sum / float64(count*(a.n-k))
		logPB -= fmath.Log(float64(k + 1))
		order = order[count:]
	}
	return logPF, logPB
}

// means are the same under the learned backward policy, walked from x down.
func (a *Ancestors) means() (logPF, logPB float64) {
	clear(a.visits)
	a.visits[len(a.visits)-1] = 1
	for s := len(a.visits) - 1; s > 0; s-- {
		if a.visits[s] == 0 {
			continue
		}
		for m := uint(s); m != 0; m &= m - 1 {
			i := bits.TrailingZeros(m)
			from, b := s&^(1<<i), a.logPB[s*a.n+i]
			p := float64(a.visits[s] * fmath.Exp(b))
			if p == 0 {
				continue
			}
			a.visits[from] += p
			logPF += float64(p * a.logPF[from*a.n+i])
			logPB += float64(p * b)
		}
	}
	return logPF, logPB
}

// binomial is n choose k, exact for the n here.
func binomial(n, k int) uint64 {
	b := uint64(1)
	for i := range k {
		b = b * uint64(n-i) / uint64(i+1)
	}
	return b
}
