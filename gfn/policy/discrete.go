package policy

import (
	"math/bits"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/stream"
)

// Discrete is a softmax policy over the legal actions of a discrete
// environment.
//
// A batch is sampled layer by layer: all trajectories take their t-th step together.
// Since the state graph is graded, equal states of a batch are in the same layer. Each
// distinct state is one row of the network's tape, evaluated once forward and once
// backward however many trajectories visit it.
type Discrete struct {
	env     env.Discrete
	model   network.Model
	heads   network.Heads
	epsilon float64 // of the epsilon-uniform behaviour policy

	batch     objective.Batch
	states    []uint64 // N × Words, each trajectory's current state
	live      []int32  // trajectories of the current layer
	rowOf     []int32  // N: the tape row of each live trajectory's state
	layer     *env.Index
	first     int       // tape row at which the layer begins
	out       []float32 // the layer's output rows
	logCounts []float64 // log n of a number of parents n

	// The following have one element per tape row.
	masks    []uint64  // legal forward actions
	probs    []float64 // P_F(·|s)
	lse      []float64 // log-normalisers of P_F
	flows    []float64 // log F(s), without the learned scalar
	backs    []float64 // P_B(·|s) if it is learned
	backMask []uint64
	backLSE  []float64

	steps []step // of all trajectories, layer by layer
	grad  gradient
	tasks struct{ mask, normalise, centre func(lo, hi int) } // stored so that splitting them allocates nothing
}

// step is one transition of one trajectory.
type step struct {
	traj, row    int32 // the trajectory and its source state's tape row
	child        int32 // the tape row of the state reached, if P_B is learned
	action, back int32
	logPF, logPB float64
}

// NewDiscrete returns the policy that model gives in e. The behaviour policy, which
// samples, takes a uniform legal action with probability epsilon.
func NewDiscrete(e env.Discrete, model network.Model, heads network.Heads, epsilon float64) *Discrete {
	d := &Discrete{env: e, model: model, heads: heads, epsilon: epsilon, layer: env.NewIndex(e.Words())}
	d.tasks.mask, d.tasks.normalise, d.tasks.centre = d.mask, d.normalise, d.centre
	d.logCounts = make([]float64, e.BackwardActions()+1)
	for n := range d.logCounts {
		d.logCounts[n] = fmath.Log(float64(n))
	}
	return d
}

// Params returns the network's parameters and gradient.
func (d *Discrete) Params() *network.Params { return d.model.Params() }

// Tensors returns the network's parameters by name.
func (d *Discrete) Tensors() []network.Tensor { return d.model.Tensors() }

// Terminal returns the terminal state of trajectory n of the last batch: Words()
// words, read only and valid until the next Sample.
func (d *Discrete) Terminal(n int) []uint64 {
	w := d.env.Words()
	return d.states[n*w : (n+1)*w]
}

// Sample draws n trajectories with the behaviour policy. If epsilon is above 0, LogQ
// holds their log-probabilities under it. The batch is valid until the next Sample. Its
// transitions are filled in only if the network has a flow output.
func (d *Discrete) Sample(rng *stream.Stream, n int) *objective.Batch {
	d.begin(n)
	for previous := 0; len(d.live) > 0; {
		out := d.enter()
		d.backwardTerms(previous, out)
		previous = len(d.steps)
		d.act(rng, out)
	}
	if d.heads.Flow {
		d.transitions()
	}
	return &d.batch
}

// begin sets n trajectories to s0 and empties the tape.
func (d *Discrete) begin(n int) {
	b := &d.batch
	for _, v := range []*[]float64{&b.LogPF, &b.LogPB, &b.LogR} {
		*v = resize(*v, n)
		clear(*v)
	}
	b.LogQ = b.LogQ[:0]
	if d.epsilon > 0 {
		b.LogQ = resize(b.LogQ, n)
		clear(b.LogQ)
	}
	w := d.env.Words()
	d.states = resize(d.states, n*w)
	d.rowOf = resize(d.rowOf, n)
	d.live = d.live[:0]
	for i := range n {
		d.env.Reset(d.Terminal(i))
		d.live = append(d.live, int32(i))
	}
	d.model.Reset()
	d.masks, d.probs, d.lse, d.flows = d.masks[:0], d.probs[:0], d.lse[:0], d.flows[:0]
	d.backs, d.backMask, d.backLSE = d.backs[:0], d.backMask[:0], d.backLSE[:0]
	d.steps = d.steps[:0]
}

