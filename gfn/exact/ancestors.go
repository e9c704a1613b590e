package exact

import (
	"fmt"
	"math"
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// MaxTerminalActions is the largest number of actions of a terminal state that Ancestors
// accepts; it visits 2^n ancestors.
const MaxTerminalActions = 20

// Ancestors evaluates a policy at single terminal states of an environment with too many
// states to enumerate. The ancestors of a terminal state of an env.Unordered are the
// subsets of its n actions, numbered by the bits of the actions taken. Ancestors reuses
// its buffers; only one goroutine may use it.
type Ancestors struct {
	env     env.Unordered
	learned bool
	n       int
	actions []int
	codes   []uint64  // 2^n states
	order   []int32   // states by number of actions taken
	layers  []int32   // order[layers[k]:layers[k+1]] have taken k actions
	visits  []float64 // 2^n visit probabilities, up to a factor for each layer
	sums    []float64 // n, of log P_F over the steps from each layer towards x
	asked   []uint64  // a chunk of states
	rows    []float64 // the log-probabilities of those states
	terms   []float64 // log-probabilities of the steps towards x
	logs    []float64 // log k for k actions taken

	spread bool // whether Evaluate computes Spread

	// For learned backward policies, and for Spread.
	logPF []float64 // 2^n × n, of taking action i in a state that lacks it
	logPB []float64 // 2^n × n, of undoing action i in a state that has it
	back  []uint16  // 2^n × n, the backward action that undoes action i
}

// NewAncestors returns an evaluator for e. Unless learnedBackward is set, the backward
// policy is uniform.
func NewAncestors(e env.Unordered, learnedBackward bool) *Ancestors {
	width := e.Actions()
	if learnedBackward {
		width = max(width, e.BackwardActions())
	}
	return &Ancestors{
		env:     e,
		learned: learnedBackward,
		asked:   make([]uint64, chunk*e.Words()),
		rows:    make([]float64, chunk*width),
	}
}

// WithSpread makes Evaluate also compute the spread of p_F/p_B, which doubles its time.
func (a *Ancestors) WithSpread() *Ancestors {
	a.spread = true
	return a
}

// Evaluate computes the fields of a TargetSample for the terminal state x: exact log
// p_T(x), by dynamic programming over the ancestors of x, and the exact means of log p_F
// and log p_B over the backward policy's trajectories to x. It returns an error if x has
// more than MaxTerminalActions actions.
func (a *Ancestors) Evaluate(p Policy, x []uint64) (TargetSample, error) {
	a.actions = a.env.AppendTerminalActions(a.actions[:0], x)
	if n := len(a.actions); n > MaxTerminalActions {
		return TargetSample{}, fmt.Errorf("%s: a terminal state of %d actions has 2^%d ancestors; at most %d actions can be evaluated exactly", a.env.Kind(), n, n, MaxTerminalActions)
	}
	a.resize(len(a.actions))
	a.states()
	s := TargetSample{LogReward: a.env.LogReward(x), LogPT: a.forward(p)}
	if a.learned {
		a.backwardPolicy(p)
		s.LogPF, s.LogPB = a.means()
	} else {
		s.LogPF, s.LogPB = a.uniformMeans()
	}
	if a.spread {
		s.Spread = a.relativeVariance(s.LogPT)
	}
	return s, nil
}

// relativeVariance returns E[(p_F/p_B)² | x]/p_T(x)² - 1, by the dynamic programming
// of forward over the squared steps.
func (a *Ancestors) relativeVariance(logPT float64) float64 {
	clear(a.visits)
	a.visits[0] = 1
	all, k, log := uint32(1)<<a.n-1, 0, 0.0
	for from, s := range a.order[:len(a.order)-1] {
		if from == int(a.layers[k+1]) {
			k++
			log += a.rescale(k)
		}
		if a.visits[s] == 0 {
			continue
		}
		for m := all &^ uint32(s); m != 0; m &= m - 1 {
			i := bits.TrailingZeros32(m)
			child := int(s) | 1<<i
			logPB := -a.logs[k+1]
			if a.learned {
				logPB = a.logPB[child*a.n+i]
			}
			a.visits[child] += float64(a.visits[s] * fmath.Exp(float64(2*a.logPF[int(s)*a.n+i])-logPB))
		}
	}
	second := log + fmath.Log(a.visits[all])
	if d := second - float64(2*logPT); d > 0 {
		return fmath.Exp(d) - 1
	}
	return 0
}

// resize makes room for terminal states with n actions.
func (a *Ancestors) resize(n int) {
	if a.order != nil && a.n == n {
		return
	}
	size, words := 1<<n, a.env.Words()
	a.n = n
	a.codes, a.visits = make([]uint64, size*words), make([]float64, size)
	a.sums, a.terms = make([]float64, n), make([]float64, 0, chunk*n)
	if a.learned || a.spread {
		a.logPF = make([]float64, size*n)
	}
	if a.learned {
		a.logPB, a.back = make([]float64, size*n), make([]uint16, size*n)
	}
	a.logs = a.logs[:0]
	for k := range n + 1 {
		a.logs = append(a.logs, fmath.Log(float64(k)))
	}
	a.order, a.layers = make([]int32, 0, size), make([]int32, 0, n+2)
	for k := range n + 1 {
		a.layers = append(a.layers, int32(len(a.order)))
		for s := range size {
			if bits.OnesCount(uint(s)) == k {
				a.order = append(a.order, int32(s))
			}
		}
	}
	a.layers = append(a.layers, int32(size))
}

// states writes the code of every subset, each reached by one step from a smaller one.
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

// forward returns log p_T(x), by dynamic programming from s0, layer by layer. It counts
// step probabilities below e^-745 as 0. It leaves the sums of log P_F in a.sums.
func (a *Ancestors) forward(p Policy) float64 {
	w, actions := a.env.Words(), a.env.Actions()
	clear(a.visits)
	clear(a.sums)
	a.visits[0] = 1
	all, inner, k, log := int32(1)<<a.n-1, a.order[:len(a.order)-1], 0, 0.0
	for from := 0; from < len(inner); from += chunk {
		states := inner[from:min(from+chunk, len(inner))]
		for r, s := range states {
			copy(a.asked[r*w:(r+1)*w], a.codes[int(s)*w:])
		}
		rows := a.rows[:len(states)*actions]
		p.LogForward(a.asked[:len(states)*w], len(states), rows)
		a.steps(states, rows)
		terms := a.terms
		vec.Exp(terms, terms)
		for r, s := range states {
			if from+r == int(a.layers[k+1]) {
				k++
				log += a.rescale(k)
			}
			visit, left := a.visits[s], all&^s
			for i := range terms[:bits.OnesCount32(uint32(left))] {
				a.visits[s|left&-left] += float64(visit * terms[i])
				left &= left - 1
			}
			terms = terms[a.n-k:]
		}
	}
	return log + fmath.Log(a.visits[all])
}

// steps lists log P_F of the steps towards x from a chunk of states and sums them by
// layer.
func (a *Ancestors) steps(states []int32, rows []float64) {
	a.terms = a.terms[:0]
	actions, all := a.env.Actions(), uint32(1)<<a.n-1
	for r, s := range states {
		row, left := rows[r*actions:(r+1)*actions], all&^uint32(s)
		sum := 0.0
		for m := left; m != 0; m &= m - 1 {
			i := bits.TrailingZeros32(m)
			log := row[a.actions[i]]
			a.terms = append(a.terms, log)
			sum += log
			if a.logPF != nil {
				a.logPF[int(s)*a.n+i] = log
			}
		}
		a.sums[a.n-bits.OnesCount32(left)] += sum
	}
}

// rescale divides the visits of layer k by the largest, so that none that matters
// underflows, and returns the log of the largest.
func (a *Ancestors) rescale(k int) float64 {
	top := 0.0
	layer := a.order[a.layers[k]:a.layers[k+1]]
	for _, s := range layer {
		top = max(top, a.visits[s])
	}
	if top == 0 {
		return math.Inf(-1)
	}
	for _, s := range layer {
		a.visits[s] /= top
	}
	return fmath.Log(top)
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

// uniformMeans returns the means of log p_F and log p_B over the n! equally likely
// orders: after k steps every subset of size k is equally likely, and then every missing
// action.
func (a *Ancestors) uniformMeans() (logPF, logPB float64) {
	for k, sum := range a.sums {
		logPF += sum / float64(int(a.layers[k+1]-a.layers[k])*(a.n-k))
		logPB -= fmath.Log(float64(k + 1))
	}
	return logPF, logPB
}

// means returns the same under the learned backward policy, walking down from x.
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