// enter gives each distinct state of the layer a tape row, runs the network on
// them and normalises its outputs. It returns the layer's output rows.
func (d *Discrete) enter() []float32 {
	first := d.model.Rows()
	d.layer.Reset()
	for _, n := range d.live {
		i, _ := d.layer.Add(d.Terminal(int(n)))
		d.rowOf[n] = int32(first + i)
	}
	rows := d.layer.Len()
	width, actions := d.heads.Width(), d.heads.Actions
	words := env.MaskWords(actions)
	d.first = first
	d.masks = extend(d.masks, rows*words)
	d.Params().Split(rows, worth/actions, d.tasks.mask)
	if m, ok := d.model.(network.Sparing); ok {
		m.Need(d.masks[first*words:], words, actions)
	}
	out := d.model.Forward(d.layer.Codes(), rows)

	d.out = out
	d.probs = extend(d.probs, rows*actions)
	d.lse = extend(d.lse, rows)
	d.Params().Split(rows, worth/actions, d.tasks.normalise)
	if d.heads.Flow {
		for i := range rows {
			d.flows = append(d.flows, float64(out[i*width+d.heads.FlowAt()]))
		}
	}
	if d.heads.Backward > 0 {
		d.enterBackward(out, first, rows)
	}
	return out
}

// worth is how many probabilities of a layer justify one more thread.
const worth = 1 << 12

// mask writes the masks of rows lo ≤ i < hi of the layer.
func (d *Discrete) mask(lo, hi int) {
	words := env.MaskWords(d.heads.Actions)
	masks := d.masks[d.first*words:]
	for i := lo; i < hi; i++ {
		m := masks[i*words : (i+1)*words]
		if d.env.Mask(d.layer.Code(i), m); d.env.Terminal(d.layer.Code(i)) {
			m[0] = 1 // never drawn from; keeps the row's softmax finite
		}
	}
}

// normalise computes the policy of rows lo ≤ i < hi of the layer just entered.
func (d *Discrete) normalise(lo, hi int) {
	width, actions, words := d.heads.Width(), d.heads.Actions, env.MaskWords(d.heads.Actions)
	at := d.first + lo
	vec.SoftmaxRows(d.probs[at*actions:], d.out[lo*width:], width, d.masks[at*words:], words, hi-lo, actions, d.lse[at:])
}

// enterBackward normalises the backward logits of the layer's rows.
func (d *Discrete) enterBackward(out []float32, first, rows int) {
	n, words := d.heads.Backward, env.MaskWords(d.heads.Backward)
	d.backMask = extend(d.backMask, rows*words)
	d.backs = extend(d.backs, rows*n)
	d.backLSE = extend(d.backLSE, rows)
	masks := d.backMask[first*words:]
	for i := range rows {
		d.env.BackwardMask(d.layer.Code(i), masks[i*words:(i+1)*words])
		if first == 0 {
			masks[i*words] = 1 // s0 has no parent; this keeps its row finite
		}
	}
	vec.SoftmaxRows(d.backs[first*n:], out[d.heads.BackwardAt():], d.heads.Width(), masks, words, rows, n, d.backLSE[first:])
}

// backwardTerms adds the learned log P_B to the steps from index previous on, which led
// into the layer just entered.
func (d *Discrete) backwardTerms(previous int, out []float32) {
	if d.heads.Backward == 0 {
		return
	}
	first, width, at := d.model.Rows()-d.layer.Len(), d.heads.Width(), d.heads.BackwardAt()
	for i := previous; i < len(d.steps); i++ {
		s := &d.steps[i]
		s.child = d.rowOf[s.traj]
		logit := out[(int(s.child)-first)*width+at+int(s.back)]
		s.logPB = float64(logit) - d.backLSE[s.child]
		d.batch.LogPB[s.traj] += s.logPB
	}
}

// act takes one step of every live trajectory and drops those that have ended.
func (d *Discrete) act(rng *stream.Stream, out []float32) {
	width, learned := d.heads.Width(), d.heads.Backward > 0
	first := d.model.Rows() - d.layer.Len()
	live := d.live[:0]
	for _, n := range d.live {
		state := d.Terminal(int(n))
		if learned && d.env.Terminal(state) {
			continue // entered only for its backward logits
		}
		row := d.rowOf[n]
		a := d.draw(int(row), rng.Float64(), int(n))
		s := step{traj: n, row: row, action: int32(a)}
		s.logPF = float64(out[(int(row)-first)*width+a]) - d.lse[row]
		d.batch.LogPF[n] += s.logPF
		s.back = int32(d.env.Step(state, a))
		if !learned {
			s.logPB = -d.logCounts[d.env.Parents(state)]
			d.batch.LogPB[n] += s.logPB
		}
		ended := d.env.Terminal(state)
		if ended {
			d.batch.LogR[n] = d.env.LogReward(state)
		}
		if !ended || learned {
			live = append(live, n)
		}
		d.steps = append(d.steps, s)
	}
	d.live = live
}

// draw inverts the behaviour policy's distribution function at u.
func (d *Discrete) draw(row int, u float64, n int) int {
	words := env.MaskWords(d.heads.Actions)
	mask := d.masks[row*words : (row+1)*words]
	p := d.probs[row*d.heads.Actions : (row+1)*d.heads.Actions]
	if d.epsilon == 0 {
		return invert(p, mask, u, 1, 0)
	}
	legal := 0
	for _, m := range mask {
		legal += bits.OnesCount64(m)
	}
	uniform := d.epsilon / float64(legal)
	a := invert(p, mask, u, 1-d.epsilon, uniform)
	d.batch.LogQ[n] += fmath.Log(float64((1-d.epsilon)*p[a]) + uniform)
	return a
}

// invert returns the first legal action whose cumulative probability, with scale·p +
// shift for each action, exceeds u, or else the last one with any probability.
func invert(p []float64, mask []uint64, u, scale, shift float64) int {
	sum, last := 0.0, -1
	for w, m := range mask {
		for ; m != 0; m &= m - 1 {
			a := w<<6 + bits.TrailingZeros64(m)
			q := float64(scale*p[a]) + shift
			if !(q > 0) && last >= 0 {
				continue
			}
			last = a
			if sum += q; u < sum {
				return a
			}
		}
	}
	return last
}

// transitions lays out the steps trajectory by trajectory, for objectives on flows.
func (d *Discrete) transitions() {
	b := &d.batch
	b.Start = resize(b.Start, len(b.LogPF)+1)
	clear(b.Start)
	for i := range d.steps {
		b.Start[d.steps[i].traj+1]++
	}
	for n := 1; n < len(b.Start); n++ {
		b.Start[n] += b.Start[n-1]
	}
	for _, v := range []*[]float64{&b.StepLogPF, &b.StepLogPB, &b.LogF} {
		*v = resize(*v, len(d.steps))
	}
	d.eachStep(func(at int32, s *step) {
		b.StepLogPF[at], b.StepLogPB[at], b.LogF[at] = s.logPF, s.logPB, d.flows[s.row]
	})
}

// eachStep calls f with every step and its position in trajectory order.
func (d *Discrete) eachStep(f func(at int32, s *step)) {
	d.grad.next = append(d.grad.next[:0], d.batch.Start...)
	for i := range d.steps {
		s := &d.steps[i]
		f(d.grad.next[s.traj], s)
		d.grad.next[s.traj]++
	}
}

// resize returns s with length n; its contents are unspecified.
func resize[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// extend returns s with n more elements of unspecified content.
func extend[T any](s []T, n int) []T { return slices.Grow(s, n)[:len(s)+n] }

// Rows returns the number of distinct states in which the last batch took an action.
func (d *Discrete) Rows() int { return d.model.Rows() }
